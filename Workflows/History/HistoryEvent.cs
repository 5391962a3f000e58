using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>
/// One line of a run's history: numbered from 1 without gaps, exported, and shown to every viewer. The list of kinds follows
/// Temporal's event by event, so that its tools and kits read ours.
/// </summary>
/// <param name="Id">1, 2, 3, …; the first is always <see cref="WorkflowExecutionStarted"/>.</param>
/// <param name="Time">When it was decided, UTC; never before that of the event before it.</param>
/// <param name="Attributes">What happened.</param>
/// <param name="UserMetadata">What the author wrote beside it for people; null when nothing.</param>
public sealed record HistoryEvent(long Id, DateTimeOffset Time, EventAttributes Attributes, UserMetadata? UserMetadata = null);

/// <summary>What happened.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(ActivityTaskScheduled), "activityTaskScheduled")]
[JsonDerivedType(typeof(ActivityTaskStarted), "activityTaskStarted")]
[JsonDerivedType(typeof(ActivityTaskCompleted), "activityTaskCompleted")]
[JsonDerivedType(typeof(ActivityTaskFailed), "activityTaskFailed")]
[JsonDerivedType(typeof(ActivityTaskTimedOut), "activityTaskTimedOut")]
[JsonDerivedType(typeof(ActivityTaskCancelRequested), "activityTaskCancelRequested")]
[JsonDerivedType(typeof(ActivityTaskCanceled), "activityTaskCanceled")]
[JsonDerivedType(typeof(StartChildWorkflowExecutionInitiated), "startChildWorkflowExecutionInitiated")]
[JsonDerivedType(typeof(StartChildWorkflowExecutionFailed), "startChildWorkflowExecutionFailed")]
[JsonDerivedType(typeof(ChildWorkflowExecutionStarted), "childWorkflowExecutionStarted")]
[JsonDerivedType(typeof(ChildWorkflowExecutionCompleted), "childWorkflowExecutionCompleted")]
[JsonDerivedType(typeof(ChildWorkflowExecutionFailed), "childWorkflowExecutionFailed")]
[JsonDerivedType(typeof(ChildWorkflowExecutionCanceled), "childWorkflowExecutionCanceled")]
[JsonDerivedType(typeof(ChildWorkflowExecutionTimedOut), "childWorkflowExecutionTimedOut")]
[JsonDerivedType(typeof(ChildWorkflowExecutionTerminated), "childWorkflowExecutionTerminated")]
[JsonDerivedType(typeof(RequestCancelExternalWorkflowExecutionInitiated), "requestCancelExternalWorkflowExecutionInitiated")]
[JsonDerivedType(typeof(RequestCancelExternalWorkflowExecutionFailed), "requestCancelExternalWorkflowExecutionFailed")]
[JsonDerivedType(typeof(ExternalWorkflowExecutionCancelRequested), "externalWorkflowExecutionCancelRequested")]
[JsonDerivedType(typeof(SignalExternalWorkflowExecutionInitiated), "signalExternalWorkflowExecutionInitiated")]
[JsonDerivedType(typeof(SignalExternalWorkflowExecutionFailed), "signalExternalWorkflowExecutionFailed")]
[JsonDerivedType(typeof(ExternalWorkflowExecutionSignaled), "externalWorkflowExecutionSignaled")]
[JsonDerivedType(typeof(TimerStarted), "timerStarted")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(TimerCanceled), "timerCanceled")]
[JsonDerivedType(typeof(MarkerRecorded), "markerRecorded")]
[JsonDerivedType(typeof(WorkflowExecutionUpdateAccepted), "workflowExecutionUpdateAccepted")]
[JsonDerivedType(typeof(WorkflowExecutionUpdateCompleted), "workflowExecutionUpdateCompleted")]
[JsonDerivedType(typeof(WorkflowExecutionStarted), "workflowExecutionStarted")]
[JsonDerivedType(typeof(WorkflowExecutionCompleted), "workflowExecutionCompleted")]
[JsonDerivedType(typeof(WorkflowExecutionFailed), "workflowExecutionFailed")]
[JsonDerivedType(typeof(WorkflowExecutionTimedOut), "workflowExecutionTimedOut")]
[JsonDerivedType(typeof(WorkflowExecutionCanceled), "workflowExecutionCanceled")]
[JsonDerivedType(typeof(WorkflowExecutionTerminated), "workflowExecutionTerminated")]
[JsonDerivedType(typeof(WorkflowExecutionContinuedAsNew), "workflowExecutionContinuedAsNew")]
[JsonDerivedType(typeof(WorkflowExecutionCancelRequested), "workflowExecutionCancelRequested")]
[JsonDerivedType(typeof(WorkflowExecutionSignaled), "workflowExecutionSignaled")]
[JsonDerivedType(typeof(UpsertWorkflowSearchAttributes), "upsertWorkflowSearchAttributes")]
[JsonDerivedType(typeof(WorkflowPropertiesModified), "workflowPropertiesModified")]
[JsonDerivedType(typeof(WorkflowTaskScheduled), "workflowTaskScheduled")]
[JsonDerivedType(typeof(WorkflowTaskStarted), "workflowTaskStarted")]
[JsonDerivedType(typeof(WorkflowTaskCompleted), "workflowTaskCompleted")]
[JsonDerivedType(typeof(WorkflowTaskTimedOut), "workflowTaskTimedOut")]
[JsonDerivedType(typeof(WorkflowTaskFailed), "workflowTaskFailed")]
public abstract record EventAttributes;

/// <summary>Words for people.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Details">More; may be marked up.</param>
public sealed record UserMetadata(Payload? Summary, Payload? Details);
