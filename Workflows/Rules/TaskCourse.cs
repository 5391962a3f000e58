namespace Svom.Workflows;

/// <summary>The course of a workflow task: when one is scheduled, when it is written, and what follows when it does not complete.</summary>
internal static class TaskCourse
{
    /// <summary>The time for the task ran out: its worker is gone or stuck.</summary>
    public static void TimeOut(DecisionRun run)
    {
        KeepSpeculative(run);
        var task = run.Run.Task!;
        if (task.ScheduledEventId > 0)
        {
            run.Record(new WorkflowTaskTimedOut(task.ScheduledEventId, task.StartedEventId, TimeoutKind.StartToClose));
        }

        EndUnfinished(run, task.Attempt);
    }

    public static void Fail(DecisionRun run, WorkflowTaskFailedCause cause, Failure? failure, string identity)
    {
        KeepSpeculative(run);
        var task = run.Run.Task!;
        if (task.ScheduledEventId > 0)
        {
            run.Record(new WorkflowTaskFailed(task.ScheduledEventId, task.StartedEventId, cause, failure, identity));
        }

        EndUnfinished(run, task.Attempt);
    }

    /// <summary>The pause before an attempt is over.</summary>
    public static void EndPause(DecisionRun run)
    {
        if (run.Run.Task is { } task)
        {
            run.Write(new TaskScheduled(task.Attempt, run.Now, null, Speculative: false));
        }
        else
        {
            Schedule(run);
        }
    }

    /// <summary>There is news: a task is scheduled that sees it. A further attempt that nobody began becomes a first one, since the code meets another history.</summary>
    public static void Wake(DecisionRun run)
    {
        // News ends the pause of a start that was asked to wait, not that of a run that goes on from another.
        if (run.Open is { } open && open.Task is null or { Begun: null, ScheduledEventId: 0 } && (open.FirstTaskAt is null || open.Started.Initiator is null))
        {
            Schedule(run);
        }
    }

    public static void Schedule(DecisionRun run, int attempt = 1, DateTimeOffset? at = null) =>
        run.Record(new WorkflowTaskScheduled(run.Run.Started.TaskQueue, run.Run.Started.TaskTimeout, attempt), at: at);

    /// <summary>A speculative task has a consequence: it gets its events, under the numbers it was told.</summary>
    public static void KeepSpeculative(DecisionRun run)
    {
        if (run.Run.Task is { Speculative: true })
        {
            WriteEvents(run);
        }
    }

    /// <summary>The task is over without having completed, since the run ends from outside.</summary>
    public static void ForceClose(DecisionRun run)
    {
        if (run.Run.Task is not { Begun: not null } task)
        {
            return;
        }

        if (task.ScheduledEventId > 0)
        {
            run.Record(new WorkflowTaskFailed(task.ScheduledEventId, task.StartedEventId, WorkflowTaskFailedCause.ForceCloseCommand, null, string.Empty));
        }

        run.Write(new TaskEnded());
        NewsBuffer.Flush(run);
    }

    /// <summary>A task that ran without events gets them, under the numbers it was told.</summary>
    public static void WriteEvents(DecisionRun run)
    {
        if (run.Run.Task is { ScheduledEventId: 0, Begun: { } begun } task)
        {
            Schedule(run, task.Attempt, task.ScheduledAt);
            run.Record(
                new WorkflowTaskStarted(run.Run.Task!.ScheduledEventId, begun.Identity, begun.RequestId, begun.HistorySize, begun.SuggestContinueAsNew), at: begun.At);
        }
    }

    // News that came meanwhile is another history for the code: it gets a first attempt at once. Without, it most likely fails again.
    private static void EndUnfinished(DecisionRun run, int attempt)
    {
        run.Write(new TaskEnded());
        if (NewsBuffer.Flush(run))
        {
            Schedule(run);
        }
        else
        {
            run.Write(new TaskScheduled(attempt + 1, run.Now, Times.After(run.Now, TaskBackoff.PauseAfter(attempt)), Speculative: false));
        }
    }
}
