namespace Svom.Workflows;

/// <summary>Something that the code asked for and whose outcome comes as an event.</summary>
internal abstract class DurableOperation(WorkflowInstance run)
{
    private CancellationTokenRegistration watched;

    protected WorkflowInstance Run { get; } = run;

    /// <summary>Its command; null for one that has none.</summary>
    public IssuedCommand? Issued { get; set; }

    /// <summary>Event by which it was asked for; 0 until that is known.</summary>
    public long EventId { get; private set; }

    /// <summary>Its command has become this event.</summary>
    public void Recorded(long eventId) => EventId = eventId;

    /// <summary>Takes news of it.</summary>
    public abstract void Apply(EventAttributes attributes);

    /// <summary>The code wants it no more.</summary>
    protected abstract void Cancel();

    /// <summary>Lets a token cancel it.</summary>
    public void Watch(CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            watched = token.UnsafeRegister(static operation => ((DurableOperation)operation!).Cancelled(), this);
        }
    }

    /// <summary>Nobody waits for it any more.</summary>
    protected void Settled()
    {
        watched.Dispose();
        Run.Waiting--;
    }

    /// <summary>Takes its command back.</summary>
    /// <returns><see langword="false"/> when the command is out already.</returns>
    protected bool Withdraw()
    {
        if (EventId != 0 || Issued is null)
        {
            return false;
        }

        Issued.Withdrawn = true;
        return true;
    }

    private void Cancelled()
    {
        if (!Run.Pump.IsHere)
        {
            Run.BlameForeign("a CancellationTokenSource was cancelled outside the workflow, perhaps by its own timer: use Workflow.DelayAsync and Cancel");
            return;
        }

        Cancel();
    }
}

/// <summary>A timer; without a command it never ends by itself.</summary>
internal sealed class TimerOperation(WorkflowInstance run, string id, CancellationToken token) : DurableOperation(run)
{
    private readonly Promise<bool> promise = new();

    public Task<bool> Task => promise.Task;

    public string Id { get; } = id;

    public override void Apply(EventAttributes attributes)
    {
        if (!promise.IsSettled)
        {
            Settled();
            promise.Succeed(true);
        }
    }

    /// <summary>It is of no more use, for another reason than a token.</summary>
    public void Stop() => Cancel();

    protected override void Cancel()
    {
        if (promise.IsSettled)
        {
            return;
        }

        if (Issued is not null && !Withdraw())
        {
            Run.Issue(new CancelTimer(Id));
        }

        Settled();
        promise.Cancel(token);
    }
}
