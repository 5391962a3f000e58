using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Svom.EventStore;

/// <summary>How a silo holds its shards of owed and due rows.</summary>
public sealed class ShardOptions
{
    public const string Section = "Svom:Shards";

    /// <summary>A shard not renewed for this long is free for another silo. Default: 60 s, for one silo alone; a cluster sets 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Pause between two scans for rows that the fast path missed. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Scan { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class ShardOptionsValidator : IValidateOptions<ShardOptions>;

/// <summary>
/// The safety net under the fast path: leases shards, scans them for owed rows that a crash left behind, and wakes streams whose
/// due time has come. Near due times are kept in memory, so a wake-up costs no polling.
/// </summary>
internal sealed partial class ShardWatch(
    IEventStore store, LandedAppends landed, OwedDispatcher dispatcher, IEnumerable<IDueRoute> dueRoutes, ILocalSiloDetails silo, TimeProvider time,
    IOptions<ShardOptions> options, ILogger<ShardWatch> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int ScanPage = 1_000;

    // The first scan must see everything owed: an older row found later would come after a newer one.
    private const int FullScan = 1_000_000;
    private readonly Dictionary<string, IDueRoute> routes = dueRoutes.ToDictionary(static route => route.StreamKind, StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim sooner = new(0, 1);
    private readonly Lock expecting = new();
    private long nextDueTicks = long.MaxValue;
    private Task running = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(ShardWatch), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private void TakeUp(LandedAppend append)
    {
        dispatcher.TakeUpLanded([.. append.Append.Owed.Select((message, n) => new OwedRow(append.Append.Stream, append.Version, n, message))]);
        foreach (var due in append.Append.Due)
        {
            if (due.At is { } at)
            {
                Expect(at);
            }
        }
    }

    private void Expect(DateTimeOffset at)
    {
        lock (expecting) // The writer's thread and the scan both come here.
        {
            if (at.UtcTicks < Interlocked.Read(ref nextDueTicks))
            {
                Interlocked.Exchange(ref nextDueTicks, at.UtcTicks);
                if (sooner.CurrentCount == 0)
                {
                    sooner.Release();
                }
            }
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        sooner.Dispose();
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        landed.TakenBy(TakeUp);
        running = Task.Run(() => RunAsync(stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await running;
        await store.ReleaseShardsAsync(silo.Name, cancellationToken);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var renewAt = DateTimeOffset.MinValue;
        IReadOnlyList<ShardLease> held = [];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var now = time.GetUtcNow();
                if (now >= renewAt)
                {
                    held = await store.LeaseShardsAsync(silo.Name, 0, StreamId.ShardCount, now, now + options.Value.Lease, cancellationToken);
                    renewAt = now + (options.Value.Lease / 3);
                }

                await ScanAsync(held, now, cancellationToken);
                await WaitAsync(now, renewAt, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogScanFailed(failure);
                await Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None);
            }
        }
    }

    private async Task ScanAsync(IReadOnlyList<ShardLease> held, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref nextDueTicks, long.MaxValue);
        foreach (var (from, to) in Ranges(held))
        {
            dispatcher.TakeUpScanned(await store.OwedAsync(from, to, FullScan, cancellationToken));
            foreach (var due in await store.DueAsync(from, to, now + options.Value.Scan, ScanPage, cancellationToken))
            {
                if (due.At > now)
                {
                    Expect(due.At);
                }
                else
                {
                    await WakeAsync(due, cancellationToken);
                }
            }
        }
    }

    private async Task WakeAsync(DueRow due, CancellationToken cancellationToken)
    {
        var (kind, key) = Split(due.Stream);
        try
        {
            if (routes.TryGetValue(kind, out var route))
            {
                await route.WakeAsync(key, due.Name, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotWoken(due.Stream.Value, due.Name, failure); // The row stays: the next scan wakes it again.
        }
    }

    private async Task WaitAsync(DateTimeOffset now, DateTimeOffset renewAt, CancellationToken cancellationToken)
    {
        var until = now + options.Value.Scan < renewAt ? now + options.Value.Scan : renewAt;
        var due = Interlocked.Read(ref nextDueTicks);
        if (due < until.UtcTicks)
        {
            until = new(Math.Max(due, now.UtcTicks), TimeSpan.Zero);
        }

        using var sleep = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(until - now, time, sleep.Token), sooner.WaitAsync(sleep.Token));
        await sleep.CancelAsync();
    }

    private static (string Kind, string Key) Split(StreamId stream)
    {
        var slash = stream.Value.IndexOf('/', StringComparison.Ordinal);
        return (stream.Value[..slash], stream.Value[(slash + 1)..]);
    }

    /// <summary>Held shards as ranges [from, to), so that a silo alone asks once.</summary>
    private static IEnumerable<(int From, int To)> Ranges(IReadOnlyList<ShardLease> held)
    {
        var from = -1;
        var next = -1;
        foreach (var shard in held.Select(static lease => lease.Shard).Order())
        {
            if (shard != next)
            {
                if (from >= 0)
                {
                    yield return (from, next);
                }

                from = shard;
            }

            next = shard + 1;
        }

        if (from >= 0)
        {
            yield return (from, next);
        }
    }

    [LoggerMessage(1211, LogLevel.Warning, "The scan of shards failed; again in a second")]
    private partial void LogScanFailed(Exception failure);

    [LoggerMessage(1212, LogLevel.Warning, "{Stream} could not be woken for {Name}; again at the next scan")]
    private partial void LogNotWoken(string stream, string name, Exception failure);
}
