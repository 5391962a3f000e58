using System.Data.Common;
using Microsoft.Extensions.Logging;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>
/// Drives one workflow: what arrived together is decided together, the code runs within the same turn, and all of it is one append.
/// What follows from it (activities, local activities, answers) begins once the append is durable. Lives on its grain's scheduler.
/// </summary>
internal sealed partial class WorkflowDriver : IWarmWorkflow, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly WorkflowServices services;
    private readonly WorkflowAddress address;
    private readonly Action leave;
    private readonly TaskScheduler scheduler;
    private readonly Inbox<WorkflowItem, ItemAnswer> inbox;
    private readonly WorkflowStream stream;
    private readonly WorkflowCode code;
    private readonly WorkflowAttempts attempts;
    private readonly WorkflowLocalSteps localSteps;
    private readonly WorkflowWaiters waiters = new();
    private readonly CancellationTokenSource leaving = new();
    private readonly CancellationToken gone;

    // Made once: a turn needs them every time.
    private readonly Func<string> newId;
    private readonly Func<string, ValueTask<List<HistoryEvent>>> readHistory;

    // What the store has beside the records, as far as it is known: the wake-up, and in whose hands the run is.
    private StoredWake wake;
    private StoredHand hand;

    // What the store has; null: it must be read.
    private WorkflowState? state;
    private bool lookedAfter;

    public WorkflowDriver(WorkflowAddress address, WorkflowServices services, TaskScheduler scheduler, Action leave)
    {
        (this.address, this.services, this.scheduler, this.leave) = (address, services, scheduler, leave);
        gone = leaving.Token;
        newId = () => Guid.CreateVersion7(services.Time.GetUtcNow()).ToString();
        readHistory = ReadHistoryAsync;
        inbox = new(HandleAsync);
        stream = new(services.Store, address, services.Format);
        code = new(services, address, () => _ = Task.Factory.StartNew(GoOnAsync, CancellationToken.None, TaskCreationOptions.None, scheduler));
        attempts = new(services, address, PutAsync, scheduler, gone);
        localSteps = new(services, address, PutAsync, gone);
    }

    public WorkflowStream Stream => stream;

    /// <summary>The committed state; null before the first item.</summary>
    public WorkflowState? State => state;

    public WorkflowWaiters Waiters => waiters;

    /// <summary>Hands an item in; completes when what follows from it is durable.</summary>
    public Task<ItemAnswer> PutAsync(WorkflowItem item) => inbox.PutAsync(item);

    /// <summary>Reads the state if it is not there yet.</summary>
    public async ValueTask<WorkflowState> StateAsync()
    {
        while (state is null)
        {
            await PutAsync(NudgeItem.Instance);
        }

        return state;
    }

    /// <summary>
    /// The state with what is under way: an append may be durable, and known to those whom it told, before this driver hears of it.
    /// Nobody who was told of a run is answered that there is none.
    /// </summary>
    public async ValueTask<WorkflowState> PresentAsync()
    {
        if (inbox.IsBusy)
        {
            await PutAsync(NudgeItem.Instance);
        }

        return await StateAsync();
    }

    void IWarmWorkflow.Leave() => _ = Task.Factory.StartNew(LeaveIfIdle, CancellationToken.None, TaskCreationOptions.None, scheduler);

    public void Dispose()
    {
        if (gone.IsCancellationRequested)
        {
            return;
        }

        services.Warm.Left(this);
        leaving.Cancel();
        waiters.EndAll();
        code.Dispose();
        leaving.Dispose();
    }

    private void LeaveIfIdle()
    {
        if (gone.IsCancellationRequested)
        {
            return;
        }

        if (code.IsBusy || localSteps.Any || inbox.IsBusy)
        {
            services.Warm.Keep(this);
        }
        else if (attempts.Any || waiters.Any)
        {
            code.Drop(); // The grain stays for those who wait; the code is replayed when it has news.
            services.Warm.Keep(this);
        }
        else
        {
            leave();
        }
    }

    private async Task<IReadOnlyList<ItemAnswer>> HandleAsync(IReadOnlyList<WorkflowItem> items)
    {
        var pause = FirstPause;
        while (true)
        {
            gone.ThrowIfCancellationRequested();
            WorkflowTurn? turn = null;
            ItemAnswer[]? answers = null;
            try
            {
                var before = state ??= await LoadAsync();
                turn = new(before, new(services.Time.GetUtcNow(), newId) { Limits = services.Limits });
                answers = await DecideAsync(turn, items);
                if (ToAppend(before, turn) is { } append)
                {
                    // The store itself is waited for: every method more on the way back would cost each step of each workflow a task.
                    var sent = services.Store.AppendAsync(append, gone);
                    await ((Task)sent).ConfigureAwait(WorkflowWaiters.Quietly);
                    var result = sent.IsCompletedSuccessfully ? await sent : null;
                    if (result?.Outcome is null or AppendOutcome.Overloaded)
                    {
                        result = await StreamAppends.AppendAsync(services.Store, append, services.Time, gone, sent);
                    }

                    if (!Stands(turn, result))
                    {
                        GiveUp(turn); // Another activation wrote: its records come first, ours are decided again.
                        continue;
                    }
                }
            }
            catch (Exception failure) when (IsOutage(failure))
            {
                // Whoever handed the items in may not be able to say them again (an activity's result): they stay until the store is back.
                GiveUp(turn);
                services.Logger.LogStoreAway(address, pause.TotalMilliseconds, failure);
                await Task.Delay(pause, services.Time, gone);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                continue;
            }
            catch
            {
                GiveUp(turn);
                throw;
            }

            // Out of reach of what is tried again above: it is durable, and deciding it once more would do it twice.
            Landed(turn);
            return await AnswerAsync(items, answers);
        }
    }

    private async Task<WorkflowState> LoadAsync()
    {
        var (loaded, events) = await stream.LoadAsync(gone);
        (wake, hand) = stream.Version == 0 ? (StoredWake.None, StoredHand.None) : (StoredWake.Unknown, StoredHand.Unknown);
        code.Loaded(loaded.Run?.RunId, events);
        lookedAfter = false;
        return loaded;
    }

    private async ValueTask<ItemAnswer[]> DecideAsync(WorkflowTurn turn, IReadOnlyList<WorkflowItem> items)
    {
        var answers = new ItemAnswer[items.Count];
        code.BeginTurn();
        if (!lookedAfter)
        {
            if (turn.State.Run is { IsOpen: true } run && run.Deadlines.First <= turn.Context.Now)
            {
                turn.Decide(new TimeDue()); // What became due while nobody looked came before what is found now.
            }

            attempts.TakeUpLost(turn);
        }

        // What the code was at, here or in a silo that died, comes before the news: with news waiting it could not end its run, and the task's
        // local activities would be done once more.
        for (var i = 0; i < items.Count; i++)
        {
            answers[i] = items[i] is LocalStepItem ? Take(turn, items[i]) : answers[i];
        }

        await code.RunAsync(turn, readHistory);
        for (var i = 0; i < items.Count; i++)
        {
            answers[i] ??= Take(turn, items[i]);
        }

        await code.RunAsync(turn, readHistory);
        attempts.TakePlaces(turn);
        return answers;
    }

    private ItemAnswer Take(WorkflowTurn turn, WorkflowItem item)
    {
        switch (item)
        {
            case InputItem { Input: var input }:
                return Answer(turn, turn.Decide(input), input);
            case UpdateItem update:
                return TakeUpdate(turn, update);
            case LocalStepItem local when turn.State.Run?.RunId == local.RunId:
                var taken = turn.Decide(new EndLocalStep(local.Encoded, local.RunId));
                if (taken.Refusal is null)
                {
                    code.Ended(local.Step);
                }

                return new(taken.Refusal, local.RunId);
            case PlaceItem place:
                return attempts.TakePlace(turn, place);
            case WakeItem:
                turn.Woken = true;
                turn.Decide(new TimeDue());
                return ItemAnswer.Taken(turn.State.Run?.RunId);
            default:
                return ItemAnswer.Taken(turn.State.Run?.RunId);
        }
    }

    private static ItemAnswer Answer(WorkflowTurn turn, WorkflowDecision decision, WorkflowInput input) => new(decision.Refusal, decision.RunId ?? turn.State.Run?.RunId)
    {
        Replies = decision.Records.IsEmpty ? [.. decision.Effects.OfType<Tell>()] : [],
        CancelRequested = input is AttemptBeat beat && turn.State.Run?.Activities.GetValueOrDefault(beat.ScheduledEventId)?.CancelRequestedEventId > 0,
    };

    private ItemAnswer TakeUpdate(WorkflowTurn turn, UpdateItem item)
    {
        if (item.Start is { } start && turn.Decide(new Start(start with { IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting })).Refusal is { } no)
        {
            return new(no, no.RunId);
        }

        if (WorkflowRules.MayAsk(turn.State, item.Request, item.RunId, code.Updates.Count, turn.Context.Limits) is { } refusal)
        {
            return new(refusal, refusal.RunId);
        }

        var run = turn.State.Run!;
        if (run.Updates.TryGetValue(item.Request.UpdateId, out var known))
        {
            return known.Completed is not null || !run.IsOpen || item.Stage == UpdateStage.Accepted
                ? ItemAnswer.Taken(run.RunId) with { Update = Task.FromResult(WorkflowRules.AnswerOf(run, item.Request.UpdateId, known)) }
                : ItemAnswer.Taken(run.RunId) with { Update = waiters.ForUpdate(item.Request.UpdateId, item.Stage) };
        }

        code.Ask(item.Request);
        return ItemAnswer.Taken(run.RunId) with { Update = waiters.ForUpdate(item.Request.UpdateId, item.Stage) };
    }

    /// <returns>Null when there is nothing to write.</returns>
    private Append? ToAppend(WorkflowState before, WorkflowTurn turn)
    {
        var due = wake.Changes(turn);
        return turn.IsEmpty && due.IsEmpty
            ? null
            : stream.ToAppend(before, turn, Guid.CreateVersion7(turn.Context.Now), due, hand.Changes(stream.Id, turn, services.Incarnation));
    }

    /// <returns>False when another activation wrote: the turn is to be decided again.</returns>
    private bool Stands(WorkflowTurn turn, AppendResult result)
    {
        switch (result.Outcome)
        {
            case AppendOutcome.Landed:
                stream.Landed(turn, result.Head);
                return true;
            case AppendOutcome.StaleHead:
                return false;
            case AppendOutcome.Malformed:
                throw new BatchRefusedException($"The store refused a turn of {address}: {result.Detail}");
            default:
                throw new InvalidOperationException($"The store refused a turn of {address}: {result.Outcome}, {result.Detail}");
        }
    }

    private void Landed(WorkflowTurn turn)
    {
        var first = !lookedAfter;
        (state, lookedAfter) = (turn.State, true);
        wake = wake.Next(turn);
        hand = turn.IsEmpty ? hand : StoredHand.After(turn);
        services.Metrics.Landed(turn);
        code.Written(turn);
        attempts.Begin(turn);
        waiters.Tell(turn);
        if (first || !turn.IsEmpty)
        {
            services.Warm.Touch(this, ended: state.Run is not { IsOpen: true });
        }

        localSteps.Begin(turn); // After the others: a quick one is done before this returns.

        if (code.HasMore(turn))
        {
            _ = GoOnAsync();
        }
    }

    /// <summary>The code had as many tasks as a turn may have: others get theirs in between.</summary>
    private async Task GoOnAsync()
    {
        try
        {
            await PutAsync(NudgeItem.Instance);
        }
        catch (Exception failure) when (!gone.IsCancellationRequested)
        {
            services.Logger.LogLost(address, "its next task", failure);
        }
        catch (OperationCanceledException)
        {
            // It leaves memory; whoever loads it next goes on.
        }
    }

    private void GiveUp(WorkflowTurn? turn)
    {
        attempts.GiveUp(turn);
        state = null;
        code.Drop();
    }

    private async ValueTask<IReadOnlyList<ItemAnswer>> AnswerAsync(IReadOnlyList<WorkflowItem> items, ItemAnswer[] answers)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is QueryItem query)
            {
                answers[i] = state!.Run is { } run
                    ? answers[i] with { Query = await AskAsync(run, query) }
                    : new(new(WorkflowRefusalCode.NotFound, "There is no such workflow."), null);
            }
        }

        return answers;
    }

    /// <summary>A question that fails is nobody else's failure: what came with it is durable.</summary>
    private async ValueTask<QueryAnswer> AskAsync(RunState run, QueryItem query)
    {
        try
        {
            return await code.QueryAsync(run, query, readHistory);
        }
        catch (Exception failure) when (!gone.IsCancellationRequested)
        {
            return new([], new ServerFailure($"The query could not be answered: {failure.Message}", NonRetryable: false));
        }
    }

    private async ValueTask<List<HistoryEvent>> ReadHistoryAsync(string runId) =>
        state?.Run?.RunId == runId ? await stream.HistoryAsync(runId, stream.RunVersion, gone) : [];

    /// <summary>The store is away or cannot say; it will be back.</summary>
    internal static bool IsOutage(Exception failure) => failure is AppendUncertainException or DbException or TimeoutException or IOException;
}
