using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Text.Json;
using Svom.Outcomes;

namespace Svom.Workflows;

/// <summary>One workflow, seen by its callers.</summary>
public class WorkflowHandle
{
    internal WorkflowHandle(WorkflowClient client, string id, string? runId) => (Client, Id, RunId) = (client, id, runId);

    public string Id { get; }

    /// <summary>The run that was started; null: whichever is the newest.</summary>
    public string? RunId { get; }

    protected WorkflowClient Client { get; }

    private IWorkflowGrain Grain => Client.Grain(Id);

    /// <summary>Waits for the end of the workflow.</summary>
    /// <param name="followRuns">True: goes on with the runs that follow from it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="WorkflowFailedException">It did not complete.</exception>
    public async Task<TResult> GetResultAsync<TResult>(bool followRuns = true, CancellationToken cancellationToken = default) =>
        Client.Converter.ToResult<TResult>(await ResultAsync(followRuns, cancellationToken));

    /// <inheritdoc cref="GetResultAsync{TResult}(bool, CancellationToken)"/>
    public Task GetResultAsync(bool followRuns = true, CancellationToken cancellationToken = default) => ResultAsync(followRuns, cancellationToken);

    public async Task SignalAsync(string signal, IReadOnlyList<object?> args, CancellationToken cancellationToken = default) =>
        _ = WorkflowClient.Value(await Grain.SignalAsync(new(signal, await Client.EncodeAsync(args, cancellationToken), RunId, Identity: Client.Identity), cancellationToken));

    /// <exception cref="WorkflowQueryFailedException">The code could not answer.</exception>
    public async Task<TResult> QueryAsync<TResult>(string query, IReadOnlyList<object?> args, CancellationToken cancellationToken = default)
    {
        var answer = WorkflowClient.Value(await Grain.QueryAsync(new(query, await Client.EncodeAsync(args, cancellationToken), RunId), cancellationToken));
        if (!answer.Failure.IsEmpty)
        {
            var failure = await Client.DecodeFailureAsync(answer.Failure, cancellationToken);
            throw new WorkflowQueryFailedException(failure.Message, failure);
        }

        return Client.Converter.ToResult<TResult>(await Client.DecodeAsync(WorkflowCalls.ToPayloads(answer.Result), cancellationToken));
    }

    /// <param name="updateId">Makes a repeat the same update; null: each call is one of its own.</param>
    /// <exception cref="WorkflowUpdateFailedException">It was rejected, or its handler failed.</exception>
    public async Task<TResult> ExecuteUpdateAsync<TResult>(string update, IReadOnlyList<object?> args, string? updateId = null, CancellationToken cancellationToken = default)
    {
        var call = await Client.UpdateCallAsync(update, args, updateId, UpdateStage.Completed, RunId, cancellationToken);
        var answer = WorkflowClient.Value(await Grain.UpdateAsync(call, cancellationToken));
        return Client.Converter.ToResult<TResult>(await AnswerAsync(answer, call, cancellationToken));
    }

    /// <summary>Asks for an update and waits until it is accepted.</summary>
    /// <returns>The update's id, with which <see cref="ExecuteUpdateAsync{TResult}"/> waits for its answer.</returns>
    public async Task<string> StartUpdateAsync(string update, IReadOnlyList<object?> args, string? updateId = null, CancellationToken cancellationToken = default)
    {
        var call = await Client.UpdateCallAsync(update, args, updateId, UpdateStage.Accepted, RunId, cancellationToken);
        var answer = WorkflowClient.Value(await Grain.UpdateAsync(call, cancellationToken));
        while (answer.Stage is null && answer.Failure.IsEmpty)
        {
            answer = WorkflowClient.Value(await Grain.UpdateAsync(call, cancellationToken));
        }

        return answer.Failure.IsEmpty ? call.UpdateId : throw new WorkflowUpdateFailedException(await Client.DecodeFailureAsync(answer.Failure, cancellationToken));
    }

    public async Task CancelAsync(string reason = "", CancellationToken cancellationToken = default) =>
        _ = WorkflowClient.Value(await Grain.CancelAsync(new(reason, RunId, null, Client.Identity), cancellationToken));

    public async Task TerminateAsync(string reason = "", CancellationToken cancellationToken = default) =>
        _ = WorkflowClient.Value(await Grain.TerminateAsync(new(reason, RunId, null, Client.Identity), cancellationToken));

    public async Task<WorkflowDescription> DescribeAsync(CancellationToken cancellationToken = default) =>
        WorkflowClient.Value(await Grain.DescribeAsync(RunId, cancellationToken));

    /// <summary>All events of the run, with payloads as they are kept.</summary>
    public async Task<ImmutableArray<HistoryEvent>> FetchHistoryAsync(CancellationToken cancellationToken = default)
    {
        const int Page = 1_000;
        var events = ImmutableArray.CreateBuilder<HistoryEvent>();
        WorkflowHistory page;
        do
        {
            page = WorkflowClient.Value(await Grain.HistoryAsync(RunId, events.Count, Page, cancellationToken));
            events.AddRange(JsonSerializer.Deserialize(page.Events.Span, WorkflowJson.Default.HistoryEventArray)!);
        }
        while (page.More);

        return events.ToImmutable();
    }

    internal async Task<ImmutableArray<Payload>> AnswerAsync(UpdateAnswer answer, UpdateWorkflowCall call, CancellationToken cancellationToken)
    {
        while (answer.Stage != UpdateStage.Completed && answer.Failure.IsEmpty)
        {
            answer = WorkflowClient.Value(await Grain.UpdateAsync(call with { RunId = answer.RunId }, cancellationToken));
        }

        return answer.Failure.IsEmpty
            ? await Client.DecodeAsync(WorkflowCalls.ToPayloads(answer.Result), cancellationToken)
            : throw new WorkflowUpdateFailedException(await Client.DecodeFailureAsync(answer.Failure, cancellationToken));
    }

    private async Task<ImmutableArray<Payload>> ResultAsync(bool followRuns, CancellationToken cancellationToken)
    {
        for (var runId = RunId; ;)
        {
            var end = WorkflowClient.Value(await Grain.ResultAsync(runId, cancellationToken));
            if (end.Event.IsEmpty)
            {
                runId = end.RunId;
            }
            else if (end.NextRunId is { } next && followRuns)
            {
                runId = next;
            }
            else
            {
                return await ResultOfAsync(end, cancellationToken);
            }
        }
    }

    private async Task<ImmutableArray<Payload>> ResultOfAsync(WorkflowEnd end, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize(end.Event.Span, WorkflowJson.Default.EventAttributes) switch
        {
            WorkflowExecutionCompleted completed => await Client.DecodeAsync(completed.Result, cancellationToken),
            WorkflowExecutionFailed failed => throw new WorkflowFailedException(Id, end.RunId, await Client.DecodeAsync(failed.Failure, cancellationToken)),
            WorkflowExecutionCanceled canceled => throw new WorkflowFailedException(
                Id, end.RunId, await Client.DecodeAsync(new CancelledFailure("The workflow was cancelled.", canceled.Details), cancellationToken)),
            WorkflowExecutionTerminated terminated => throw new WorkflowFailedException(Id, end.RunId, new TerminatedFailureException(terminated.Reason)),
            WorkflowExecutionTimedOut => throw new WorkflowFailedException(Id, end.RunId, new TimeoutFailureException("The workflow took longer than it may.", TimeoutKind.StartToClose)),
            WorkflowExecutionContinuedAsNew next => throw new WorkflowContinuedAsNewException(next.NewRunId),
            _ => throw new InvalidDataException($"Run {end.RunId} of '{Id}' ended with an event of an unknown kind."),
        };
}

/// <summary>One workflow of a known class.</summary>
public class WorkflowHandle<TWorkflow> : WorkflowHandle
{
    internal WorkflowHandle(WorkflowClient client, string id, string? runId) : base(client, id, runId)
    {
    }

    public Task SignalAsync(Expression<Func<TWorkflow, Task>> signal, CancellationToken cancellationToken = default)
    {
        var call = ExpressionCalls.Of(signal);
        return SignalAsync(WorkflowNames.Signal(call.Method), call.Arguments, cancellationToken);
    }

    /// <param name="query">A method, or a property.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TResult> QueryAsync<TResult>(Expression<Func<TWorkflow, TResult>> query, CancellationToken cancellationToken = default)
    {
        var (member, arguments) = ExpressionCalls.OfQuery(query);
        return QueryAsync<TResult>(WorkflowNames.Query(member), arguments, cancellationToken);
    }

    public Task<TResult> ExecuteUpdateAsync<TResult>(Expression<Func<TWorkflow, Task<TResult>>> update, string? updateId = null, CancellationToken cancellationToken = default)
    {
        var call = ExpressionCalls.Of(update);
        return ExecuteUpdateAsync<TResult>(WorkflowNames.Update(call.Method), call.Arguments, updateId, cancellationToken);
    }

    public Task ExecuteUpdateAsync(Expression<Func<TWorkflow, Task>> update, string? updateId = null, CancellationToken cancellationToken = default)
    {
        var call = ExpressionCalls.Of(update);
        return ExecuteUpdateAsync<object?>(WorkflowNames.Update(call.Method), call.Arguments, updateId, cancellationToken);
    }
}

/// <summary>One workflow of a known class with a known result.</summary>
public sealed class WorkflowHandle<TWorkflow, TResult> : WorkflowHandle<TWorkflow>
{
    internal WorkflowHandle(WorkflowClient client, string id, string? runId) : base(client, id, runId)
    {
    }

    /// <inheritdoc cref="WorkflowHandle.GetResultAsync{TResult}(bool, CancellationToken)"/>
    public Task<TResult> GetResultAsync(CancellationToken cancellationToken = default) => GetResultAsync<TResult>(true, cancellationToken);
}

/// <summary>An activity that is completed from elsewhere.</summary>
public sealed class AsyncActivityHandle
{
    private readonly WorkflowClient client;
    private readonly ActivityToken token;

    internal AsyncActivityHandle(WorkflowClient client, ActivityToken token) => (this.client, this.token) = (client, token);

    public async Task CompleteAsync(object? result = null, CancellationToken cancellationToken = default) =>
        await TellAsync(ActivityNewsKind.Completed, await client.EncodeAsync([result], cancellationToken), default, cancellationToken);

    public Task FailAsync(Exception failure, CancellationToken cancellationToken = default) =>
        TellAsync(ActivityNewsKind.Failed, default, WorkflowCalls.FromFailure(FailureConverter.ToFailure(failure, client.Converter)), cancellationToken);

    public async Task ReportCancellationAsync(IReadOnlyList<object?> details, CancellationToken cancellationToken = default) =>
        await TellAsync(ActivityNewsKind.Canceled, await client.EncodeAsync(details, cancellationToken), default, cancellationToken);

    /// <returns>True when the activity is asked to stop.</returns>
    public async Task<bool> HeartbeatAsync(IReadOnlyList<object?> details, CancellationToken cancellationToken = default) =>
        (await TellAsync(ActivityNewsKind.Heartbeat, await client.EncodeAsync(details, cancellationToken), default, cancellationToken)).CancelRequested;

    private async Task<ActivityAnswer> TellAsync(ActivityNewsKind kind, PayloadsJson said, ReadOnlyMemory<byte> failure, CancellationToken cancellationToken) =>
        WorkflowClient.Value(await client.Grain(token.Workflow).ActivityAsync(
            new(token.RunId, token.ActivityId, token.Attempt, kind, said, failure, client.Identity), cancellationToken));
}
