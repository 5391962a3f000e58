using System.Text.Json;
using Orleans.Concurrency;
using Svom.Outcomes;

namespace Svom.Workflows;

/// <summary>One workflow id: its calls become items of the driver, its answers come from the committed state.</summary>
[Reentrant]
internal sealed class WorkflowGrain(WorkflowServices services) : Grain, IWorkflowGrain, IWorkflowMessageGrain, IDisposable
{
    // Below the shortest time limit of a call, 10 s in a cluster. Who waits longer asks again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private WorkflowDriver driver = null!;
    private WorkflowAddress address;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        address = WorkflowAddress.Parse(this.GetPrimaryKeyString());
        driver = new(address, services, TaskScheduler.Current, DeactivateOnIdle);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => driver.Dispose();

    public Task<Outcome<WorkflowStarted>> StartAsync(StartWorkflowCall start, CancellationToken cancellationToken) =>
        ReadAsync(async () => await PutAsync(new Start(await KeepAsync(WorkflowCalls.ToRequest(start), cancellationToken))));

    public Task<Outcome<WorkflowStarted>> SignalWithStartAsync(StartWorkflowCall start, SignalWorkflowCall signal, CancellationToken cancellationToken) =>
        ReadAsync(async () => await PutAsync(
            new Start(await KeepAsync(WorkflowCalls.ToRequest(start), cancellationToken), await KeepAsync(WorkflowCalls.ToInput(signal), cancellationToken))));

    public Task<Outcome<WorkflowStarted>> SignalAsync(SignalWorkflowCall signal, CancellationToken cancellationToken) =>
        ReadAsync(async () => await PutAsync(await KeepAsync(WorkflowCalls.ToInput(signal), cancellationToken)));

    public Task<Outcome<WorkflowStarted>> CancelAsync(EndWorkflowCall cancel, CancellationToken cancellationToken) =>
        PutAsync(new RequestCancel(cancel.Reason, cancel.Identity, cancel.RequestId, cancel.RunId));

    public Task<Outcome<WorkflowStarted>> TerminateAsync(EndWorkflowCall terminate, CancellationToken cancellationToken) =>
        PutAsync(new Terminate(terminate.Reason, [], terminate.Identity, terminate.RunId));

    public Task<Outcome<UpdateAnswer>> UpdateAsync(UpdateWorkflowCall update, CancellationToken cancellationToken) =>
        ReadAsync(() => UpdateAsync(null, update, cancellationToken));

    public Task<Outcome<UpdateAnswer>> UpdateWithStartAsync(StartWorkflowCall start, UpdateWorkflowCall update, CancellationToken cancellationToken) =>
        ReadAsync(async () => await UpdateAsync(await KeepAsync(WorkflowCalls.ToRequest(start), cancellationToken), update, cancellationToken));

    public Task<Outcome<QueryResult>> QueryAsync(QueryWorkflowCall query, CancellationToken cancellationToken) => ReadAsync(() => AskAsync(query, cancellationToken));

    public async Task<Outcome<WorkflowEnd>> ResultAsync(string? runId, CancellationToken cancellationToken)
    {
        var state = await driver.StateAsync();
        if ((state.Run ?? (await driver.PresentAsync()).Run) is not { } newest)
        {
            return NotFound($"There is no workflow '{address.WorkflowId}'.");
        }

        runId ??= newest.RunId;
        if (newest.RunId == runId && newest.IsOpen)
        {
            await driver.Waiters.ForAnEndAsync(Patience, services.Time, cancellationToken);
            newest = driver.State?.Run ?? newest;
        }

        if (newest.RunId == runId)
        {
            return WorkflowCalls.ToEnd(runId, newest.Status, newest.Outcome);
        }

        var events = await PastAsync(runId, cancellationToken);
        return events.Count > 0 && WorkflowIndex.StatusAfter(events[^1].Attributes) is { } status
            ? WorkflowCalls.ToEnd(runId, status, events[^1].Attributes)
            : NotFound($"'{address.WorkflowId}' has no run {runId}.");
    }

    public async Task<Outcome<WorkflowDescription>> DescribeAsync(string? runId, CancellationToken cancellationToken)
    {
        var state = await driver.PresentAsync();
        if (state.Run is { } newest && (runId is null || newest.RunId == runId))
        {
            return WorkflowDescriptions.Of(address, newest);
        }

        var events = runId is null ? [] : await PastAsync(runId, cancellationToken);
        return events.Count > 0 ? WorkflowDescriptions.OfPast(address, runId!, events) : NotFound($"There is no such run of '{address.WorkflowId}'.");
    }

    public async Task<Outcome<WorkflowHistory>> HistoryAsync(string? runId, long after, int max, CancellationToken cancellationToken)
    {
        var state = await driver.PresentAsync();
        runId ??= state.Run?.RunId;
        var events = runId is null ? [] : runId == state.Run?.RunId
            ? await driver.Stream.HistoryAsync(runId, driver.Stream.RunVersion, cancellationToken)
            : await PastAsync(runId, cancellationToken);
        if (events.Count == 0)
        {
            return NotFound($"There is no such run of '{address.WorkflowId}'.");
        }

        var page = events.Where(written => written.Id > after).Take(Math.Clamp(max, 1, 10_000)).ToArray();
        return new WorkflowHistory(runId!, WorkflowCalls.FromEvents(page), page.Length > 0 ? page[^1].Id : after, page.Length > 0 && page[^1].Id < events[^1].Id);
    }

    public Task<Outcome<ActivityAnswer>> ActivityAsync(ActivityNewsCall news, CancellationToken cancellationToken) => ReadAsync(() => TellAsync(news, cancellationToken));

    public async Task<WorkflowReply[]> TakeAsync(byte[] message, CancellationToken cancellationToken)
    {
        var told = WorkflowMessages.Read(message);
        var decision = await driver.PutAsync(new InputItem(WorkflowMessages.Input(told)));
        var replies = told is InputMessage { ReplyTo: { } replyTo }
            ? decision.Replies.Add(WorkflowRules.Answer(replyTo, decision.Refusal))
            : decision.Replies;
        return [.. replies.Select(static reply => new WorkflowReply(new WorkflowAddress(reply.Namespace, reply.WorkflowId).ToString(), WorkflowMessages.Write(reply.Message)))];
    }

    public Task WakeAsync(CancellationToken cancellationToken) => driver.PutAsync(WakeItem.Instance);

    public Task TakeUpAsync(CancellationToken cancellationToken) => driver.PutAsync(NudgeItem.Instance);

    private static Refusal NotFound(string detail) => new(RefusalCode.NotFound, detail);

    /// <summary>What a caller wrote and nobody can read is refused.</summary>
    private async Task<Outcome<T>> ReadAsync<T>(Func<Task<Outcome<T>>> call)
    {
        if (address.Fault() is { } fault)
        {
            return new Refusal(RefusalCode.Invalid, fault);
        }

        try
        {
            return await call();
        }
        catch (JsonException unreadable)
        {
            return new Refusal(RefusalCode.Invalid, $"The call cannot be read: {unreadable.Message}");
        }
        catch (PayloadRefusedException refused)
        {
            return new Refusal(RefusalCode.Invalid, refused.Message);
        }
    }

    private async Task<Outcome<ActivityAnswer>> TellAsync(ActivityNewsCall news, CancellationToken cancellationToken)
    {
        var state = await driver.PresentAsync();
        var activity = state.Run?.Activities.Values.FirstOrDefault(open => open.Scheduled.ActivityId == news.ActivityId);
        if (activity is null || (news.RunId is { } runId && runId != state.Run!.RunId))
        {
            return NotFound($"'{address.WorkflowId}' has no open activity '{news.ActivityId}'.");
        }

        var answer = await driver.PutAsync(new InputItem(await KeepAsync(WorkflowCalls.ToInput(news, activity.ScheduledEventId, state.Run!.RunId), cancellationToken)));
        return answer.Refusal is { } refusal ? WorkflowCalls.ToRefusal(refusal) : new ActivityAnswer(answer.CancelRequested);
    }

    private async Task<Outcome<QueryResult>> AskAsync(QueryWorkflowCall query, CancellationToken cancellationToken)
    {
        var state = await driver.StateAsync();
        if (query.RunId is { } runId && state.Run?.RunId != runId)
        {
            return NotFound($"Only the newest run of '{address.WorkflowId}' can be queried, and {runId} is not it.");
        }

        var input = await services.Payloads.IncomingAsync(WorkflowCalls.ToPayloads(query.Input), cancellationToken);
        var headers = await services.Payloads.IncomingAsync(WorkflowCalls.ToMap(query.Headers), cancellationToken);
        var answer = await driver.PutAsync(new QueryItem(query.QueryName, input, headers));
        if (answer.Refusal is { } refusal)
        {
            return WorkflowCalls.ToRefusal(refusal);
        }

        var failure = answer.Query!.Failure is { } failed ? await services.Payloads.OutgoingAsync(failed, cancellationToken) : null;
        var result = await services.Payloads.OutgoingAsync(answer.Query.Result, cancellationToken);
        return new QueryResult(WorkflowCalls.FromPayloads(result), WorkflowCalls.FromFailure(failure));
    }

    private async Task<Outcome<WorkflowStarted>> PutAsync(WorkflowInput input)
    {
        var answer = await driver.PutAsync(new InputItem(input));
        return answer.Refusal is { } refusal ? WorkflowCalls.ToRefusal(refusal) : new WorkflowStarted(answer.RunId!);
    }

    private async Task<Outcome<UpdateAnswer>> UpdateAsync(StartRequest? start, UpdateWorkflowCall call, CancellationToken cancellationToken)
    {
        var request = await KeepAsync(WorkflowCalls.ToRequest(call), cancellationToken);
        var answer = await driver.PutAsync(new UpdateItem(request, call.Stage, call.RunId, start));
        if (answer.Refusal is { } refusal)
        {
            return WorkflowCalls.ToRefusal(refusal);
        }

        var update = answer.Update!;
        await ((Task)update).WaitAsync(Patience, services.Time, cancellationToken).ConfigureAwait(WorkflowWaiters.Quietly);
        if (update.IsCompletedSuccessfully)
        {
            return WorkflowCalls.ToAnswer(answer.RunId!, await update);
        }

        driver.Waiters.Forget(call.UpdateId, update);
        var known = driver.State?.Run?.Updates.GetValueOrDefault(call.UpdateId);
        return new UpdateAnswer(answer.RunId!, known is null ? null : UpdateStage.Accepted, default, default);
    }

    private async Task<List<HistoryEvent>> PastAsync(string runId, CancellationToken cancellationToken) =>
        await WorkflowIndex.RunAsync(services.Store, address, runId, cancellationToken) is { } row ? await driver.Stream.HistoryAsync(runId, row.Version, cancellationToken) : [];

    /// <summary>Large payloads of a caller go to the content store; their codec is the caller's own affair.</summary>
    private ValueTask<T> KeepAsync<T>(T value, CancellationToken cancellationToken)
        where T : class => services.Payloads.WithoutCodec.OutgoingAsync(value, cancellationToken);
}
