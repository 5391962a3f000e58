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

        TaskCourse.KeepSpeculative(run);
        if (!input.Asked.IsDefaultOrEmpty && run.Run.Task!.Asked.IsEmpty)
        {
            run.Write(new UpdatesAsked(input.Asked));
        }

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
            TaskCourse.KeepSpeculative(run);
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
                TaskCourse.Fail(run, failed.Cause, failed.Failure, failed.Identity);
                break;
            default:
                return run.Refuse(WorkflowRefusalCode.Invalid, "A task ends done or failed.");
        }

        return run.Done();
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
                TaskCourse.Fail(run, wrong.Cause, wrong.ToFailure(), done.Identity);
            }

            return;
        }

        TaskCourse.WriteEvents(run);
        var task = run.Run.Task!;
        var completed = run.Record(new WorkflowTaskCompleted(task.ScheduledEventId, task.StartedEventId, done.Identity, done.SdkMetadata));
        if ((new CommandRules(run, done, asked, completed).Take() ?? TooLarge(run, start)) is { } fault)
        {
            run.BackTo(start);
            TaskCourse.Fail(run, fault.Cause, fault.ToFailure(), done.Identity);
        }
        else if (run.Run.Task is { Begun: not null }) // Else the run closed with it.
        {
            run.Write(new TaskEnded());
            if (NewsBuffer.Flush(run) || done.LocalWork)
            {
                TaskCourse.Schedule(run);
            }
        }
    }

    private static TaskFault? TooLarge(DecisionRun run, DecisionRun.Mark start) =>
        run.OctetsSince(start) is var octets && octets > run.Context.Limits.TaskOctets
            ? new(WorkflowTaskFailedCause.PayloadsTooLarge, $"The task writes events of {octets} octets, at most {run.Context.Limits.TaskOctets} are taken: the code has to ask for less at once.")
            : null;

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

    private static WorkflowDecision? Known(DecisionRun run, string? runId) =>
        run.Open is not { } open ? run.NotFound()
        : runId is not null && !string.Equals(runId, open.RunId, StringComparison.Ordinal) ? run.Stale("That run is over.")
        : null;

    private static WorkflowDecision? Begun(DecisionRun run, string? runId) =>
        Known(run, runId) ?? (run.Run.Task?.Begun is null ? run.Stale("No workflow task is begun.") : null);

    private static bool SuggestsContinueAsNew(DecisionRun run) =>
        run.Run.NextEventId > run.Context.Limits.SuggestContinueAsNewEvents || run.Run.HistorySize >= run.Context.Limits.SuggestContinueAsNewOctets;
}
