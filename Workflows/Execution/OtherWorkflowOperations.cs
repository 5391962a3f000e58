using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>A child workflow: first its begin, then its end.</summary>
internal sealed class ChildOperation(WorkflowInstance run, StartChildWorkflow child, ChildWorkflowCancellationType cancellation) : DurableOperation(run)
{
    private readonly Promise<string> begun = new();
    private readonly Promise<ImmutableArray<Payload>> ended = new();
    private string runId = "";
    private bool cancelAsked;

    public string WorkflowId => child.WorkflowId;

    /// <summary>Id of its first run, once it began.</summary>
    public Task<string> Begun => begun.Task;

    public Task<ImmutableArray<Payload>> Ended => ended.Task;

    public override void Apply(EventAttributes attributes)
    {
        switch (attributes)
        {
            case ChildWorkflowExecutionStarted started:
                runId = started.Run.RunId;
                begun.Succeed(runId);
                break;
            case StartChildWorkflowExecutionFailed { Cause: StartChildFailedCause.WorkflowAlreadyExists }:
                NotBegun(new WorkflowAlreadyStartedException(child.WorkflowId, child.WorkflowType));
                break;
            case StartChildWorkflowExecutionFailed failed:
                NotBegun(new ServerFailureException($"Child workflow '{child.WorkflowId}' could not begin: {failed.Cause}.", nonRetryable: true));
                break;
            case ChildWorkflowExecutionCompleted completed:
                if (End())
                {
                    ended.Succeed(completed.Result);
                }

                break;
            case ChildWorkflowExecutionFailed failed:
                Fail("Child workflow failed", failed.Failure, failed.StartedEventId, failed.RetryState);
                break;
            case ChildWorkflowExecutionCanceled canceled:
                Fail("Child workflow canceled", new CancelledFailure("Workflow canceled", canceled.Details), canceled.StartedEventId, RetryState.CancelRequested);
                break;
            case ChildWorkflowExecutionTimedOut timedOut:
                Fail("Child workflow timed out", new TimeoutFailure("Workflow timed out", TimeoutKind.StartToClose, []), timedOut.StartedEventId, timedOut.RetryState);
                break;
            case ChildWorkflowExecutionTerminated terminated:
                Fail("Child workflow terminated", new TerminatedFailure("Workflow terminated"), terminated.StartedEventId, RetryState.NonRetryableFailure);
                break;
            default:
                throw new WorkflowNonDeterminismException($"{IssuedCommand.Describe(attributes)} is no news of child workflow '{child.WorkflowId}'.");
        }
    }

    /// <summary>The request to cancel has arrived, or never will.</summary>
    public void CancelRequestAnswered()
    {
        if (cancellation == ChildWorkflowCancellationType.WaitCancellationRequested)
        {
            Abandoned();
        }
    }

    protected override void Cancel()
    {
        if (ended.IsSettled || cancelAsked)
        {
            return;
        }

        cancelAsked = true;
        var withdrawn = Withdraw();
        if (!withdrawn && cancellation != ChildWorkflowCancellationType.Abandon)
        {
            Run.Issue(
                new RequestCancelExternalWorkflow(child.Namespace, child.WorkflowId, runId.Length > 0 ? runId : null, ChildOnly: true, "The parent asks."),
                new ChildCancelOperation(Run, this));
        }

        if (withdrawn || cancellation is ChildWorkflowCancellationType.Abandon or ChildWorkflowCancellationType.TryCancel)
        {
            Abandoned();
        }
    }

    private void Abandoned() => Fail("Child workflow canceled", new CancelledFailure("Workflow canceled", []), 0, RetryState.CancelRequested);

    private void NotBegun(Exception exception)
    {
        if (End())
        {
            begun.Fail(exception);
            ended.Fail(exception);
            _ = ended.Task.Exception; // Seen by those who wait for the begin.
        }
    }

    private void Fail(string message, Failure cause, long startedEventId, RetryState state)
    {
        if (!End())
        {
            return;
        }

        var exception = FailureConverter.ToException(new ChildWorkflowFailure(
            message, child.Namespace, new(child.WorkflowId, runId), child.WorkflowType, EventId, startedEventId, state, Cause: cause));
        if (!begun.IsSettled)
        {
            begun.Fail(exception);
            _ = begun.Task.Exception;
        }

        ended.Fail(exception);
        _ = ended.Task.Exception; // A parent need not ask for the end.
    }

    private bool End()
    {
        if (ended.IsSettled)
        {
            return false;
        }

        Settled();
        return true;
    }
}

/// <summary>A parent's request to cancel its child: nobody waits for its answer but the child's end.</summary>
internal sealed class ChildCancelOperation(WorkflowInstance run, ChildOperation child) : DurableOperation(run)
{
    public override void Apply(EventAttributes attributes) => child.CancelRequestAnswered();

    protected override void Cancel()
    {
    }
}

/// <summary>A signal, or a request to cancel, to a workflow elsewhere.</summary>
internal sealed class ExternalOperation(WorkflowInstance run, string what) : DurableOperation(run)
{
    private readonly Promise<bool> promise = new();

    public Task Task => promise.Task;

    public override void Apply(EventAttributes attributes)
    {
        if (promise.IsSettled)
        {
            return;
        }

        Settled();
        var cause = attributes switch
        {
            SignalExternalWorkflowExecutionFailed failed => failed.Cause,
            RequestCancelExternalWorkflowExecutionFailed failed => failed.Cause,
            _ => default(ExternalFailedCause?),
        };
        if (cause is null)
        {
            promise.Succeed(true);
            return;
        }

        promise.Fail(new ApplicationFailureException($"The {what} did not arrive: {cause}.", cause.ToString()));
    }

    protected override void Cancel()
    {
        if (!promise.IsSettled && Withdraw())
        {
            Settled();
            promise.Fail(new CanceledFailureException($"The {what} was canceled before it was sent."));
        }
    }
}
