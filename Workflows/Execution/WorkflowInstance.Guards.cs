using System.Runtime.ExceptionServices;

namespace Svom.Workflows;

/// <content>What keeps the code on its history's way.</content>
public sealed partial class WorkflowInstance
{
    private Task? author;
    private ExceptionDispatchInfo? blamed;
    private string? foreign;
    private string? silenced;

    /// <summary>The task fails with this, even when the code catches it.</summary>
    internal void Blame(Exception exception) => blamed ??= ExceptionDispatchInfo.Capture(exception);

    /// <summary>Something came from another thread. Any thread may say so.</summary>
    internal void BlameForeign(string what)
    {
        if (Interlocked.CompareExchange(ref foreign, what, null) is null)
        {
            WhenBlamed?.Invoke();
        }
    }

    /// <summary>Until the end of the scope, the code may look but not ask for anything.</summary>
    internal SilentScope Silence(string who)
    {
        var before = silenced;
        silenced = who;
        return new(this, before);
    }

    /// <exception cref="InvalidOperationException">The code that runs may change nothing.</exception>
    internal void EnsureMayAsk()
    {
        if (silenced is not null)
        {
            throw new InvalidOperationException($"{silenced} may not ask for anything durable or draw from the run's random numbers: it only looks.");
        }
    }

    private void ThrowIfBlamed()
    {
        blamed?.Throw();
        if (Volatile.Read(ref foreign) is { } what)
        {
            throw new ForeignAwaitException($"{Author}: {what}. Its code may await steps of the workflow only: nothing else is in its history.");
        }
    }

    /// <summary>Nothing that a history keeps could ever wake the code: then it awaits something foreign.</summary>
    private void ThrowIfStuck()
    {
        if (closed || Waiting > 0)
        {
            return;
        }

        foreach (var handler in waiting)
        {
            ThrowIfForeign(handler, mayBeWoken: true);
        }

        if (conditions.Count == 0 && author is { IsCompleted: false })
        {
            ThrowIfForeign(author, mayBeWoken: definition.Signals.Count > 0 || definition.Updates.Count > 0 || definition.DynamicSignal is not null);
        }
    }

    /// <param name="mayBeWoken">Handlers may set what it awaits.</param>
    private void ThrowIfForeign(Task code, bool mayBeWoken)
    {
        var leaf = ForeignAwait.Leaf(code);
        if (!mayBeWoken || ForeignAwait.IsForeign(leaf))
        {
            throw new ForeignAwaitException($"{Author} awaits {ForeignAwait.Describe(leaf)}. Nothing in its history could ever wake it.");
        }
    }

    internal readonly ref struct SilentScope(WorkflowInstance run, string? before)
    {
        public void Dispose() => run.silenced = before;
    }
}
