namespace Svom.Workflows;

/// <summary>A command of the task that runs, until its event is known.</summary>
/// <param name="Operation">What learns the event's number; null: nothing.</param>
/// <param name="Message">What a <see cref="PlaceMessage"/> places; null for others.</param>
internal sealed record IssuedCommand(Command Command, DurableOperation? Operation, UpdateMessage? Message)
{
    /// <summary>Taken back before anybody saw it.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>True when the event is what this command becomes.</summary>
    public bool Fits(EventAttributes attributes) => (Command, attributes) switch
    {
        (ScheduleActivityTask asked, ActivityTaskScheduled had) => Same(asked.ActivityId, had.ActivityId) && Same(asked.ActivityType, had.ActivityType),
        (RequestCancelActivityTask asked, ActivityTaskCancelRequested had) => asked.ScheduledEventId == had.ScheduledEventId,
        (StartTimer asked, TimerStarted had) => Same(asked.TimerId, had.TimerId),
        (CancelTimer asked, TimerCanceled had) => Same(asked.TimerId, had.TimerId),
        (RecordMarker asked, MarkerRecorded had) => WorkflowMarkers.Same(asked, had),
        (StartChildWorkflow asked, StartChildWorkflowExecutionInitiated had) => Same(asked.WorkflowId, had.WorkflowId) && Same(asked.WorkflowType, had.WorkflowType),
        (RequestCancelExternalWorkflow asked, RequestCancelExternalWorkflowExecutionInitiated had) => Same(asked.WorkflowId, had.WorkflowId),
        (SignalExternalWorkflow asked, SignalExternalWorkflowExecutionInitiated had) => Same(asked.WorkflowId, had.WorkflowId) && Same(asked.SignalName, had.SignalName),
        (UpsertSearchAttributes, UpsertWorkflowSearchAttributes) or (ModifyProperties, WorkflowPropertiesModified) => true,
        (PlaceMessage, WorkflowExecutionUpdateAccepted had) => Message is UpdateAccepted asked && Same(asked.UpdateId, had.AcceptedRequest.UpdateId),
        (PlaceMessage, WorkflowExecutionUpdateCompleted had) => Message is UpdateDone asked && Same(asked.UpdateId, had.UpdateId),
        (CompleteWorkflow, WorkflowExecutionCompleted) or (FailWorkflow, WorkflowExecutionFailed) or (CancelWorkflow, WorkflowExecutionCanceled)
            or (ContinueAsNew, WorkflowExecutionContinuedAsNew) => true,
        _ => false,
    };

    /// <summary>In words, for somebody who reads his own code.</summary>
    public string Describe() => Command switch
    {
        ScheduleActivityTask asked => $"activity '{asked.ActivityType}' with id {asked.ActivityId}",
        RequestCancelActivityTask asked => $"cancellation of the activity of event {asked.ScheduledEventId}",
        StartTimer asked => $"timer {asked.TimerId}",
        CancelTimer asked => $"cancellation of timer {asked.TimerId}",
        RecordMarker asked => WorkflowMarkers.Describe(asked.MarkerName, asked.Details),
        StartChildWorkflow asked => $"child workflow '{asked.WorkflowType}' with id '{asked.WorkflowId}'",
        RequestCancelExternalWorkflow asked => $"cancellation of workflow '{asked.WorkflowId}'",
        SignalExternalWorkflow asked => $"signal '{asked.SignalName}' to workflow '{asked.WorkflowId}'",
        UpsertSearchAttributes => "new search attributes",
        ModifyProperties => "a new memo",
        PlaceMessage => Message is UpdateAccepted ? $"acceptance of update '{Message.UpdateId}'" : $"the answer of update '{Message?.UpdateId}'",
        CompleteWorkflow => "completion of the workflow",
        FailWorkflow => "failure of the workflow",
        CancelWorkflow => "cancellation of the workflow itself",
        ContinueAsNew => "continuation as a new run",
        _ => Command.GetType().Name,
    };

    /// <summary>True for events that come of commands; all others, but those of tasks, are news.</summary>
    public static bool MakesEvent(EventAttributes attributes) => attributes is
        ActivityTaskScheduled or ActivityTaskCancelRequested or TimerStarted or TimerCanceled or MarkerRecorded or StartChildWorkflowExecutionInitiated
        or RequestCancelExternalWorkflowExecutionInitiated or SignalExternalWorkflowExecutionInitiated or UpsertWorkflowSearchAttributes or WorkflowPropertiesModified
        or WorkflowExecutionUpdateAccepted or WorkflowExecutionUpdateCompleted
        or WorkflowExecutionCompleted or WorkflowExecutionFailed or WorkflowExecutionCanceled or WorkflowExecutionContinuedAsNew;

    public static string Describe(EventAttributes attributes) => attributes switch
    {
        ActivityTaskScheduled had => $"{nameof(ActivityTaskScheduled)} '{had.ActivityType}' with id {had.ActivityId}",
        TimerStarted had => $"{nameof(TimerStarted)} {had.TimerId}",
        TimerCanceled had => $"{nameof(TimerCanceled)} {had.TimerId}",
        MarkerRecorded had => $"{nameof(MarkerRecorded)} of {WorkflowMarkers.Describe(had.MarkerName, had.Details)}",
        StartChildWorkflowExecutionInitiated had => $"{nameof(StartChildWorkflowExecutionInitiated)} '{had.WorkflowType}' with id '{had.WorkflowId}'",
        RequestCancelExternalWorkflowExecutionInitiated had => $"{nameof(RequestCancelExternalWorkflowExecutionInitiated)} '{had.WorkflowId}'",
        SignalExternalWorkflowExecutionInitiated had => $"{nameof(SignalExternalWorkflowExecutionInitiated)} '{had.SignalName}' to '{had.WorkflowId}'",
        WorkflowExecutionUpdateAccepted had => $"{nameof(WorkflowExecutionUpdateAccepted)} '{had.AcceptedRequest.UpdateId}'",
        WorkflowExecutionUpdateCompleted had => $"{nameof(WorkflowExecutionUpdateCompleted)} '{had.UpdateId}'",
        _ => attributes.GetType().Name,
    };

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
}
