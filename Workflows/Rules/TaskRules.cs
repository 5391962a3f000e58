using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>
/// The workflow task: none, scheduled, begun, over. The first attempt writes its events as it goes. A further one, after a failure,
/// writes them only when it completes; one that was not scheduled at all (speculative) only when something follows from it.
/// </summary>
internal static class TaskRules
{
    /// <summary>Somebody begins the task.</summary>
    public static WorkflowDecision Begin(DecisionRun run, BeginTask input)
    {
        if (Known(run, input.RunId) is { } refusal)
        {
            return refusal;
        }

        switch (run.Run.Task)
        {
            case null when run.Run.FirstTaskAt is not null:
                return run.Stale("The pause before the first workflow task isn't over.");
            case null:
                run.Write(new TaskScheduled(1, run.Now, null, Speculative: true));
                break;
            case { Begun: { InProcess: true } begun } when input.InProcess: // The silo that began it is dead; the code must see the same time again.
                run.Write(begun with { Identity = input.Identity, RequestId = input.RequestId });
                return run.Done();
            case { Begun: { } begun }:
                return !begun.InProcess && !input.InProcess && string.Equals(begun.RequestId, input.RequestId, StringComparison.Ordinal)
                    ? run.Done()
                    : run.Stale("The workflow task is begun by another.");
            case { NotBefore: { } pause } when pause > run.Now:
                return run.Stale("The pause before the next attempt isn't over.");
            default:
                break;
        }

        var (size, suggest) = (run.Run.HistorySize, SuggestsContinueAsNew(run));
        if (run.Run.Task is { ScheduledEventId: > 0 and var scheduled })
        {
            run.Record(new WorkflowTaskStarted(scheduled, input.Identity, input.RequestId, size, suggest));
        }

        run.Write(new TaskBegun(input.Identity, input.RequestId, input.InProcess, run.Now, size, suggest));
        return run.Done();
    }

    /// <summary>The begun task lasts: a speculative one is written down.</summary>
    public static WorkflowDecision Keep(DecisionRun run, KeepTask input)
    {
        if (Begun(run, input.RunId) is { } refusal)
        {
            return refusal;
        }

        KeepSpeculative(run);
        return run.Done();
    }

    public static WorkflowDecision EndLocalStep(DecisionRun run, EndLocalStep input)
    {
        if (Begun(run, input.RunId) is { } refusal)
        {
            return refusal;
        }

        if (!run.Run.LocalSteps.Exists(step => step.Sequence == input.Step.Sequence))
        {
            KeepSpeculative(run);
            run.Write(new LocalStepEnded(input.Step));
        }

        return run.Done();
    }

    public static WorkflowDecision Finish(DecisionRun run, FinishTask input)
    {
        if (Begun(run, input.RunId) is { } refusal)
        {
            return refusal;
        }

        if (input.RequestId is { } request && !string.Equals(request, run.Run.Task!.Begun!.RequestId, StringComparison.Ordinal))
        {
            return run.Stale("The workflow task was begun by another.");
        }

        switch (input.Outcome)
        {
            case TaskDone done:
                Complete(run, Whole(done), input.Asked.IsDefault ? [] : input.Asked);
                break;
            case TaskFailed failed:
                Fail(run, failed.Cause, failed.Failure, failed.Identity);
                break;
            default:
                return run.Refuse(WorkflowRefusalCode.Invalid, "A task ends done or failed.");
        }

        return run.Done();
    }

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

    private static void Complete(DecisionRun run, TaskDone done, ImmutableArray<UpdateRequest> asked)
    {
        var start = run.Here();
        if (run.Run.Task is { Speculative: true } && HasNoConsequence(done))
        {
            run.Write(new TaskEnded());
            if (UpdateRules.Answer(run, done, asked) is { } wrong)
            {
                run.BackTo(start);
                Fail(run, wrong.Cause, wrong.ToFailure(), done.Identity);
            }

            return;
        }

        WriteEvents(run);
        var task = run.Run.Task!;
        var completed = run.Record(new WorkflowTaskCompleted(task.ScheduledEventId, task.StartedEventId, done.Identity, done.SdkMetadata));
        if (new CommandRules(run, done, asked, completed).Take() is { } fault)
        {
            run.BackTo(start);
            Fail(run, fault.Cause, fault.ToFailure(), done.Identity);
        }
        else if (run.Run.Task is { Begun: not null }) // Else the run closed with it.
        {
            run.Write(new TaskEnded());
            if (NewsBuffer.Flush(run) || done.LocalWork)
            {
                Schedule(run);
            }
        }
    }

    // What a reader of the wire left out.
    private static TaskDone Whole(TaskDone done) => !done.Commands.IsDefault && !done.Messages.IsDefault ? done : done with
    {
        Commands = done.Commands.IsDefault ? [] : done.Commands,
        Messages = done.Messages.IsDefault ? [] : done.Messages,
    };

    private static bool HasNoConsequence(TaskDone done)
    {
        foreach (var message in done.Messages)
        {
            if (message is not UpdateRejected)
            {
                return false;
            }
        }

        return done.Commands.IsEmpty && !done.LocalWork;
    }

    private static void WriteEvents(DecisionRun run)
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

    private static WorkflowDecision? Known(DecisionRun run, string? runId) =>
        run.Open is not { } open ? run.NotFound()
        : runId is not null && !string.Equals(runId, open.RunId, StringComparison.Ordinal) ? run.Stale("That run is over.")
        : null;

    private static WorkflowDecision? Begun(DecisionRun run, string? runId) =>
        Known(run, runId) ?? (run.Run.Task?.Begun is null ? run.Stale("No workflow task is begun.") : null);

    private static bool SuggestsContinueAsNew(DecisionRun run) =>
        run.Run.NextEventId > run.Context.Limits.SuggestContinueAsNewEvents || run.Run.HistorySize >= run.Context.Limits.SuggestContinueAsNewOctets;
}
