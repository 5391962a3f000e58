using System.Collections.Immutable;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>What every history keeps, whatever it tells.</summary>
internal static class HistoryCheck
{
    /// <returns>What is wrong; empty when nothing.</returns>
    public static IEnumerable<string> Faults(ImmutableArray<HistoryEvent> events)
    {
        if (events.Length == 0 || events[0].Attributes is not WorkflowExecutionStarted)
        {
            yield return "it does not begin with the start";
        }

        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].Id != i + 1)
            {
                yield return $"event {events[i].Id} stands at {i + 1}";
            }

            if (i > 0 && events[i].Time < events[i - 1].Time)
            {
                yield return $"event {i + 1} is before its forerunner";
            }

            if (i < events.Length - 1 && WorkflowIndex.StatusAfter(events[i].Attributes) is not null)
            {
                yield return $"something follows the end, event {i + 1}";
            }
        }

        foreach (var fault in Tasks(events).Concat(Pairs(events)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Tasks(ImmutableArray<HistoryEvent> events)
    {
        HistoryEvent? open = null;
        foreach (var one in events)
        {
            var (fits, next) = (one.Attributes, open?.Attributes) switch
            {
                (WorkflowTaskScheduled, null) => (true, one),
                (WorkflowTaskStarted started, WorkflowTaskScheduled) => (started.ScheduledEventId == open!.Id, one),
                (WorkflowTaskCompleted completed, WorkflowTaskStarted) => (completed.StartedEventId == open!.Id, null),
                (WorkflowTaskFailed failed, WorkflowTaskStarted) => (failed.StartedEventId == open!.Id, null),
                (WorkflowTaskTimedOut, not null) => (true, null),
                (WorkflowTaskScheduled or WorkflowTaskStarted or WorkflowTaskCompleted or WorkflowTaskFailed or WorkflowTaskTimedOut, _) => (false, open),
                (_, WorkflowTaskStarted) => (false, open), // News waits for the end of the task.
                _ => (true, open),
            };
            open = next;
            if (!fits)
            {
                yield return $"event {one.Id}, {one.Attributes.GetType().Name}, does not fit the workflow task";
            }
        }
    }

    /// <summary>Everything ends once, after it began.</summary>
    private static IEnumerable<string> Pairs(ImmutableArray<HistoryEvent> events)
    {
        var ended = new HashSet<long>();
        foreach (var one in events)
        {
            var (of, type) = one.Attributes switch
            {
                ActivityTaskCompleted e => (e.ScheduledEventId, typeof(ActivityTaskScheduled)),
                ActivityTaskFailed e => (e.ScheduledEventId, typeof(ActivityTaskScheduled)),
                ActivityTaskTimedOut e => (e.ScheduledEventId, typeof(ActivityTaskScheduled)),
                ActivityTaskCanceled e => (e.ScheduledEventId, typeof(ActivityTaskScheduled)),
                TimerFired e => (e.StartedEventId, typeof(TimerStarted)),
                TimerCanceled e => (e.StartedEventId, typeof(TimerStarted)),
                ChildWorkflowExecutionCompleted e => (e.InitiatedEventId, typeof(StartChildWorkflowExecutionInitiated)),
                ChildWorkflowExecutionFailed e => (e.InitiatedEventId, typeof(StartChildWorkflowExecutionInitiated)),
                ChildWorkflowExecutionCanceled e => (e.InitiatedEventId, typeof(StartChildWorkflowExecutionInitiated)),
                ChildWorkflowExecutionTerminated e => (e.InitiatedEventId, typeof(StartChildWorkflowExecutionInitiated)),
                ChildWorkflowExecutionTimedOut e => (e.InitiatedEventId, typeof(StartChildWorkflowExecutionInitiated)),
                StartChildWorkflowExecutionFailed e => (e.InitiatedEventId, typeof(StartChildWorkflowExecutionInitiated)),
                ExternalWorkflowExecutionSignaled e => (e.InitiatedEventId, typeof(SignalExternalWorkflowExecutionInitiated)),
                SignalExternalWorkflowExecutionFailed e => (e.InitiatedEventId, typeof(SignalExternalWorkflowExecutionInitiated)),
                WorkflowExecutionUpdateCompleted e => (e.AcceptedEventId, typeof(WorkflowExecutionUpdateAccepted)),
                _ => (0L, null),
            };
            if (type is not null && (of >= one.Id || of < 1 || events[(int)of - 1].Attributes.GetType() != type || !ended.Add(of)))
            {
                yield return $"event {one.Id}, {one.Attributes.GetType().Name}, has no beginning of its own";
            }
        }
    }
}
