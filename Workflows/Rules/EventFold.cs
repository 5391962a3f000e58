using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What an event makes of a run.</summary>
internal static class EventFold
{
    public static RunState Record(RunState run, HistoryEvent recorded) => Fold(run, recorded) with
    {
        NextEventId = recorded.Id + 1,
        LastEventAt = recorded.Time,
        HistorySize = run.HistorySize + EventSize.Of(recorded),
    };

    /// <summary>
    /// What news changes as soon as it is known, written or waiting. Waiting news is learnt twice, the second time when it gets its
    /// number: everything here bears that.
    /// </summary>
    public static RunState Learn(RunState run, EventAttributes attributes) => attributes switch
    {
        ActivityTaskCompleted completed => ActivityFold.Remove(run, completed.ScheduledEventId),
        ActivityTaskFailed failed => ActivityFold.Remove(run, failed.ScheduledEventId),
        ActivityTaskTimedOut timedOut => ActivityFold.Remove(run, timedOut.ScheduledEventId),
        ActivityTaskCanceled canceled => ActivityFold.Remove(run, canceled.ScheduledEventId),
        TimerFired fired => WithoutTimer(run, fired.TimerId, fired.StartedEventId),
        WorkflowExecutionSignaled { RequestId: { } request } => run with { RequestIds = run.RequestIds.Add(request) },
        WorkflowExecutionCancelRequested => run with { CancelRequested = true },
        ChildWorkflowExecutionStarted started when run.Children.TryGetValue(started.InitiatedEventId, out var child) =>
            run with { Children = run.Children.SetItem(started.InitiatedEventId, child with { RunId = started.Run.RunId }) },
        StartChildWorkflowExecutionFailed failed => WithoutChild(run, failed.InitiatedEventId),
        ChildWorkflowExecutionCompleted completed => WithoutChild(run, completed.InitiatedEventId),
        ChildWorkflowExecutionFailed failed => WithoutChild(run, failed.InitiatedEventId),
        ChildWorkflowExecutionCanceled canceled => WithoutChild(run, canceled.InitiatedEventId),
        ChildWorkflowExecutionTimedOut timedOut => WithoutChild(run, timedOut.InitiatedEventId),
        ChildWorkflowExecutionTerminated terminated => WithoutChild(run, terminated.InitiatedEventId),
        ExternalWorkflowExecutionSignaled signaled => run with { ExternalSignals = run.ExternalSignals.Remove(signaled.InitiatedEventId) },
        SignalExternalWorkflowExecutionFailed failed => run with { ExternalSignals = run.ExternalSignals.Remove(failed.InitiatedEventId) },
        ExternalWorkflowExecutionCancelRequested requested => run with { ExternalCancels = run.ExternalCancels.Remove(requested.InitiatedEventId) },
        RequestCancelExternalWorkflowExecutionFailed failed => run with { ExternalCancels = run.ExternalCancels.Remove(failed.InitiatedEventId) },
        _ => run,
    };

    private static RunState Fold(RunState run, HistoryEvent recorded) => recorded.Attributes switch
    {
        WorkflowExecutionStarted started => Begin(run, started, recorded.Time),
        WorkflowTaskScheduled scheduled => TaskFold.Schedule(run, scheduled, recorded),
        WorkflowTaskStarted when run.Task is { } task => run with { Task = task with { StartedEventId = recorded.Id } },
        ActivityTaskScheduled scheduled => ActivityFold.Add(run, new(recorded.Id, scheduled, recorded.Time, 1, recorded.Time, null, null, [], null, 0)),
        ActivityTaskCancelRequested requested => ActivityFold.Change(
            run, requested.ScheduledEventId, recorded.Id, static (activity, id) => activity with { CancelRequestedEventId = id }),
        TimerStarted timer => WithTimer(run, timer.TimerId, new(recorded.Id, Times.After(recorded.Time, timer.StartToFire))),
        TimerCanceled canceled => WithoutTimer(run, canceled.TimerId, canceled.StartedEventId) with { Buffered = WithoutFired(run.Buffered, canceled) },
        StartChildWorkflowExecutionInitiated initiated => run with { Children = run.Children.Add(recorded.Id, new(initiated, 0, null)) },
        ChildWorkflowExecutionStarted started when run.Children.TryGetValue(started.InitiatedEventId, out var child) => run with
        {
            Children = run.Children.SetItem(started.InitiatedEventId, child with { StartedEventId = recorded.Id, RunId = started.Run.RunId }),
        },
        SignalExternalWorkflowExecutionInitiated initiated => run with { ExternalSignals = run.ExternalSignals.Add(recorded.Id, initiated) },
        RequestCancelExternalWorkflowExecutionInitiated initiated => run with { ExternalCancels = run.ExternalCancels.Add(recorded.Id, initiated) },
        WorkflowExecutionSignaled => Learn(run, recorded.Attributes) with { SignalCount = run.SignalCount + 1 },
        WorkflowExecutionUpdateAccepted accepted => run with
        {
            Updates = run.Updates.SetItem(accepted.AcceptedRequest.UpdateId, new(recorded.Id, accepted.AcceptedRequest, null)),
        },
        WorkflowExecutionUpdateCompleted completed when run.Updates.TryGetValue(completed.UpdateId, out var update) =>
            run with { Updates = run.Updates.SetItem(completed.UpdateId, update with { Completed = completed }) },
        UpsertWorkflowSearchAttributes upserted => run with { SearchAttributes = Upsert(run.SearchAttributes, upserted.SearchAttributes) },
        WorkflowPropertiesModified modified => run with { Memo = Upsert(run.Memo, modified.UpsertedMemo) },
        WorkflowExecutionCompleted => Close(run, RunStatus.Completed, recorded),
        WorkflowExecutionFailed => Close(run, RunStatus.Failed, recorded),
        WorkflowExecutionTimedOut => Close(run, RunStatus.TimedOut, recorded),
        WorkflowExecutionCanceled => Close(run, RunStatus.Canceled, recorded),
        WorkflowExecutionTerminated => Close(run, RunStatus.Terminated, recorded),
        WorkflowExecutionContinuedAsNew => Close(run, RunStatus.ContinuedAsNew, recorded),
        _ => Learn(run, recorded.Attributes),
    };

    private static RunState Begin(RunState run, WorkflowExecutionStarted started, DateTimeOffset at)
    {
        var pause = Times.Said(started.FirstTaskBackoff);
        var first = pause is { } wait ? Times.After(at, wait) : at;
        var deadlines = run.Deadlines;
        if (started.ExecutionDeadline is { } end)
        {
            deadlines = deadlines.With(new(end, DeadlineKind.ExecutionTimeout, 0, 0));
        }

        if (Times.Said(started.RunTimeout) is { } limit)
        {
            deadlines = deadlines.With(new(Times.After(first, limit), DeadlineKind.RunTimeout, 0, 0));
        }

        return run with
        {
            Started = started,
            Memo = started.Memo,
            SearchAttributes = started.SearchAttributes,
            FirstTaskAt = pause is null ? null : first,
            Deadlines = pause is null ? deadlines : deadlines.With(TaskFold.FirstTask(first)),
        };
    }

    /// <summary>What is open goes: the answers of updates and the requests that were taken stay, for those who ask again.</summary>
    private static RunState Close(RunState run, RunStatus status, HistoryEvent recorded) => run with
    {
        Status = status,
        Outcome = recorded.Attributes,
        ClosedAt = recorded.Time,
        Task = null,
        LocalSteps = [],
        Buffered = [],
        FirstTaskAt = null,
        Activities = run.Activities.Clear(),
        ActivityIds = run.ActivityIds.Clear(),
        Timers = run.Timers.Clear(),
        TimerIds = run.TimerIds.Clear(),
        Children = run.Children.Clear(),
        ExternalSignals = run.ExternalSignals.Clear(),
        ExternalCancels = run.ExternalCancels.Clear(),
        Deadlines = DeadlineList.Empty,
    };

    private static RunState WithTimer(RunState run, string timerId, TimerState timer) => run with
    {
        Timers = run.Timers.SetItem(timerId, timer),
        TimerIds = run.TimerIds.SetItem(timer.StartedEventId, timerId),
        Deadlines = run.Deadlines.With(DeadlineOf(timer)),
    };

    // A timer that fired may wait to be told while another with its id is already open: that one stays.
    private static RunState WithoutTimer(RunState run, string timerId, long startedEventId) =>
        !run.Timers.TryGetValue(timerId, out var timer) || timer.StartedEventId != startedEventId ? run : run with
        {
            Timers = run.Timers.Remove(timerId),
            TimerIds = run.TimerIds.Remove(startedEventId),
            Deadlines = run.Deadlines.Without(DeadlineOf(timer)),
        };

    private static Deadline DeadlineOf(TimerState timer) => new(timer.FiresAt, DeadlineKind.Timer, timer.StartedEventId, 1);

    private static ImmutableList<EventBuffered> WithoutFired(ImmutableList<EventBuffered> buffered, TimerCanceled canceled) => buffered.IsEmpty
        ? buffered
        : buffered.RemoveAll(waiting => waiting.Attributes is TimerFired fired && fired.StartedEventId == canceled.StartedEventId);

    private static RunState WithoutChild(RunState run, long initiatedEventId) => run with { Children = run.Children.Remove(initiatedEventId) };

    private static ImmutableSortedDictionary<string, Payload> Upsert(ImmutableSortedDictionary<string, Payload> old, ImmutableSortedDictionary<string, Payload> news)
    {
        foreach (var (key, value) in news)
        {
            old = value.Data.IsEmpty ? old.Remove(key) : old.SetItem(key, value);
        }

        return old;
    }
}
