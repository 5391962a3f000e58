using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Svom.EventStore;

/// <summary>
/// Holds this silo's fair share of the shards by leases. Shards beyond the share are not renewed and go to others when they run out; those
/// of a dead silo are taken when its leases have run out. The store decides who holds what, so silos whose views differ never hold one twice.
/// </summary>
internal sealed partial class ShardLeasing(
    IEventStore store, ShardsHeld held, ISiloRoll silos, IEnumerable<IShardListener> listeners, ILocalSiloDetails silo, TimeProvider time,
    IOptions<ShardOptions> options, ILogger<ShardLeasing> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    private TimeSpan Renewal => options.Value.Lease / 3;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(ShardLeasing), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose() => stopping.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.Run(() => RunAsync(stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await running;
        held.Set([]);
        await store.ReleaseShardsAsync(silo.Name, cancellationToken);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var known = silos.Now;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var view = silos.Now;
                await LeaseAsync(view, cancellationToken);
                TellOfDeaths(known, view);
                known = view;
                await WaitAsync(view, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogNotLeased(failure); // What is held ends by itself.
                await Task.Delay(Renewal / 3, time, cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task LeaseAsync(SiloView view, CancellationToken cancellationToken)
    {
        var (from, to) = FairShare.Of(silos.Self, view.Active);
        var now = time.GetUtcNow();
        var taken = held.Set(await store.LeaseShardsAsync(silo.Name, from, to, now, now + options.Value.Lease, cancellationToken));
        if (taken.Count > 0)
        {
            LogTaken(taken.Count, held.Count, view.Active.Count);
            foreach (var listener in listeners)
            {
                listener.Taken(taken);
            }
        }
    }

    private void TellOfDeaths(SiloView before, SiloView now)
    {
        var dead = before.Alive.Except(now.Alive, StringComparer.Ordinal).ToArray();
        if (dead.Length > 0)
        {
            LogDied(string.Join(", ", dead));
            foreach (var listener in listeners)
            {
                listener.Died(dead);
            }
        }
    }

    private async Task WaitAsync(SiloView view, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(Renewal, time, ended.Token), silos.ChangedAsync(view.Version, ended.Token));
        await ended.CancelAsync();
    }

    [LoggerMessage(1221, LogLevel.Warning, "Shards could not be leased")]
    private partial void LogNotLeased(Exception failure);

    [LoggerMessage(1222, LogLevel.Debug, "{Taken} shards taken, {Held} held; {Silos} silos share them")]
    private partial void LogTaken(int taken, int held, int silos);

    [LoggerMessage(1223, LogLevel.Information, "Silos died or left: {Silos}")]
    private partial void LogDied(string silos);
}
