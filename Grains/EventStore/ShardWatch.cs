using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Svom.EventStore;

/// <summary>
/// Sees to what streams owe and when they are to be woken. The fast path takes up what this silo commits; the safety net scans the held
/// shards for what others left there, and for due times that come near. Those beyond stay in the store alone, however many.
/// </summary>
internal sealed partial class ShardWatch : IShardListener, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int DuePage = 10_000;

    // The first scan must see everything owed: an older row found later would come after a newer one.
    private const int FullScan = 1_000_000;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private readonly IEventStore store;
    private readonly LandedAppends landed;
    private readonly OwedDispatcher dispatcher;
    private readonly ShardsHeld held;
    private readonly TimeProvider time;
    private readonly TimeSpan pause;
    private readonly ILogger<ShardWatch> logger;
    private readonly Dictionary<string, IDueRoute> routes;
    private readonly DueWheel wheel;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim sooner = new(0, 1);
    private readonly Lock asking = new();
    private Task running = Task.CompletedTask;
    private int overdue;

    public ShardWatch(
        IEventStore store, LandedAppends landed, OwedDispatcher dispatcher, IEnumerable<IDueRoute> dueRoutes, ShardsHeld held, TimeProvider time,
        IOptions<ShardOptions> options, ILogger<ShardWatch> logger)
    {
        (this.store, this.landed, this.dispatcher, this.held, this.time, this.logger) = (store, landed, dispatcher, held, time, logger);
        pause = options.Value.Scan;
        routes = dueRoutes.ToDictionary(static route => route.StreamKind, StringComparer.Ordinal);
        wheel = new(time == TimeProvider.System ? new ExactTime() : time, WakeAsync, held.Holds);
    }

    /// <summary>What comes due within this time is kept in memory: twice the pause, so that a late scan still comes in time.</summary>
    private TimeSpan Window => pause * 2;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(ShardWatch), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Taken(IReadOnlyList<int> shards) => ScanSooner();

    public void Died(IReadOnlyList<string> silos) => ScanSooner(); // What it committed lies in our shards, too.

    public void Dispose()
    {
        wheel.Dispose();
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
        wheel.Dispose();
        await running;
    }

    private void TakeUp(LandedAppend append)
    {
        var (stream, owed, due) = (append.Append.Stream, append.Append.Owed, append.Append.Due);
        if (owed.Count > 0)
        {
            dispatcher.TakeUpLanded([.. owed.Select((message, n) => new OwedRow(stream, append.Version, n, message))]);
        }

        if (due.Count > 0 && routes.ContainsKey(KindOf(stream)))
        {
            wheel.TakeUpLanded(stream, due, time.GetUtcNow() + Window);
        }
    }

    private void ScanSooner()
    {
        lock (asking)
        {
            if (sooner.CurrentCount == 0)
            {
                sooner.Release();
            }
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await held.Asked.WaitAsync(cancellationToken);
                var next = await ScanAsync(cancellationToken);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(Task.Delay(next, time, ended.Token), sooner.WaitAsync(ended.Token));
                await ended.CancelAsync();
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

    /// <returns>Pause until the next scan: shorter when more came due than one scan reads.</returns>
    private async Task<TimeSpan> ScanAsync(CancellationToken cancellationToken)
    {
        var ranges = held.Ranges();
        var owed = new List<OwedRow>();
        foreach (var (from, to) in ranges)
        {
            owed.AddRange(await store.OwedAsync(from, to, FullScan, cancellationToken));
        }

        dispatcher.TakeUpScanned(owed);

        // Rows that nobody takes stay and come first: they must not fill the page.
        var most = DuePage + overdue;
        var now = time.GetUtcNow();
        wheel.BeginScan();
        var (due, whole, next) = (new List<DueRow>(), true, pause);
        foreach (var (from, to) in ranges)
        {
            var rows = await store.DueAsync(from, to, now + Window, most, cancellationToken);
            due.AddRange(rows.Where(row => routes.ContainsKey(KindOf(row.Stream))));
            if (rows.Count == most)
            {
                (whole, next) = (false, Shorter(next, rows[^1].At - now));
            }
        }

        overdue = due.Count(row => row.At <= now);
        wheel.EndScan(due, whole);
        return next;
    }

    private static TimeSpan Shorter(TimeSpan pause, TimeSpan untilLast) =>
        untilLast < ShortestPause ? ShortestPause : untilLast < pause ? untilLast : pause;

    private async Task WakeAsync(DueRow due)
    {
        var kind = KindOf(due.Stream);
        try
        {
            await routes[kind].WakeAsync(due.Stream.Value[(kind.Length + 1)..], due.Name, stopping.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotWoken(due.Stream.Value, due.Name, failure); // The row stays: the next scan wakes it again.
        }
    }

    private static string KindOf(StreamId stream) => stream.Value[..stream.Value.IndexOf('/', StringComparison.Ordinal)];

    [LoggerMessage(1211, LogLevel.Warning, "The scan of shards failed; again in a second")]
    private partial void LogScanFailed(Exception failure);

    [LoggerMessage(1212, LogLevel.Warning, "{Stream} could not be woken for {Name}; again at the next scan")]
    private partial void LogNotWoken(string stream, string name, Exception failure);
}
