namespace Svom.Workflows;

/// <summary>What is said to a run from outside: signals, and requests to stop.</summary>
internal static class SignalRules
{
    public static WorkflowDecision Decide(DecisionRun run, Signal input)
    {
        if (run.State.Run is { } newest && IsTaken(newest, input.RequestId))
        {
            return run.Done(); // Said again, perhaps after the run closed: it was heard.
        }

        if (Meant(run, input.RunId, input.ChildOf) is not { } open)
        {
            return run.NotFound();
        }

        if (string.IsNullOrEmpty(input.SignalName))
        {
            return run.Refuse(WorkflowRefusalCode.Invalid, "A signal needs a name.");
        }

        if (IsFull(run, open))
        {
            return run.Refuse(WorkflowRefusalCode.LimitExceeded, $"The run has taken {run.Context.Limits.Signals} signals.");
        }

        run.News(EventOf(input));
        return run.Done();
    }

    /// <summary>Asked once, the run is asked: further requests change nothing.</summary>
    public static WorkflowDecision Decide(DecisionRun run, RequestCancel input)
    {
        if (run.State.Run is { } newest && IsTaken(newest, input.RequestId))
        {
            return run.Done(); // Said again, perhaps after the run closed: it was heard.
        }

        if (Meant(run, input.RunId, input.ChildOf) is not { } open)
        {
            return run.NotFound();
        }

        if (!open.CancelRequested)
        {
            run.News(new WorkflowExecutionCancelRequested(input.Cause, input.Identity, input.ExternalRun, input.ExternalInitiatedEventId));
        }

        if (input.RequestId is { } request)
        {
            run.Write(new RequestTaken(request));
        }

        return run.Done();
    }

    public static WorkflowExecutionSignaled EventOf(Signal signal) => new(signal.SignalName, signal.Input, signal.Identity, signal.Headers, signal.RequestId);

    public static bool IsTaken(RunState run, string? requestId) =>
        requestId is not null && (run.RequestIds.Contains(requestId) || run.EarlierRequestIds.Contains(requestId));

    /// <summary>Waiting signals count; they are counted only where the number may matter.</summary>
    public static bool IsFull(DecisionRun run, RunState open)
    {
        var room = run.Context.Limits.Signals - open.SignalCount;
        return room <= open.Buffered.Count && room <= open.Buffered.Count(static news => news.Attributes is WorkflowExecutionSignaled);
    }

    /// <summary>The open run, if it is the one that is meant. A parent knows its child by the first run of the chain.</summary>
    public static RunState? Meant(DecisionRun run, string? runId, WorkflowRunKey? childOf)
    {
        if (run.Open is not { } open || (childOf is not null && open.Started.Parent?.Run != childOf))
        {
            return null;
        }

        var meant = string.IsNullOrEmpty(runId) || string.Equals(runId, open.RunId, StringComparison.Ordinal)
            || (childOf is not null && string.Equals(runId, open.Started.FirstRunId, StringComparison.Ordinal));
        return meant ? open : null;
    }
}
