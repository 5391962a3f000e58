using System.Collections.Immutable;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>
/// A history in few words: what happened, named by what it happened to and not by numbers. Workflow tasks that completed are left out:
/// how news falls into tasks is a matter of the moment.
/// </summary>
internal static class HistoryText
{
    public static IEnumerable<string> Of(ImmutableArray<HistoryEvent> events, bool attempts) =>
        events.Select(one => Of(one.Attributes, events, attempts)).OfType<string>();

    private static string? Of(EventAttributes attributes, ImmutableArray<HistoryEvent> all, bool attempts) => attributes switch
    {
        WorkflowTaskScheduled or WorkflowTaskStarted or WorkflowTaskCompleted => null,
        WorkflowTaskFailed e => $"TaskFailed:{e.Cause}",
        WorkflowTaskTimedOut => "TaskTimedOut",
        WorkflowExecutionStarted e => $"Started{(e.Attempt > 1 ? $"#{e.Attempt}" : "")}{(e.Initiator is { } why ? $":{why}" : "")}{(e.Parent is null ? "" : ":child")}{Names("memo", e.Memo)}{Names("search", e.SearchAttributes)}",
        WorkflowExecutionCompleted => "Completed",
        WorkflowExecutionFailed e => $"Failed:{e.RetryState}",
        WorkflowExecutionTimedOut e => $"TimedOut:{e.RetryState}",
        WorkflowExecutionCanceled => "Canceled",
        WorkflowExecutionTerminated => "Terminated",
        WorkflowExecutionContinuedAsNew e => $"ContinuedAsNew{Names("memo", e.Memo)}",
        WorkflowExecutionCancelRequested e => $"CancelRequested{(e.ExternalRun is null ? "" : ":other")}",
        WorkflowExecutionSignaled e => $"Signaled({e.SignalName}{string.Concat(e.Input.Select(static value => $" {TurnedOctets.Text(value)}"))})",
        UpsertWorkflowSearchAttributes e => $"Search{Names("", e.SearchAttributes)}",
        WorkflowPropertiesModified e => $"Memo{Names("", e.UpsertedMemo)}",
        ActivityTaskScheduled e => $"ActivityScheduled({Name(e)})",
        ActivityTaskStarted e => $"ActivityStarted({Activity(all, e.ScheduledEventId)}{(attempts && e.Attempt > 1 ? $"#{e.Attempt}" : "")})",
        ActivityTaskCompleted e => $"ActivityCompleted({Activity(all, e.ScheduledEventId)})",
        ActivityTaskFailed e => $"ActivityFailed({Activity(all, e.ScheduledEventId)}:{e.RetryState})",
        ActivityTaskTimedOut e => $"ActivityTimedOut({Activity(all, e.ScheduledEventId)}:{(e.Failure as TimeoutFailure)?.Kind},{e.RetryState})",
        ActivityTaskCancelRequested e => $"ActivityCancelRequested({Activity(all, e.ScheduledEventId)})",
        ActivityTaskCanceled e => $"ActivityCanceled({Activity(all, e.ScheduledEventId)})",
        TimerStarted e => $"TimerStarted({e.TimerId})",
        TimerFired e => $"TimerFired({e.TimerId})",
        TimerCanceled e => $"TimerCanceled({e.TimerId})",
        MarkerRecorded e => $"Marker({e.MarkerName}{(e.Failure is null ? "" : ":failed")})",
        _ => OfOthers(attributes, all),
    };

    private static string OfOthers(EventAttributes attributes, ImmutableArray<HistoryEvent> all) => attributes switch
    {
        StartChildWorkflowExecutionInitiated e => $"ChildInitiated({Short(e.WorkflowId)})",
        StartChildWorkflowExecutionFailed e => $"ChildNotStarted({Short(e.WorkflowId)}:{e.Cause})",
        ChildWorkflowExecutionStarted e => $"ChildStarted({Short(e.Run.WorkflowId)})",
        ChildWorkflowExecutionCompleted e => $"ChildCompleted({Short(e.Run.WorkflowId)})",
        ChildWorkflowExecutionFailed e => $"ChildFailed({Short(e.Run.WorkflowId)})",
        ChildWorkflowExecutionCanceled e => $"ChildCanceled({Short(e.Run.WorkflowId)})",
        ChildWorkflowExecutionTimedOut e => $"ChildTimedOut({Short(e.Run.WorkflowId)})",
        ChildWorkflowExecutionTerminated e => $"ChildTerminated({Short(e.Run.WorkflowId)})",
        SignalExternalWorkflowExecutionInitiated e => $"SignalOtherInitiated({Short(e.WorkflowId)} {e.SignalName})",
        ExternalWorkflowExecutionSignaled e => $"OtherSignaled({Short(e.WorkflowId)})",
        SignalExternalWorkflowExecutionFailed e => $"SignalOtherFailed({Short(e.WorkflowId)}:{e.Cause})",
        RequestCancelExternalWorkflowExecutionInitiated e => $"CancelOtherInitiated({Short(e.WorkflowId)})",
        ExternalWorkflowExecutionCancelRequested e => $"OtherCancelRequested({Short(e.WorkflowId)})",
        RequestCancelExternalWorkflowExecutionFailed e => $"CancelOtherFailed({Short(e.WorkflowId)}:{e.Cause})",
        WorkflowExecutionUpdateAccepted e => $"UpdateAccepted({e.AcceptedRequest.UpdateId.Split(':')[^1]})",
        WorkflowExecutionUpdateCompleted e => $"UpdateCompleted({Update(all, e.AcceptedEventId)}{(e.Failure is null ? "" : ":failed")})",
        _ => attributes.GetType().Name,
    };

    private static string Names(string what, ImmutableSortedDictionary<string, Payload> map) => map.IsEmpty ? "" : $"{{{what}{(what.Length > 0 ? " " : "")}{string.Join(',', map.Keys)}}}";

    // An activity that got a drawn number for an id is known by that.
    private static string Name(ActivityTaskScheduled scheduled) => Guid.TryParse(scheduled.ActivityId, out _) ? "drawn" : scheduled.ActivityId;

    private static string Activity(ImmutableArray<HistoryEvent> all, long id) => all[(int)id - 1].Attributes is ActivityTaskScheduled scheduled ? Name(scheduled) : $"?{id}";

    private static string Update(ImmutableArray<HistoryEvent> all, long id) =>
        all[(int)id - 1].Attributes is WorkflowExecutionUpdateAccepted accepted ? accepted.AcceptedRequest.UpdateId.Split(':')[^1] : $"?{id}";

    private static string Short(string workflowId) => workflowId.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? workflowId[slash..] : workflowId;
}
