namespace Svom.Workflows;

/// <summary>
/// Starts: a workflow id has one open run at most, and policies say what becomes of a further start. The same request, asked
/// again, is the same start, however its run went on meanwhile.
/// </summary>
internal static class StartRules
{
    /// <summary>For one workflow task, where nobody says another.</summary>
    public static readonly TimeSpan TaskTimeout = TimeSpan.FromSeconds(10);

    public static WorkflowDecision Decide(DecisionRun run, Start input)
    {
        var request = input.Request;
        if (Fault(request) is { } fault)
        {
            return Refuse(run, request, WorkflowRefusalCode.Invalid, fault);
        }

        if (run.State.Run is { } newest && (string.Equals(newest.RequestId, request.RequestId, StringComparison.Ordinal) || newest.RequestIds.Contains(request.RequestId)))
        {
            return Began(run, request, newest.Started.FirstRunId);
        }

        if (run.State.EarlierStarts.Find(start => string.Equals(start.RequestId, request.RequestId, StringComparison.Ordinal)) is { } earlier)
        {
            return earlier.RunId is { } known ? Began(run, request, known) : RefuseChild(run, request);
        }

        return run.Open is { } open ? Meet(run, input, open)
            : run.State.Run is { } closed && !MayFollow(closed, request.IdReusePolicy)
                ? Refuse(run, request, WorkflowRefusalCode.AlreadyStarted, $"A run of this id is closed as {closed.Status}, and the reuse policy says no.", closed.RunId)
            : Begin(run, input);
    }

    private static WorkflowDecision Meet(DecisionRun run, Start input, RunState open)
    {
        var request = input.Request;
        if (request.IdConflictPolicy == WorkflowIdConflictPolicy.TerminateExisting || request.IdReusePolicy == WorkflowIdReusePolicy.TerminateIfRunning)
        {
            CloseRules.Terminate(run, "A new run of the same id takes its place.", new(string.Empty, [], request.Identity));
            return Begin(run, input);
        }

        if (input.Signal is null && request.IdConflictPolicy == WorkflowIdConflictPolicy.Fail)
        {
            return Refuse(run, request, WorkflowRefusalCode.AlreadyStarted, "A run of this id is open.", open.RunId);
        }

        if (input.Signal is { } signal && !SignalRules.IsTaken(open, signal.RequestId))
        {
            if (SignalRules.IsFull(run, open))
            {
                return Refuse(run, request, WorkflowRefusalCode.LimitExceeded, $"The run has taken {run.Context.Limits.Signals} signals.");
            }

            run.News(SignalRules.EventOf(signal));
        }

        run.Write(new RequestTaken(request.RequestId));
        return Began(run, request, open.RunId);
    }

    private static WorkflowDecision Begin(DecisionRun run, Start input)
    {
        var (request, runId) = (input.Request, run.Context.NewId());
        var delay = Times.Said(request.Delay);
        DateTimeOffset? end = Times.Said(request.ExecutionTimeout) is { } all ? Times.After(run.Now, Times.Sum(all, delay ?? TimeSpan.Zero)) : null;
        RunChain.Begin(
            run, runId, request.RequestId, request.InProcess,
            new(
                request.WorkflowType, request.TaskQueue, request.Input, Times.Said(request.ExecutionTimeout), Within(request.RunTimeout, request.ExecutionTimeout),
                Times.Said(request.TaskTimeout) ?? TaskTimeout, runId, runId, null, null, null, [], 1, end, request.RetryPolicy, delay, request.Parent,
                request.Identity, request.Memo, request.SearchAttributes, request.Headers),
            request.UserMetadata, input.Signal);
        return Began(run, request, runId);
    }

    private static WorkflowDecision Began(DecisionRun run, StartRequest request, string runId)
    {
        Answer(run, request, new ChildBegan(request.Parent?.InitiatedEventId ?? 0, runId));
        return run.Done(runId);
    }

    private static WorkflowDecision Refuse(DecisionRun run, StartRequest request, WorkflowRefusalCode code, string detail, string? runId = null)
    {
        if (request.Parent is null)
        {
            return run.Refuse(code, detail, runId);
        }

        run.Write(new StartRefused(request.RequestId));
        return RefuseChild(run, request);
    }

    // A parent's word is taken, and its answer is no. Of an invalid child it hears the same: its own rules let none out.
    private static WorkflowDecision RefuseChild(DecisionRun run, StartRequest request)
    {
        Answer(run, request, new ChildNotBegun(request.Parent?.InitiatedEventId ?? 0, StartChildFailedCause.WorkflowAlreadyExists));
        return run.Done() with { RunId = null };
    }

    private static void Answer(DecisionRun run, StartRequest request, AnswerNews answer)
    {
        if (request.Parent is { } parent)
        {
            run.Then(new Tell(parent.Namespace, parent.Run.WorkflowId, new InputMessage(answer with { AskingRunId = parent.Run.RunId })));
        }
    }

    private static bool MayFollow(RunState closed, WorkflowIdReusePolicy policy) => policy switch
    {
        WorkflowIdReusePolicy.RejectDuplicate => false,
        WorkflowIdReusePolicy.AllowDuplicateFailedOnly => closed.Status is RunStatus.Failed or RunStatus.Canceled or RunStatus.Terminated or RunStatus.TimedOut,
        _ => true,
    };

    private static string? Fault(StartRequest request) =>
        string.IsNullOrEmpty(request.WorkflowType) || string.IsNullOrEmpty(request.TaskQueue) || string.IsNullOrEmpty(request.RequestId)
            ? "A start needs a workflow type, a task queue and a request id."
        : !Enum.IsDefined(request.IdReusePolicy) || !Enum.IsDefined(request.IdConflictPolicy) ? "A policy of the start is unknown."
        : Times.Fault(request.ExecutionTimeout, request.RunTimeout, request.TaskTimeout, request.Delay) ?? request.RetryPolicy?.Fault();

    private static TimeSpan? Within(TimeSpan? run, TimeSpan? execution) =>
        Times.Said(execution) is not { } all ? Times.Said(run) : Times.Said(run) is { } one && one < all ? one : all;
}
