using Microsoft.Extensions.Logging;

namespace Svom.EventStore;

/// <summary>Calls whoever takes up the work of dead silos, after newly held shards and after deaths: one call at a time each, again when it failed.</summary>
internal sealed partial class ShardRecoveries(
    IEnumerable<IShardRecovery> recoveries, ShardsHeld held, ISiloRoll silos, TimeProvider time, ILogger<ShardRecoveries> logger)
    : IShardListener, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private readonly (IShardRecovery Recovery, SemaphoreSlim Wanted)[] all = [.. recoveries.Select(static recovery => (recovery, new SemaphoreSlim(0, 1)))];
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(ShardRecoveries), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Taken(IReadOnlyList<int> shards) => Want();

    public void Died(IReadOnlyList<string> silos) => Want();

    public void Dispose()
    {
        stopping.Dispose();
        foreach (var (_, wanted) in all)
        {
            wanted.Dispose();
        }
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.WhenAll(all.Select(one => Task.Run(() => RunAsync(one.Recovery, one.Wanted, stopping.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await running;
    }

    private void Want()
    {
        lock (gate)
        {
            foreach (var (_, wanted) in all.Where(static one => one.Wanted.CurrentCount == 0))
            {
                wanted.Release();
            }
        }
    }

    private async Task RunAsync(IShardRecovery recovery, SemaphoreSlim wanted, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await wanted.WaitAsync(cancellationToken);
                for (var pause = FirstPause; !await TryAsync(recovery, cancellationToken); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
                {
                    await Task.Delay(pause, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: whoever takes the shards over calls its own.
        }
    }

    private async Task<bool> TryAsync(IShardRecovery recovery, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestCall, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await recovery.RecoverAsync(held.Ranges(), silos.Now.Alive, either.Token);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRecovered(recovery.GetType().Name, failure);
            return false;
        }
    }

    [LoggerMessage(1231, LogLevel.Warning, "{Recovery} could not take up the work of dead silos; again soon")]
    private partial void LogNotRecovered(string recovery, Exception failure);
}
