using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What becomes of a child when its parent closes. Numbers stand in stored records and never change.</summary>
public enum ParentClosePolicy
{
    Terminate = 1,
    Abandon = 2,
    RequestCancel = 3,
}

/// <summary>Whether an id that a closed run has may be used again. Numbers as on Temporal's wire.</summary>
public enum WorkflowIdReusePolicy
{
    AllowDuplicate = 1,
    AllowDuplicateFailedOnly = 2,
    RejectDuplicate = 3,
    TerminateIfRunning = 4,
}

/// <summary>What happens when an id's run is open. Numbers as on Temporal's wire.</summary>
public enum WorkflowIdConflictPolicy
{
    Fail = 1,
    UseExisting = 2,
    TerminateExisting = 3,
}

public sealed record StartChildWorkflowExecutionInitiated(
    string Namespace, string WorkflowId, string WorkflowType, string TaskQueue, ImmutableArray<Payload> Input, TimeSpan? ExecutionTimeout, TimeSpan? RunTimeout,
    TimeSpan TaskTimeout, ParentClosePolicy ParentClosePolicy, long TaskCompletedEventId, WorkflowIdReusePolicy IdReusePolicy, RetryPolicy? RetryPolicy,
    ImmutableSortedDictionary<string, Payload> Memo, ImmutableSortedDictionary<string, Payload> SearchAttributes,
    ImmutableSortedDictionary<string, Payload> Headers) : EventAttributes;

/// <summary>Why a child did not begin. Numbers as on Temporal's wire.</summary>
public enum StartChildFailedCause
{
    WorkflowAlreadyExists = 1,
    NamespaceNotFound = 2,
}

public sealed record StartChildWorkflowExecutionFailed(
    string Namespace, string WorkflowId, string WorkflowType, StartChildFailedCause Cause, long InitiatedEventId, long TaskCompletedEventId) : EventAttributes;

public sealed record ChildWorkflowExecutionStarted(
    string Namespace, WorkflowRunKey Run, string WorkflowType, long InitiatedEventId, ImmutableSortedDictionary<string, Payload> Headers) : EventAttributes;

public sealed record ChildWorkflowExecutionCompleted(
    string Namespace, WorkflowRunKey Run, string WorkflowType, long InitiatedEventId, long StartedEventId, ImmutableArray<Payload> Result) : EventAttributes;

public sealed record ChildWorkflowExecutionFailed(
    string Namespace, WorkflowRunKey Run, string WorkflowType, long InitiatedEventId, long StartedEventId, Failure Failure, RetryState RetryState) : EventAttributes;

public sealed record ChildWorkflowExecutionCanceled(
    string Namespace, WorkflowRunKey Run, string WorkflowType, long InitiatedEventId, long StartedEventId, ImmutableArray<Payload> Details) : EventAttributes;

public sealed record ChildWorkflowExecutionTimedOut(
    string Namespace, WorkflowRunKey Run, string WorkflowType, long InitiatedEventId, long StartedEventId, RetryState RetryState) : EventAttributes;

public sealed record ChildWorkflowExecutionTerminated(
    string Namespace, WorkflowRunKey Run, string WorkflowType, long InitiatedEventId, long StartedEventId) : EventAttributes;
