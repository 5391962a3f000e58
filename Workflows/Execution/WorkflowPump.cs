using System.Runtime.ExceptionServices;

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

        var flow = ExecutionContext.Capture();
        piece.Callback(piece.State);
        Restore(flow); // What a piece says to its own flow stays there.
        return true;
    }

    /// <summary>Forgets what was not run.</summary>
    public void Clear() => pieces.Clear();

    /// <summary>
    /// Runs code here and now, on this thread, under this context. The caller's task scheduler (a grain has its own) is hidden from
    /// it, for continuations would be queued there.
    /// </summary>
    public TResult Run<TState, TResult>(Func<WorkflowInstance, TState, TResult> code, TState state)
    {
        if (TaskScheduler.Current == TaskScheduler.Default)
        {
            return RunHere(code, state);
        }

        var call = new HiddenCall<TState, TResult>(this, code, state);
        new Task(static call => ((HiddenCall<TState, TResult>)call!).Run(), call).RunSynchronously(TaskScheduler.Default);
        return call.Answer();
    }

    private TResult RunHere<TState, TResult>(Func<WorkflowInstance, TState, TResult> code, TState state)
    {
        if (Interlocked.CompareExchange(ref thread, Environment.CurrentManagedThreadId, 0) != 0)
        {
            throw new InvalidOperationException("A workflow's code runs already: its instance takes one call at a time.");
        }

        var flow = ExecutionContext.Capture();
        try
        {
            using (new Scope(this))
            {
                return code(Instance, state);
            }
        }
        finally
        {
            Volatile.Write(ref thread, 0);
            Restore(flow);
        }
    }

    private sealed class HiddenCall<TState, TResult>(WorkflowPump pump, Func<WorkflowInstance, TState, TResult> code, TState state)
    {
        private TResult result = default!;
        private ExceptionDispatchInfo? thrown;

        public void Run()
        {
            try
            {
                result = pump.RunHere(code, state);
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }
        }

        public TResult Answer()
        {
            thrown?.Throw();
            return result;
        }
    }

    private static void Restore(ExecutionContext? flow)
    {
        if (flow is not null)
        {
            ExecutionContext.Restore(flow);
        }
    }

    /// <summary>
    /// Hides the context, until the scope ends: whoever awaits what is settled meanwhile goes on in his turn, not in the midst of this.
    /// </summary>
    public static Scope Aside() => new(null);

    /// <summary>A stretch of code under a context; the one before comes back at its end.</summary>
    public readonly ref struct Scope
    {
        private readonly SynchronizationContext? before;

        public Scope(SynchronizationContext? context)
        {
            before = Current;
            SetSynchronizationContext(context);
        }

        public void Dispose() => SetSynchronizationContext(before);
    }
}

/// <summary>Something durable that the code waits for. Settled under no context, so that those who await it go on through the pump.</summary>
internal sealed class Promise<T>
{
    private readonly TaskCompletionSource<T> source = new();

    public Task<T> Task => source.Task;

    public bool IsSettled => source.Task.IsCompleted;

    public void Succeed(T value)
    {
        using (WorkflowPump.Aside())
        {
            source.TrySetResult(value);
        }
    }

    public void Fail(Exception exception)
    {
        using (WorkflowPump.Aside())
        {
            source.TrySetException(exception);
        }
    }

    public void Cancel(CancellationToken token)
    {
        using (WorkflowPump.Aside())
        {
            source.TrySetCanceled(token);
        }
    }
}
