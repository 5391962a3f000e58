namespace Svom.Workflows;

/// <summary>
/// A history in few words: each event by its kind, without the words that all share, and the events it refers to behind it.
/// <c>ActivityCompleted&gt;5,6</c> is the end of what event 5 scheduled and event 6 started.
/// </summary>
internal static class EventText
{
    public static string Of(IEnumerable<HistoryEvent> events) => string.Join(' ', events.Select(Of));

    public static string Of(HistoryEvent one) => Kind(one.Attributes) + Refers(one.Attributes);

    public static string Kind(EventAttributes attributes) => attributes.GetType().Name
        .Replace("WorkflowExecution", "", StringComparison.Ordinal)
        .Replace("ActivityTask", "Activity", StringComparison.Ordinal)
        .Replace("Workflow", "", StringComparison.Ordinal);

    private static string Refers(EventAttributes attributes) => attributes switch
    {
        WorkflowTaskScheduled { Attempt: > 1 } e => $"#{e.Attempt}",
        WorkflowTaskStarted e => $">{e.ScheduledEventId}",
        WorkflowTaskCompleted e => $">{e.ScheduledEventId},{e.StartedEventId}",
        WorkflowTaskTimedOut e => $">{e.ScheduledEventId},{e.StartedEventId}",
        WorkflowTaskFailed e => $">{e.ScheduledEventId},{e.StartedEventId}:{e.Cause}",
        ActivityTaskStarted { Attempt: > 1 } e => $">{e.ScheduledEventId}#{e.Attempt}",
        ActivityTaskStarted e => $">{e.ScheduledEventId}",
        ActivityTaskCompleted e => $">{e.ScheduledEventId},{e.StartedEventId}",
        ActivityTaskFailed e => $">{e.ScheduledEventId},{e.StartedEventId}:{e.RetryState}",
        ActivityTaskTimedOut e => $">{e.ScheduledEventId},{e.StartedEventId}:{(e.Failure as TimeoutFailure)?.Kind},{e.RetryState}",
        ActivityTaskCancelRequested e => $">{e.ScheduledEventId}",
        ActivityTaskCanceled e => $">{e.ScheduledEventId},{e.StartedEventId}",
        TimerFired e => $">{e.StartedEventId}",
        TimerCanceled e => $">{e.StartedEventId}",
        ChildWorkflowExecutionStarted e => $">{e.InitiatedEventId}",
        StartChildWorkflowExecutionFailed e => $">{e.InitiatedEventId}",
        ChildWorkflowExecutionCompleted e => $">{e.InitiatedEventId},{e.StartedEventId}",
        ChildWorkflowExecutionFailed e => $">{e.InitiatedEventId},{e.StartedEventId}",
        ChildWorkflowExecutionCanceled e => $">{e.InitiatedEventId},{e.StartedEventId}",
        ChildWorkflowExecutionTimedOut e => $">{e.InitiatedEventId},{e.StartedEventId}",
        ChildWorkflowExecutionTerminated e => $">{e.InitiatedEventId},{e.StartedEventId}",
        ExternalWorkflowExecutionSignaled e => $">{e.InitiatedEventId}",
        SignalExternalWorkflowExecutionFailed e => $">{e.InitiatedEventId}:{e.Cause}",
        ExternalWorkflowExecutionCancelRequested e => $">{e.InitiatedEventId}",
        RequestCancelExternalWorkflowExecutionFailed e => $">{e.InitiatedEventId}:{e.Cause}",
        WorkflowExecutionUpdateCompleted e => $">{e.AcceptedEventId}",
        WorkflowExecutionFailed e => $":{e.RetryState}",
        WorkflowExecutionTimedOut e => $":{e.RetryState}",
        _ => "",
    };
}

/// <summary>An effect in few words.</summary>
internal static class EffectText
{
    public static string Of(WorkflowEffect effect) => effect switch
    {
        OfferAttempt offer => $"Offer{offer.ScheduledEventId}#{offer.Attempt}",
        StopAttempt stop => $"Stop{stop.ScheduledEventId}#{stop.Attempt}",
        UpdateAnswered { Failure: not null } answer => $"Update({answer.UpdateId}:{(answer.Accepted ? "failed" : "rejected")})",
        UpdateAnswered { Result: not null } answer => $"Update({answer.UpdateId}:completed)",
        UpdateAnswered answer => $"Update({answer.UpdateId}:accepted)",
        RunClosed closed => $"Closed({closed.RunId})",
        Tell { Message: InputMessage message } tell => $"{tell.WorkflowId}!{message.Input.GetType().Name}",
        Tell tell => $"{tell.WorkflowId}!StartChild",
        _ => effect.GetType().Name,
    };
}
