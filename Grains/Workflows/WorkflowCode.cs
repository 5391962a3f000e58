using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Svom.Workflows;

/// <summary>
/// The code of a workflow's newest run, and how far it has come. It runs within a turn: what it wants is decided in the same turn
/// that holds its news. When a turn is thrown away the code is too, and is replayed from what the store has.
/// </summary>
internal sealed class WorkflowCode(WorkflowServices services, WorkflowAddress address, Action nudge) : IDisposable
{
    // A task that completes schedules the next when news came meanwhile; without an end to that, a workflow could hold its turn for ever.
    private const int TasksATurn = 100;

    private readonly List<LocalStep> ended = [];
    private List<UpdateRequest> asked = [];
    private IWorkflowInstance? instance;
    private string? runId;

    // Events of the run that the instance has not been given, all of them for one that is yet to be made; null: they must be read.
    private List<HistoryEvent>? unseen;

    // Events of the present turn that are among them or were given.
    private int taken;
    private bool taskOpen;
    private bool localOpen;

    // Where the begun task's records stand in its turn, when it may leave no trace.
    private (WorkflowTurn Turn, int Mark, WorkflowState Before)? traceless;

    /// <summary>Updates that wait to be asked, in the order of their coming.</summary>
    public List<UpdateRequest> Updates { get; } = [];

    /// <summary>What a load found: all events of the newest run.</summary>
    public void Loaded(string? run, List<HistoryEvent> events)
    {
        Drop();
        (runId, unseen) = (run, events);
    }

    /// <summary>Lets the instance go; the next task replays.</summary>
    public void Drop()
    {
        instance?.Dispose();
        (instance, unseen, taken, taskOpen, localOpen) = (null, null, 0, false, false);
        ended.Clear();
        Updates.InsertRange(0, asked);
        asked = [];
    }

    public void Dispose() => Drop();

    /// <summary>Takes an update in, to be asked with the next task. One that waits already is not asked twice.</summary>
    public void Ask(UpdateRequest update)
    {
        if (!Updates.Exists(waiting => waiting.UpdateId == update.UpdateId) && !asked.Exists(waiting => waiting.UpdateId == update.UpdateId))
        {
            Updates.Add(update);
        }
    }

    /// <summary>A turn is durable: what it wrote and the code has not been given waits for the next task.</summary>
    public void Written(WorkflowTurn turn)
    {
        if (instance is not null || unseen is not null)
        {
            (unseen ??= []).AddRange(CollectionsMarshal.AsSpan(turn.Events)[taken..]);
        }
    }

    /// <summary>A local activity ended, and the turn says so; the code hears of it when it runs next.</summary>
    public void Ended(LocalStep step) => ended.Add(step);

    /// <summary>A turn begins, with no events yet.</summary>
    public void BeginTurn() => taken = 0;

    /// <summary>Runs the code as far as it comes.</summary>
    /// <param name="turn">Takes what it wants.</param>
    /// <param name="read">Reads all events of a run as the store has them: none of one that this turn begins.</param>
    public async ValueTask RunAsync(WorkflowTurn turn, Func<string, ValueTask<List<HistoryEvent>>> read)
    {
        for (var n = 0; turn.Octets < turn.Context.Limits.TaskOctets; n++) // What is beyond is the next turn's: an append takes only so much.
        {
            if (n == TasksATurn)
            {
                services.Logger.LogRestless(address);
                return;
            }

            if (turn.State.Run is not { IsOpen: true, InProcess: true } run)
            {
                Close();
                return;
            }

            if (runId != run.RunId)
            {
                Drop();
                runId = run.RunId;
            }

            if (taskOpen ? !HasReasonToGoOn(run) : !HasTask(run, turn.Context.Now))
            {
                return;
            }

            var step = taskOpen ? GoOn() : await BeginAsync(turn, read);
            await TakeAsync(turn, step);
        }
    }

    /// <summary>True when a durable turn ended before the code had all that it could: it had as many tasks, or wrote as much, as a turn may.</summary>
    public bool HasMore(WorkflowTurn turn) =>
        turn.State.Run is { IsOpen: true, InProcess: true } run && (taskOpen ? HasReasonToGoOn(run) : HasTask(run, turn.Context.Now));

    /// <summary>Asks the code as it stands. A closed or cold run is replayed for it.</summary>
    public async ValueTask<QueryAnswer> QueryAsync(RunState run, QueryItem query, Func<string, ValueTask<List<HistoryEvent>>> read)
    {
        if (instance is { } warm && runId == run.RunId)
        {
            return warm.Query(query.Name, query.Input, query.Headers);
        }

        var events = await read(run.RunId);
        var seen = SeenHistory.Length(events);
        if (seen == 0)
        {
            return new([], new ApplicationFailure("The code of the run has not run yet.", "NotRunYet", false, ImmutableArray<Payload>.Empty));
        }

        var (replayed, failed) = await ReplayAsync(run, events[..seen]);
        using (replayed)
        {
            return failed is null ? replayed!.Query(query.Name, query.Input, query.Headers) : new([], failed.Failure);
        }
    }

    /// <summary>True when the code may wait for something that this process alone knows: then it must not leave memory.</summary>
    public bool IsBusy => taskOpen || localOpen || Updates.Count > 0;

    private static bool IsReady(WorkflowTaskState task, DateTimeOffset now) => task.NotBefore is not { } at || at <= now;

    private bool HasTask(RunState run, DateTimeOffset now) =>
        run.Task is { } task ? IsReady(task, now) : run.FirstTaskAt is null && (localOpen || instance is { IsBlamed: true } || Updates.Count > 0);

    // The task goes on with the ends of its local activities; news ends it early, so that the code hears of it.
    private bool HasReasonToGoOn(RunState run) => ended.Count > 0 || run.Buffered.Count > 0 || Updates.Count > 0;

    private TaskTurn GoOn()
    {
        var step = ended.Count > 0 ? instance!.EndLocalStep(ended[0]) : new([], [], true, null);
        for (var i = 1; i < ended.Count && step is { Failed: null }; i++)
        {
            var next = instance!.EndLocalStep(ended[i]);
            step = next with { ToRun = step.ToRun.AddRange(next.ToRun), ToStop = step.ToStop.AddRange(next.ToStop) };
        }

        ended.Clear();
        return step;
    }

    private async ValueTask<TaskTurn> BeginAsync(WorkflowTurn turn, Func<string, ValueTask<List<HistoryEvent>>> read)
    {
        var run = turn.State.Run!;
        if (services.Registry.Workflow(run.Started.WorkflowType) is not { } definition)
        {
            turn.Decide(new BeginTask(services.Incarnation, services.Incarnation, InProcess: true));
            return new([], [], false, new(services.Incarnation, WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, Unknown(run.Started.WorkflowType)));
        }

        var news = unseen ?? (instance is null ? await read(run.RunId) : []);
        news.AddRange(CollectionsMarshal.AsSpan(turn.Events)[taken..]);
        taken = turn.Events.Count;
        traceless = run.Task is null ? (turn, turn.Records.Count, turn.State) : null;
        turn.Decide(new BeginTask(services.Incarnation, services.Incarnation, InProcess: true));
        var task = turn.State.Run!.Task!;

        // The task's own beginning is no news: the code hears of it with the next task.
        var own = news.FindIndex(written => written.Id == task.StartedEventId);
        unseen = own >= 0 ? news[own..] : [];
        news = own >= 0 ? news[..own] : news;
        if (instance is null)
        {
            instance = WorkflowInstance.Create(definition, Identity(run), services.Converter);
            instance.WhenBlamed = nudge;
        }

        asked = task.Asked.IsEmpty ? [.. Updates] : [.. task.Asked]; // Those of a task that a dead silo began come again alone, as they came then.
        Updates.RemoveAll(update => asked.Exists(one => one.UpdateId == update.UpdateId));
        ended.Clear();
        taskOpen = true;
        try
        {
            return instance.Begin(new(
                await DecodeAsync(news), task.Begun!.At, task.StartedEventId, task.Begun.HistorySize, task.Begun.SuggestContinueAsNew,
                await DecodeAsync(turn.State.Run.LocalSteps), await DecodeAsync(asked)));
        }
        catch (Exception unreadable) when (unreadable is not OperationCanceledException && !WorkflowDriver.IsOutage(unreadable))
        {
            return Unusable(unreadable);
        }
    }

    private async ValueTask TakeAsync(WorkflowTurn turn, TaskTurn step)
    {
        var run = turn.State.Run!;
        turn.LocalToRun.AddRange(step.ToRun.AsSpan());
        turn.LocalToStop.AddRange(step.ToStop.AsSpan());
        if (step.Failed is { } failed)
        {
            services.Logger.LogTaskFailed(address, run.RunId, run.Started.WorkflowType, run.Task!.Attempt, failed.Failure.Message);
            turn.Decide(new FinishTask(await EncodeAsync(failed with { Identity = services.Incarnation }), []));
            Drop();
            return;
        }

        if (step is { Waits: true, Asks: false } && !HasReasonToGoOn(run))
        {
            localOpen = true;
            if (run.Task is { Speculative: true } || (asked.Count > 0 && run.Task!.Asked.IsEmpty))
            {
                turn.Decide(new KeepTask { Asked = [.. asked] }); // Local activities have effects: from here on the task leaves a trace.
            }

            return;
        }

        var done = instance!.Finish() with { Identity = services.Incarnation };
        TaskOutcome outcome;
        try
        {
            outcome = await EncodeAsync(done);
        }
        catch (Exception unusable) when (unusable is not OperationCanceledException && !WorkflowDriver.IsOutage(unusable))
        {
            outcome = Unusable(unusable).Failed!;
        }

        var decision = turn.Decide(new FinishTask(outcome, [.. asked]));
        var answered = asked;
        (taskOpen, localOpen, asked) = (false, done.LocalWork, []);
        if (traceless is { } began && began.Turn == turn && outcome is TaskDone && turn.Records.Skip(began.Mark).All(static record => record is TaskScheduled or TaskBegun or TaskEnded))
        {
            turn.Forget(began.Mark, began.Before);
        }
        else if (!decision.Records.Any(static record => record is EventRecorded { Event.Attributes: WorkflowTaskCompleted }))
        {
            asked = answered; // The rules did not take it: the code has come further than its history, and is asked again.
            Drop();
        }
    }

    private void Close()
    {
        instance?.Dispose();
        (instance, taskOpen, localOpen) = (null, false, false);
        ended.Clear();
        Updates.Clear();
        (asked, unseen) = ([], null);
    }

    private async ValueTask<TaskOutcome> EncodeAsync(TaskOutcome outcome) => await services.Payloads.OutgoingAsync(outcome, CancellationToken.None);

    /// <summary>As the code sees them; the same list when nothing has to be decoded.</summary>
    private async ValueTask<IReadOnlyList<T>> DecodeAsync<T>(IReadOnlyList<T> values)
        where T : class
    {
        T[]? decoded = null;
        for (var i = 0; i < values.Count; i++)
        {
            var value = await services.Payloads.IncomingAsync(values[i], CancellationToken.None);
            if (!ReferenceEquals(value, values[i]))
            {
                (decoded ??= [.. values])[i] = value;
            }
        }

        return decoded ?? values;
    }

    /// <summary>Replays a run without a task of its own, to look at it.</summary>
    private async ValueTask<(IWorkflowInstance? Instance, TaskFailed? Failed)> ReplayAsync(RunState run, List<HistoryEvent> events)
    {
        if (services.Registry.Workflow(run.Started.WorkflowType) is not { } definition)
        {
            return (null, new(services.Incarnation, WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, Unknown(run.Started.WorkflowType)));
        }

        var looked = WorkflowInstance.Create(definition, Identity(run), services.Converter);
        var step = looked.Begin(new(await DecodeAsync(events), run.LastEventAt, run.NextEventId, run.HistorySize, false, [], []));
        return (looked, step.Failed);
    }

    /// <summary>A payload could not be read or kept: the author's codec, or content that is not there. The task fails and is tried again.</summary>
    private TaskTurn Unusable(Exception cause) => new(
        [], [], false,
        new(services.Incarnation, WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, new ApplicationFailure(cause.Message, cause.GetType().Name, false, ImmutableArray<Payload>.Empty)));

    private RunIdentity Identity(RunState run) => new(address.Namespace, new(address.WorkflowId, run.RunId), run.Started.TaskQueue);

    private static ApplicationFailure Unknown(string type) => new($"This silo knows no workflow '{type}'.", "UnknownWorkflow", false, ImmutableArray<Payload>.Empty);
}
