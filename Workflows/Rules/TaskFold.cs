namespace Svom.Workflows;

/// <summary>The workflow task in the state; its deadlines follow from it.</summary>
internal static class TaskFold
{
    public static RunState Become(RunState run, WorkflowTaskState? task)
    {
        var deadlines = run.Deadlines;
        if (run.Task is { } old && DeadlineOf(run, old) is { } gone)
        {
            deadlines = deadlines.Without(gone);
        }

        if (task is not null && DeadlineOf(run, task) is { } next)
        {
            deadlines = deadlines.With(next);
        }

        return run with { Task = task, Deadlines = deadlines };
    }

    /// <summary>A scheduled event: of a task that runs without events the one that it gets now, else of a new task.</summary>
    public static RunState Schedule(RunState run, WorkflowTaskScheduled scheduled, HistoryEvent recorded)
    {
        if (run.Task is { Begun: not null, ScheduledEventId: 0 } begun)
        {
            return run with { Task = begun with { ScheduledEventId = recorded.Id, Speculative = false } };
        }

        if (run.FirstTaskAt is { } first)
        {
            run = run with { FirstTaskAt = null, Deadlines = run.Deadlines.Without(FirstTask(first)) };
        }

        return Become(run, new(scheduled.Attempt, recorded.Id, recorded.Time, null, false));
    }

    /// <summary>A task without events is told the number that its started event will have: its scheduled event comes before that.</summary>
    public static RunState Begin(RunState run, TaskBegun begun) => run.Task is not { } task ? run : Become(run, task with
    {
        Begun = begun,
        NotBefore = null,
        StartedEventId = task.StartedEventId != 0 ? task.StartedEventId : run.NextEventId + 1,
    });

    public static Deadline FirstTask(DateTimeOffset at) => new(at, DeadlineKind.WorkflowTaskBackoff, 0, 0);

    private static Deadline? DeadlineOf(RunState run, WorkflowTaskState task) =>
        task.NotBefore is { } pause ? new(pause, DeadlineKind.WorkflowTaskBackoff, 0, task.Attempt)
        : task.Begun is { InProcess: false } begun ? new(Times.After(begun.At, run.Started.TaskTimeout), DeadlineKind.WorkflowTaskTimeout, 0, task.Attempt)
        : null;
}
