namespace Svom.Workflows;

/// <summary>
/// Runs a workflow's code on the thread that asks for it, one piece after the other in the order of their coming. What comes from
/// another thread is not run: it is a sign that the code awaited something that no history keeps.
/// </summary>
internal sealed class WorkflowPump(WorkflowInstance instance) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> pieces = new();
    private int thread;

    public WorkflowInstance Instance { get; } = instance;

    /// <summary>True on the thread that runs the code, while it does.</summary>
    public bool IsHere => Volatile.Read(ref thread) == Environment.CurrentManagedThreadId;

    public int Count => pieces.Count;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsHere)
        {
            Instance.BlameForeign(ForeignAwait.Continuation(state));
            return;
        }

        pieces.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Workflow code never blocks: it can't send to its own context.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the next piece.</summary>
    /// <returns><see langword="false"/> when there was none.</returns>
    public bool RunNext()
    {
        if (!pieces.TryDequeue(out var piece))
        {
            return false;
        }

        piece.Callback(piece.State);
        return true;
    }

    /// <summary>Forgets what was not run.</summary>
    public void Clear() => pieces.Clear();

    /// <summary>Makes this thread the one that runs the code, until the scope ends.</summary>
    public Scope Enter()
    {
        if (Interlocked.CompareExchange(ref thread, Environment.CurrentManagedThreadId, 0) != 0)
        {
            throw new InvalidOperationException("A workflow's code runs already: its instance takes one call at a time.");
        }

        return new(this, this, leaves: true);
    }

    /// <summary>
    /// Hides the context, until the scope ends: whoever awaits what is settled meanwhile goes on in his turn, not in the midst of this.
    /// </summary>
    public Scope Aside() => new(this, null, leaves: false);

    /// <summary>A stretch of code under a context; the one before comes back at its end.</summary>
    public readonly ref struct Scope
    {
        private readonly WorkflowPump pump;
        private readonly SynchronizationContext? before;
        private readonly bool leaves;

        public Scope(WorkflowPump pump, SynchronizationContext? context, bool leaves)
        {
            (this.pump, this.leaves) = (pump, leaves);
            before = Current;
            SetSynchronizationContext(context);
        }

        public void Dispose()
        {
            SetSynchronizationContext(before);
            if (leaves)
            {
                Volatile.Write(ref pump.thread, 0);
            }
        }
    }
}

/// <summary>Something durable that the code waits for. Settled under no context, so that those who await it go on through the pump.</summary>
internal sealed class Promise<T>(WorkflowPump pump)
{
    private readonly TaskCompletionSource<T> source = new();

    public Task<T> Task => source.Task;

    public bool IsSettled => source.Task.IsCompleted;

    public void Succeed(T value)
    {
        using (pump.Aside())
        {
            source.TrySetResult(value);
        }
    }

    public void Fail(Exception exception)
    {
        using (pump.Aside())
        {
            source.TrySetException(exception);
        }
    }

    public void Cancel(CancellationToken token)
    {
        using (pump.Aside())
        {
            source.TrySetCanceled(token);
        }
    }
}
