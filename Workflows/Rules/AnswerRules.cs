namespace Svom.Workflows;

/// <summary>What other workflows answer: children, and those that were signalled or asked to stop. A repeat, or an answer nobody waits for, changes nothing.</summary>
internal static class AnswerRules
{
    public static WorkflowDecision Decide(DecisionRun run, AnswerNews news)
    {
        if (run.Open is { } open && (news.AskingRunId is not { } asking || string.Equals(asking, open.RunId, StringComparison.Ordinal)))
        {
            Take(run, news, open);
        }

        return run.Done();
    }

    private static void Take(DecisionRun run, AnswerNews news, RunState open)
    {
        switch (news)
        {
            case ExternalSignalAnswered answer when open.ExternalSignals.TryGetValue(answer.InitiatedEventId, out var signal):
                run.News(answer.Cause is { } cause
                    ? new SignalExternalWorkflowExecutionFailed(
                        signal.Namespace, signal.WorkflowId, signal.RunId, cause, answer.InitiatedEventId, signal.TaskCompletedEventId)
                    : new ExternalWorkflowExecutionSignaled(signal.Namespace, signal.WorkflowId, signal.RunId, answer.InitiatedEventId));
                break;
            case ExternalCancelAnswered answer when open.ExternalCancels.TryGetValue(answer.InitiatedEventId, out var cancel):
                run.News(answer.Cause is { } why
                    ? new RequestCancelExternalWorkflowExecutionFailed(
                        cancel.Namespace, cancel.WorkflowId, cancel.RunId, why, answer.InitiatedEventId, cancel.TaskCompletedEventId)
                    : new ExternalWorkflowExecutionCancelRequested(cancel.Namespace, cancel.WorkflowId, cancel.RunId, answer.InitiatedEventId));
                break;
            default:
                if (open.Children.TryGetValue(news.InitiatedEventId, out var child))
                {
                    Take(run, news, child);
                }

                break;
        }
    }

    private static void Take(DecisionRun run, AnswerNews news, ChildState child)
    {
        var asked = child.Initiated;
        switch (news)
        {
            case ChildBegan began when child.RunId is null:
                Began(run, began.InitiatedEventId, asked, began.RunId);
                break;
            case ChildNotBegun not when child.RunId is null:
                run.News(new StartChildWorkflowExecutionFailed(
                    asked.Namespace, asked.WorkflowId, asked.WorkflowType, not.Cause, not.InitiatedEventId, asked.TaskCompletedEventId));
                break;
            case ChildClosed closed when Named(child, closed.RunId) && EventOf(closed, asked, 0) is not null:
                // A child that is quick may be over before its beginning is told.
                var started = child.RunId is null ? Began(run, closed.InitiatedEventId, asked, closed.RunId) : child.StartedEventId;
                run.News(EventOf(closed, asked, started)!);
                break;
            default:
                break;
        }
    }

    private static bool Named(ChildState child, string runId) => child.RunId is not { } known || string.Equals(known, runId, StringComparison.Ordinal);

    private static long Began(DecisionRun run, long initiatedEventId, StartChildWorkflowExecutionInitiated asked, string runId) =>
        run.News(new ChildWorkflowExecutionStarted(asked.Namespace, new(asked.WorkflowId, runId), asked.WorkflowType, initiatedEventId, asked.Headers));

    private static EventAttributes? EventOf(ChildClosed closed, StartChildWorkflowExecutionInitiated asked, long started)
    {
        var (ns, key, type, id) = (asked.Namespace, new WorkflowRunKey(asked.WorkflowId, closed.RunId), asked.WorkflowType, closed.InitiatedEventId);
        return closed.Outcome switch
        {
            WorkflowExecutionCompleted e => new ChildWorkflowExecutionCompleted(ns, key, type, id, started, e.Result),
            WorkflowExecutionFailed e => new ChildWorkflowExecutionFailed(ns, key, type, id, started, e.Failure, e.RetryState),
            WorkflowExecutionCanceled e => new ChildWorkflowExecutionCanceled(ns, key, type, id, started, e.Details),
            WorkflowExecutionTimedOut e => new ChildWorkflowExecutionTimedOut(ns, key, type, id, started, e.RetryState),
            WorkflowExecutionTerminated => new ChildWorkflowExecutionTerminated(ns, key, type, id, started),
            _ => null,
        };
    }
}
