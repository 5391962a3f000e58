using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>A run began.</summary>
/// <param name="WorkflowType">The author's name for the code.</param>
/// <param name="ExecutionTimeout">For the whole chain of runs; null: none.</param>
/// <param name="RunTimeout">For this run; null: none.</param>
/// <param name="TaskTimeout">For one workflow task.</param>
/// <param name="FirstRunId">First run of the chain.</param>
/// <param name="OriginalRunId">This run's id as it was when it began: a reset keeps it.</param>
/// <param name="ContinuedRunId">Run that this one goes on from; null for the first of a chain.</param>
/// <param name="Initiator">Why it goes on from that; null for the first of a chain.</param>
/// <param name="ContinuedFailure">Why the run before failed.</param>
/// <param name="LastCompletionResult">Result of the last run of the chain that completed.</param>
/// <param name="Attempt">Of a run under a retry policy: 1, 2, 3, …</param>
/// <param name="ExecutionDeadline">End of the time for the chain.</param>
/// <param name="FirstTaskBackoff">Pause before the first workflow task; null: none.</param>
/// <param name="Parent">Workflow that began it as its child, with the event there; null: none.</param>
/// <param name="Headers">What interceptors sent along.</param>
public sealed record WorkflowExecutionStarted(
    string WorkflowType, string TaskQueue, ImmutableArray<Payload> Input, TimeSpan? ExecutionTimeout, TimeSpan? RunTimeout, TimeSpan TaskTimeout,
    string FirstRunId, string OriginalRunId, string? ContinuedRunId, ContinueInitiator? Initiator, Failure? ContinuedFailure,
    ImmutableArray<Payload> LastCompletionResult, int Attempt, DateTimeOffset? ExecutionDeadline, RetryPolicy? RetryPolicy, TimeSpan? FirstTaskBackoff,
    ParentReference? Parent, string Identity, ImmutableSortedDictionary<string, Payload> Memo, ImmutableSortedDictionary<string, Payload> SearchAttributes,
    ImmutableSortedDictionary<string, Payload> Headers) : EventAttributes;

/// <param name="Namespace">Of the parent.</param>
/// <param name="Run">The parent's run.</param>
/// <param name="InitiatedEventId">Event there that asked for the child.</param>
public sealed record ParentReference(string Namespace, WorkflowRunKey Run, long InitiatedEventId);

/// <summary>Why a run goes on from another. Numbers stand in stored records and never change.</summary>
public enum ContinueInitiator
{
    /// <summary>The workflow's code asked for it.</summary>
    Workflow = 1,

    Retry = 2,

    Cron = 3,
}

/// <summary>The workflow's code came to its end.</summary>
/// <param name="TaskCompletedEventId">Task whose commands held it.</param>
/// <param name="NewRunId">Next run of a chain that goes on by itself; null: none.</param>
public sealed record WorkflowExecutionCompleted(ImmutableArray<Payload> Result, long TaskCompletedEventId, string? NewRunId = null) : EventAttributes;

public sealed record WorkflowExecutionFailed(Failure Failure, RetryState RetryState, long TaskCompletedEventId, string? NewRunId = null) : EventAttributes;

public sealed record WorkflowExecutionTimedOut(RetryState RetryState, string? NewRunId = null) : EventAttributes;

public sealed record WorkflowExecutionCanceled(ImmutableArray<Payload> Details, long TaskCompletedEventId) : EventAttributes;

/// <summary>Ended from outside at once; the workflow's code is not asked.</summary>
public sealed record WorkflowExecutionTerminated(string Reason, ImmutableArray<Payload> Details, string Identity) : EventAttributes;

/// <summary>The work goes on in a new run with a history of its own.</summary>
public sealed record WorkflowExecutionContinuedAsNew(
    string NewRunId, string WorkflowType, string TaskQueue, ImmutableArray<Payload> Input, TimeSpan? RunTimeout, TimeSpan TaskTimeout, long TaskCompletedEventId,
    TimeSpan? Backoff, ContinueInitiator Initiator, Failure? Failure, ImmutableArray<Payload> LastCompletionResult,
    ImmutableSortedDictionary<string, Payload> Memo, ImmutableSortedDictionary<string, Payload> SearchAttributes,
    ImmutableSortedDictionary<string, Payload> Headers) : EventAttributes;

/// <summary>Somebody asks the workflow to stop; its code decides how.</summary>
/// <param name="ExternalRun">Workflow that asked; null: a person or program.</param>
public sealed record WorkflowExecutionCancelRequested(string Cause, string Identity, WorkflowRunKey? ExternalRun = null, long? ExternalInitiatedEventId = null) : EventAttributes;

public sealed record WorkflowExecutionSignaled(
    string SignalName, ImmutableArray<Payload> Input, string Identity, ImmutableSortedDictionary<string, Payload> Headers, string? RequestId = null) : EventAttributes;

public sealed record UpsertWorkflowSearchAttributes(long TaskCompletedEventId, ImmutableSortedDictionary<string, Payload> SearchAttributes) : EventAttributes;

/// <param name="UpsertedMemo">An entry without octets takes the old one away.</param>
public sealed record WorkflowPropertiesModified(long TaskCompletedEventId, ImmutableSortedDictionary<string, Payload> UpsertedMemo) : EventAttributes;
