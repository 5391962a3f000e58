using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>An activity, as its workflow waits for it.</summary>
internal sealed class ActivityOperation(WorkflowInstance run, string id, string type, ActivityCancellationType cancellation) : DurableOperation(run)
{
    private readonly Promise<ImmutableArray<Payload>> promise = new();
    private bool cancelAsked;

    public Task<ImmutableArray<Payload>> Task => promise.Task;

    public override void Apply(EventAttributes attributes)
    {
        if (promise.IsSettled || attributes is ActivityTaskStarted)
        {
            return;
        }

        Settled();
        switch (attributes)
        {
            case ActivityTaskCompleted completed:
                promise.Succeed(completed.Result);
                break;
            case ActivityTaskFailed failed:
                Fail("Activity task failed", failed.Failure, failed.StartedEventId, failed.Identity, failed.RetryState);
                break;
            case ActivityTaskTimedOut timedOut:
                Fail("Activity task timed out", timedOut.Failure, timedOut.StartedEventId, "", timedOut.RetryState);
                break;
            case ActivityTaskCanceled canceled:
                Fail("Activity task canceled", new CancelledFailure("Activity canceled", canceled.Details), canceled.StartedEventId, canceled.Identity, RetryState.CancelRequested);
                break;
            default:
                throw new WorkflowNonDeterminismException($"{IssuedCommand.Describe(attributes)} is no end of activity '{type}' of event {EventId}.");
        }
    }

    protected override void Cancel()
    {
        if (promise.IsSettled || cancelAsked)
        {
            return;
        }

        cancelAsked = true;
        var withdrawn = Withdraw();
        if (!withdrawn && cancellation != ActivityCancellationType.Abandon)
        {
            Run.Issue(new RequestCancelActivityTask(EventId));
        }

        if (withdrawn || cancellation != ActivityCancellationType.WaitCancellationCompleted)
        {
            Settled();
            Fail("Activity canceled", new CancelledFailure("Activity canceled", []), 0, "", RetryState.CancelRequested);
        }
    }

    private void Fail(string message, Failure cause, long startedEventId, string identity, RetryState state) =>
        promise.Fail(FailureConverter.ToException(new ActivityFailure(message, EventId, startedEventId, identity, type, id, state, Cause: cause)));
}

/// <summary>A local activity: its end comes from whoever runs the code, and out of a marker when it is replayed.</summary>
internal sealed class LocalActivityOperation(WorkflowInstance run, LocalActivityRequest request, ActivityCancellationType cancellation) : DurableOperation(run)
{
    private readonly Promise<ImmutableArray<Payload>> promise = new();

    public LocalActivityRequest Request { get; } = request;

    public Task<ImmutableArray<Payload>> Task => promise.Task;

    /// <summary>Somebody was asked to run it.</summary>
    public bool Given { get; set; }

    /// <summary>False once the code no longer waits for its end.</summary>
    public bool IsOpen => !promise.IsSettled;

    public override void Apply(EventAttributes attributes) => throw new WorkflowNonDeterminismException("A local activity has no events.");

    public void End(LocalStep step)
    {
        Settled();
        if (step.Result is { } result)
        {
            promise.Succeed(result);
            return;
        }

        Fail("Local activity failed", step.Failure ?? new ServerFailure("It ended without result and without failure.", NonRetryable: true));
    }

    protected override void Cancel()
    {
        if (promise.IsSettled)
        {
            return;
        }

        if (cancellation != ActivityCancellationType.Abandon)
        {
            Run.StopLocal(this, waits: cancellation == ActivityCancellationType.WaitCancellationCompleted);
        }

        if (cancellation != ActivityCancellationType.WaitCancellationCompleted)
        {
            Settled();
            Fail("Local activity canceled", new CancelledFailure("Activity canceled", []));
        }
    }

    private void Fail(string message, Failure cause) => promise.Fail(FailureConverter.ToException(new ActivityFailure(
        message, 0, 0, "", Request.ActivityType, Request.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture),
        cause is CancelledFailure ? RetryState.CancelRequested : RetryState.Unspecified, Cause: cause)));
}
