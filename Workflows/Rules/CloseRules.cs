namespace Svom.Workflows;

/// <summary>The end of a run, and what follows from it for everything that was open.</summary>
internal static class CloseRules
{
    /// <summary>Type of the failure that callers of updates get which the run accepted and did not answer.</summary>
    public const string ClosedBeforeUpdate = "AcceptedUpdateCompletedWorkflow";

    public static WorkflowDecision Decide(DecisionRun run, Terminate input)
    {
        if (SignalRules.Meant(run, input.RunId, input.ChildOf) is null)
        {
            return run.NotFound();
        }

        Terminate(run, input.Reason, input);
        return run.Done();
    }

    public static void Terminate(DecisionRun run, string reason, Terminate input)
    {
        TaskCourse.ForceClose(run);
        Close(run, new WorkflowExecutionTerminated(reason, input.Details, input.Identity));
    }

    /// <summary>The run's time is over, or that of its chain, after which no further run begins.</summary>
    public static void TimeOut(DecisionRun run, DeadlineKind kind)
    {
        TaskCourse.ForceClose(run);
        var failure = new TimeoutFailure("The run took longer than it may.", TimeoutKind.StartToClose, []);
        var retry = kind == DeadlineKind.ExecutionTimeout ? new(RetryState.Timeout, null) : RunChain.Judge(run, failure);
        var next = retry.At is null ? null : run.Context.NewId();
        Close(run, new WorkflowExecutionTimedOut(retry.State, next), null, next is null ? null : () => RunChain.Retry(run, next, failure, retry));
    }

    /// <param name="goOn">Begins the next run of the chain; null: the chain ends.</param>
    public static void Close(DecisionRun run, EventAttributes outcome, UserMetadata? userMetadata = null, Action? goOn = null)
    {
        var (open, key) = (run.Run, run.Key);
        run.Record(outcome, userMetadata);
        foreach (var activity in open.Activities.Values)
        {
            if (activity.Begun is not null)
            {
                run.Then(new StopAttempt(activity.ScheduledEventId, activity.Attempt, key.RunId));
            }
        }

        foreach (var child in open.Children.Values)
        {
            TellChild(run, child, key);
        }

        foreach (var (id, update) in open.Updates)
        {
            if (update.Completed is null)
            {
                run.Then(Unanswered(id));
            }
        }

        if (goOn is null && open.Started.Parent is { } parent)
        {
            run.Then(new Tell(parent.Namespace, parent.Run.WorkflowId, new InputMessage(
                new ChildClosed(parent.InitiatedEventId, open.Started.FirstRunId, outcome) { AskingRunId = parent.Run.RunId })));
        }

        run.Then(new RunClosed(key.RunId, outcome));
        goOn?.Invoke();
    }

    /// <summary>What the caller of an update is told that the run accepted and never answered.</summary>
    public static UpdateAnswered Unanswered(string updateId) =>
        new(updateId, true, null, new ApplicationFailure("The workflow closed before it answered the update.", ClosedBeforeUpdate, NonRetryable: true, []));

    private static void TellChild(DecisionRun run, ChildState child, WorkflowRunKey parent)
    {
        const string Why = "The parent closed.";
        WorkflowInput? input = child.Initiated.ParentClosePolicy switch
        {
            ParentClosePolicy.Terminate => new Terminate(Why, [], parent.WorkflowId, child.RunId, parent),
            ParentClosePolicy.RequestCancel => new RequestCancel(Why, parent.WorkflowId, null, child.RunId, parent, null, parent),
            _ => null,
        };
        if (input is not null)
        {
            run.Then(new Tell(child.Initiated.Namespace, child.Initiated.WorkflowId, new InputMessage(input)));
        }
    }
}
