namespace Svom.Workflows;

/// <summary>The workflow's code has news to look at.</summary>
/// <param name="StartToClose">Time it may take.</param>
/// <param name="Attempt">1, 2, 3, …; from the second on it is written only once it has completed.</param>
public sealed record WorkflowTaskScheduled(string TaskQueue, TimeSpan StartToClose, int Attempt) : EventAttributes;

/// <param name="RequestId">Of the poll that took it: asked again, it is the same start.</param>
/// <param name="HistorySize">Octets of the history so far.</param>
/// <param name="SuggestContinueAsNew">True when the history is long.</param>
public sealed record WorkflowTaskStarted(long ScheduledEventId, string Identity, string RequestId, long HistorySize, bool SuggestContinueAsNew) : EventAttributes;

/// <param name="SdkMetadata">What the kit that ran it recorded of itself, kept octet by octet: it steers replay.</param>
public sealed record WorkflowTaskCompleted(long ScheduledEventId, long StartedEventId, string Identity, ReadOnlyMemory<byte> SdkMetadata = default) : EventAttributes
{
    /// <summary>By content.</summary>
    public bool Equals(WorkflowTaskCompleted? other) =>
        other is not null && ScheduledEventId == other.ScheduledEventId && StartedEventId == other.StartedEventId
        && string.Equals(Identity, other.Identity, StringComparison.Ordinal) && SdkMetadata.Span.SequenceEqual(other.SdkMetadata.Span);

    public override int GetHashCode() => HashCode.Combine(ScheduledEventId, StartedEventId, Identity);
}

public sealed record WorkflowTaskTimedOut(long ScheduledEventId, long StartedEventId, TimeoutKind Kind) : EventAttributes;

public sealed record WorkflowTaskFailed(long ScheduledEventId, long StartedEventId, WorkflowTaskFailedCause Cause, Failure? Failure, string Identity) : EventAttributes;

/// <summary>Why a workflow task failed: numbers as on Temporal's wire; they never change.</summary>
public enum WorkflowTaskFailedCause
{
    UnhandledCommand = 1,
    BadScheduleActivityAttributes = 2,
    BadRequestCancelActivityAttributes = 3,
    BadStartTimerAttributes = 4,
    BadCancelTimerAttributes = 5,
    BadRecordMarkerAttributes = 6,
    BadCompleteWorkflowExecutionAttributes = 7,
    BadFailWorkflowExecutionAttributes = 8,
    BadCancelWorkflowExecutionAttributes = 9,
    BadRequestCancelExternalWorkflowExecutionAttributes = 10,
    BadContinueAsNewAttributes = 11,
    StartTimerDuplicateId = 12,
    ResetStickyTaskQueue = 13,
    WorkflowWorkerUnhandledFailure = 14,
    BadSignalWorkflowExecutionAttributes = 15,
    BadStartChildExecutionAttributes = 16,
    ForceCloseCommand = 17,
    FailoverCloseCommand = 18,
    BadSignalInputSize = 19,
    ResetWorkflow = 20,
    BadBinary = 21,
    ScheduleActivityDuplicateId = 22,
    BadSearchAttributes = 23,
    NonDeterministicError = 24,
    BadModifyWorkflowPropertiesAttributes = 25,
    PendingChildWorkflowsLimitExceeded = 26,
    PendingActivitiesLimitExceeded = 27,
    PendingSignalsLimitExceeded = 28,
    PendingRequestCancelLimitExceeded = 29,
    BadUpdateWorkflowExecutionMessage = 30,
    UnhandledUpdate = 31,
    PayloadsTooLarge = 37,
}
