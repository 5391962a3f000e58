using System.Collections.Immutable;

namespace Svom.EventStore;

/// <summary>A roll that a test writes.</summary>
internal sealed class SilosOnRoll(string self) : ISiloRoll, IDisposable
{
    private readonly SemaphoreSlim waits = new(0);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Self => self;

    public SiloView Now { get; private set; } = new(1, [self], ImmutableHashSet.Create(self));

    /// <summary>Completes once for each time that somebody begins to wait for a change.</summary>
    public async Task WaitedForAsync() => Assert.True(await waits.WaitAsync(TimeSpan.FromSeconds(30)));

    public void Dispose() => waits.Dispose();

    /// <summary>Silos come and go.</summary>
    public void Set(params string[] alive)
    {
        Now = new(Now.Version + 1, [.. alive.Order(StringComparer.Ordinal)], alive.ToHashSet(StringComparer.Ordinal));
        Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public async Task ChangedAsync(long version, CancellationToken cancellationToken)
    {
        waits.Release();
        while (Now.Version <= version)
        {
            await changed.Task.WaitAsync(cancellationToken);
        }
    }
}
