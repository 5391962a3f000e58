namespace Svom.Workflows;

/// <summary>What holds for the history of every run, whatever happened to it.</summary>
internal static class WholeHistory
{
    public static void Hold(IReadOnlyList<HistoryEvent> events, RunState run)
    {
        for (var i = 0; i < events.Count; i++)
        {
            Assert.Equal(i + 1, events[i].Id);
            Refer(events, events[i]);
            if (events[i].Attributes is WorkflowTaskStarted && i + 1 < events.Count)
            {
                Assert.True(events[i + 1].Attributes is WorkflowTaskCompleted or WorkflowTaskFailed or WorkflowTaskTimedOut, EventText.Of(events));
            }

            if (events[i].Attributes is WorkflowTaskScheduled { Attempt: > 1 })
            {
                Assert.True(events[i + 1].Attributes is WorkflowTaskStarted && events[i + 2].Attributes is WorkflowTaskCompleted, EventText.Of(events));
            }

            if (Closes(events[i].Attributes))
            {
                Assert.Equal(events.Count, i + 1);
                Assert.False(run.IsOpen);
            }
        }

        Assert.Equal(run.IsOpen, !Closes(events[^1].Attributes));
        OnlyOnce(events, static e => End(e) is { } id ? $"end of {id}" : null);
        NothingUnseen(events, run);
    }

    /// <summary>The state holds what is open in the history, and its parts agree.</summary>
    public static void Agree(RunState run)
    {
        Assert.Equal(run.Activities.Keys, run.ActivityIds.Values.Order());
        Assert.Equal(run.Timers.Values.Select(static timer => timer.StartedEventId).Order(), run.TimerIds.Keys);
        Assert.True(run.Buffered.IsEmpty || run.Task?.Begun is not null);
        Assert.True(run.LocalSteps.IsEmpty || run.Task?.Begun is not null);
        Assert.True(run.Task is not { Speculative: true } || run.Task.Begun is not null);
        foreach (var deadline in run.Deadlines.ToArray())
        {
            Assert.True(
                deadline.Kind switch
                {
                    DeadlineKind.ExecutionTimeout or DeadlineKind.RunTimeout => run.IsOpen,
                    DeadlineKind.WorkflowTaskTimeout => run.Task?.Begun is { InProcess: false },
                    DeadlineKind.WorkflowTaskBackoff => run.FirstTaskAt == deadline.At || run.Task?.NotBefore == deadline.At,
                    DeadlineKind.Timer => run.TimerIds.ContainsKey(deadline.EventId),
                    DeadlineKind.ActivityRetry => run.Activities[deadline.EventId].Pausing,
                    DeadlineKind.ActivityScheduleToStart => run.Activities[deadline.EventId] is { Begun: null, Pausing: false },
                    DeadlineKind.ActivityScheduleToClose => run.Activities.ContainsKey(deadline.EventId),
                    _ => run.Activities[deadline.EventId].Begun is not null,
                },
                $"{deadline} belongs to nothing");
        }
    }

    // No news may lie about without a task that will see it.
    private static void NothingUnseen(IReadOnlyList<HistoryEvent> events, RunState run)
    {
        var seen = events.LastOrDefault(static e => e.Attributes is WorkflowTaskCompleted)?.Id ?? 0;
        if (run is { IsOpen: true, Task: null, FirstTaskAt: null })
        {
            Assert.DoesNotContain(events.Where(e => e.Id > seen), static e => IsNews(e.Attributes));
        }
    }

    private static void Refer(IReadOnlyList<HistoryEvent> events, HistoryEvent one)
    {
        switch (one.Attributes)
        {
            case WorkflowTaskStarted e:
                Is<WorkflowTaskScheduled>(e.ScheduledEventId);
                break;
            case WorkflowTaskCompleted e:
                Assert.Equal(e.ScheduledEventId, Is<WorkflowTaskStarted>(e.StartedEventId).ScheduledEventId);
                break;
            case WorkflowTaskFailed e:
                Assert.Equal(e.ScheduledEventId, Is<WorkflowTaskStarted>(e.StartedEventId).ScheduledEventId);
                break;
            case WorkflowTaskTimedOut e:
                Assert.Equal(e.ScheduledEventId, Is<WorkflowTaskStarted>(e.StartedEventId).ScheduledEventId);
                break;
            case ActivityTaskScheduled e:
                Is<WorkflowTaskCompleted>(e.TaskCompletedEventId);
                break;
            case ActivityTaskStarted e:
                Is<ActivityTaskScheduled>(e.ScheduledEventId);
                break;
            case ActivityTaskCompleted e:
                Assert.Equal(e.ScheduledEventId, Is<ActivityTaskStarted>(e.StartedEventId).ScheduledEventId);
                break;
            case ActivityTaskFailed e:
                Assert.Equal(e.ScheduledEventId, Is<ActivityTaskStarted>(e.StartedEventId).ScheduledEventId);
                break;
            case ActivityTaskTimedOut { StartedEventId: > 0 } e:
                Assert.Equal(e.ScheduledEventId, Is<ActivityTaskStarted>(e.StartedEventId).ScheduledEventId);
                break;
            case ActivityTaskCanceled e:
                Assert.Equal(e.ScheduledEventId, Is<ActivityTaskCancelRequested>(e.LatestCancelRequestedEventId).ScheduledEventId);
                break;
            case TimerFired e:
                Assert.Equal(e.TimerId, Is<TimerStarted>(e.StartedEventId).TimerId);
                break;
            case TimerCanceled e:
                Assert.Equal(e.TimerId, Is<TimerStarted>(e.StartedEventId).TimerId);
                break;
            case ChildWorkflowExecutionStarted e:
                Is<StartChildWorkflowExecutionInitiated>(e.InitiatedEventId);
                break;
            case ChildWorkflowExecutionCompleted e:
                Assert.Equal(e.InitiatedEventId, Is<ChildWorkflowExecutionStarted>(e.StartedEventId).InitiatedEventId);
                break;
            case ExternalWorkflowExecutionSignaled e:
                Is<SignalExternalWorkflowExecutionInitiated>(e.InitiatedEventId);
                break;
            case WorkflowExecutionUpdateCompleted e:
                Assert.Equal(e.UpdateId, Is<WorkflowExecutionUpdateAccepted>(e.AcceptedEventId).AcceptedRequest.UpdateId);
                break;
            default:
                break;
        }

        T Is<T>(long id)
            where T : EventAttributes
        {
            Assert.InRange(id, 1, one.Id - 1);
            return Assert.IsType<T>(events[(int)id - 1].Attributes);
        }
    }

    private static void OnlyOnce(IReadOnlyList<HistoryEvent> events, Func<EventAttributes, string?> key) =>
        Assert.All(events.Select(e => key(e.Attributes)).Where(static k => k is not null).GroupBy(static k => k, StringComparer.Ordinal), static group => Assert.Single(group));

    private static long? End(EventAttributes attributes) => attributes switch
    {
        ActivityTaskCompleted e => e.ScheduledEventId,
        ActivityTaskFailed e => e.ScheduledEventId,
        ActivityTaskTimedOut e => e.ScheduledEventId,
        ActivityTaskCanceled e => e.ScheduledEventId,
        TimerFired e => e.StartedEventId,
        TimerCanceled e => e.StartedEventId,
        StartChildWorkflowExecutionFailed e => e.InitiatedEventId,
        ChildWorkflowExecutionCompleted e => e.InitiatedEventId,
        ExternalWorkflowExecutionSignaled e => e.InitiatedEventId,
        SignalExternalWorkflowExecutionFailed e => e.InitiatedEventId,
        ExternalWorkflowExecutionCancelRequested e => e.InitiatedEventId,
        RequestCancelExternalWorkflowExecutionFailed e => e.InitiatedEventId,
        WorkflowTaskCompleted e => e.StartedEventId,
        WorkflowTaskFailed e => e.StartedEventId,
        WorkflowTaskTimedOut e => e.StartedEventId,
        _ => null,
    };

    private static bool IsNews(EventAttributes attributes) => attributes is
        WorkflowExecutionStarted or WorkflowExecutionSignaled or WorkflowExecutionCancelRequested or TimerFired
        or ActivityTaskCompleted or ActivityTaskFailed or ActivityTaskTimedOut or ActivityTaskCanceled
        or ChildWorkflowExecutionStarted or StartChildWorkflowExecutionFailed or ChildWorkflowExecutionCompleted
        or ExternalWorkflowExecutionSignaled or SignalExternalWorkflowExecutionFailed
        or ExternalWorkflowExecutionCancelRequested or RequestCancelExternalWorkflowExecutionFailed;

    private static bool Closes(EventAttributes attributes) => attributes is
        WorkflowExecutionCompleted or WorkflowExecutionFailed or WorkflowExecutionTimedOut or WorkflowExecutionCanceled or WorkflowExecutionTerminated
        or WorkflowExecutionContinuedAsNew;
}
