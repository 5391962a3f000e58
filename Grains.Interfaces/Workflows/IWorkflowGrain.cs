using Svom.Outcomes;

namespace Svom.Workflows;

/// <summary>
/// One workflow id with its runs. Key: <see cref="WorkflowAddress"/>. Whatever is answered as done is durable. Refusals:
/// <see cref="RefusalCode.NotFound"/> when there is no such run or it is closed, <see cref="RefusalCode.Invalid"/> for what breaks a rule,
/// <see cref="RefusalCode.Conflict"/> for an id that is taken or an attempt that is over, <see cref="RefusalCode.Overloaded"/> for a run that takes no more.
/// </summary>
[Alias("svom.workflow")]
public interface IWorkflowGrain : IGrainWithStringKey
{
    /// <summary>Begins a run, or finds it by the same request id or by the conflict policy.</summary>
    [Alias("start")]
    Task<Outcome<WorkflowStarted>> StartAsync(StartWorkflowCall start, CancellationToken cancellationToken);

    /// <summary>Sends a signal to the open run, or to the one that this begins.</summary>
    [Alias("signal-with-start")]
    Task<Outcome<WorkflowStarted>> SignalWithStartAsync(StartWorkflowCall start, SignalWorkflowCall signal, CancellationToken cancellationToken);

    /// <summary>Asks for an update of the open run, or of the one that this begins.</summary>
    [Alias("update-with-start")]
    Task<Outcome<UpdateAnswer>> UpdateWithStartAsync(StartWorkflowCall start, UpdateWorkflowCall update, CancellationToken cancellationToken);

    [Alias("signal")]
    Task<Outcome<WorkflowStarted>> SignalAsync(SignalWorkflowCall signal, CancellationToken cancellationToken);

    [Alias("query")]
    Task<Outcome<QueryResult>> QueryAsync(QueryWorkflowCall query, CancellationToken cancellationToken);

    /// <summary>Asks for an update. Waits at most 20 s for the stage asked for; then the answer says how far it came, and the same call goes on waiting.</summary>
    [Alias("update")]
    Task<Outcome<UpdateAnswer>> UpdateAsync(UpdateWorkflowCall update, CancellationToken cancellationToken);

    [Alias("cancel")]
    Task<Outcome<WorkflowStarted>> CancelAsync(EndWorkflowCall cancel, CancellationToken cancellationToken);

    [Alias("terminate")]
    Task<Outcome<WorkflowStarted>> TerminateAsync(EndWorkflowCall terminate, CancellationToken cancellationToken);

    /// <summary>Waits at most 20 s for the end of a run. Ask again while it is open.</summary>
    /// <param name="runId">Null: the newest run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("result")]
    Task<Outcome<WorkflowEnd>> ResultAsync(string? runId, CancellationToken cancellationToken);

    /// <param name="runId">Null: the newest run.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("describe")]
    Task<Outcome<WorkflowDescription>> DescribeAsync(string? runId, CancellationToken cancellationToken);

    /// <summary>Events of a run after a number, ascending.</summary>
    /// <param name="runId">Null: the newest run.</param>
    /// <param name="after">0 for all.</param>
    /// <param name="max">1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("history")]
    Task<Outcome<WorkflowHistory>> HistoryAsync(string? runId, long after, int max, CancellationToken cancellationToken);

    /// <summary>Ends an attempt of an activity from outside, or gives a sign of life of it.</summary>
    /// <returns>For every kind: whether the activity is asked to stop.</returns>
    [Alias("activity")]
    Task<Outcome<ActivityAnswer>> ActivityAsync(ActivityNewsCall news, CancellationToken cancellationToken);
}

/// <param name="RunId">The run that began, or that took it.</param>
[GenerateSerializer, Immutable, Alias("svom.workflow-started")]
public sealed record WorkflowStarted([property: Id(0)] string RunId);

/// <param name="Result">What the code answered.</param>
/// <param name="Failure">As JSON; empty when it succeeded.</param>
[GenerateSerializer, Immutable, Alias("svom.query-result")]
public sealed record QueryResult([property: Id(0)] PayloadsJson Result, [property: Id(1)] ReadOnlyMemory<byte> Failure);

/// <param name="RunId">The run that was asked.</param>
/// <param name="Stage">How far it came; null: not even accepted yet.</param>
/// <param name="Result">Once it succeeded.</param>
/// <param name="Failure">As JSON: why it was rejected or failed; else empty.</param>
[GenerateSerializer, Immutable, Alias("svom.update-answer")]
public sealed record UpdateAnswer(
    [property: Id(0)] string RunId, [property: Id(1)] UpdateStage? Stage, [property: Id(2)] PayloadsJson Result, [property: Id(3)] ReadOnlyMemory<byte> Failure);

/// <param name="RunId">The run.</param>
/// <param name="Status">As <c>running</c>, <c>completed</c>, <c>failed</c>, <c>canceled</c>, <c>terminated</c>, <c>continuedAsNew</c>, <c>timedOut</c>.</param>
/// <param name="Event">The event that closed it, as JSON; empty while it is open.</param>
/// <param name="NextRunId">The run that goes on from it; null: none.</param>
[GenerateSerializer, Immutable, Alias("svom.workflow-end")]
public sealed record WorkflowEnd(
    [property: Id(0)] string RunId, [property: Id(1)] string Status, [property: Id(2)] ReadOnlyMemory<byte> Event, [property: Id(3)] string? NextRunId);

/// <summary>A run as it stands.</summary>
/// <param name="Status">As in <see cref="WorkflowEnd"/>.</param>
/// <param name="HistoryLength">Events.</param>
/// <param name="HistorySize">Octets, roughly.</param>
/// <param name="Waiting">What it waits for, a line each: open activities with attempt and last failure, timers, children, a failing task.</param>
[GenerateSerializer, Immutable, Alias("svom.workflow-description")]
public sealed record WorkflowDescription(
    [property: Id(0)] string WorkflowId, [property: Id(1)] string RunId, [property: Id(2)] string WorkflowType, [property: Id(3)] string TaskQueue,
    [property: Id(4)] string Status, [property: Id(5)] DateTimeOffset StartedAt, [property: Id(6)] DateTimeOffset? ClosedAt, [property: Id(7)] long HistoryLength,
    [property: Id(8)] long HistorySize, [property: Id(9)] PayloadMapJson Memo, [property: Id(10)] PayloadMapJson SearchAttributes, [property: Id(11)] string[] Waiting);

/// <param name="Events">A JSON array.</param>
/// <param name="Last">Number of its last event; the <c>after</c> of the next call.</param>
/// <param name="More">True when there are further ones.</param>
[GenerateSerializer, Immutable, Alias("svom.workflow-history")]
public sealed record WorkflowHistory([property: Id(0)] string RunId, [property: Id(1)] ReadOnlyMemory<byte> Events, [property: Id(2)] long Last, [property: Id(3)] bool More);

/// <param name="CancelRequested">The activity should stop.</param>
[GenerateSerializer, Immutable, Alias("svom.activity-answer")]
public sealed record ActivityAnswer([property: Id(0)] bool CancelRequested);
