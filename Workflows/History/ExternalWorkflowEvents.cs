using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>Why a word to another workflow did not reach it. Numbers as on Temporal's wire.</summary>
public enum ExternalFailedCause
{
    WorkflowNotFound = 1,
    NamespaceNotFound = 2,
    SignalCountLimitExceeded = 3,
}

/// <param name="WorkflowId">The other workflow.</param>
/// <param name="RunId">Its run; null: the one that is open.</param>
public sealed record RequestCancelExternalWorkflowExecutionInitiated(
    string Namespace, string WorkflowId, string? RunId, bool ChildOnly, string Reason, long TaskCompletedEventId) : EventAttributes;

public sealed record RequestCancelExternalWorkflowExecutionFailed(
    string Namespace, string WorkflowId, string? RunId, ExternalFailedCause Cause, long InitiatedEventId, long TaskCompletedEventId) : EventAttributes;

public sealed record ExternalWorkflowExecutionCancelRequested(string Namespace, string WorkflowId, string? RunId, long InitiatedEventId) : EventAttributes;

public sealed record SignalExternalWorkflowExecutionInitiated(
    string Namespace, string WorkflowId, string? RunId, string SignalName, ImmutableArray<Payload> Input, bool ChildOnly, long TaskCompletedEventId,
    ImmutableSortedDictionary<string, Payload> Headers) : EventAttributes;

public sealed record SignalExternalWorkflowExecutionFailed(
    string Namespace, string WorkflowId, string? RunId, ExternalFailedCause Cause, long InitiatedEventId, long TaskCompletedEventId) : EventAttributes;

public sealed record ExternalWorkflowExecutionSignaled(string Namespace, string WorkflowId, string? RunId, long InitiatedEventId) : EventAttributes;
