using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Svom.EventStore;

/// <summary>
/// Delivers what streams owe: at once what this silo committed, and what a scan finds after a crash. Messages for one target keep
/// their order; a target that does not take them is tried again with growing pauses, and holds up nobody else.
/// </summary>
internal sealed partial class OwedDispatcher : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly IEventStore store;
    private readonly TimeProvider time;
    private readonly ILogger<OwedDispatcher> logger;
    private readonly Dictionary<string, IOwedRoute> routes;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Route, string Target), Queue<OwedRow>> queues = [];

    // Known rows, from being taken up until their removal was tried: a scan in between must not deliver them again. Where the removal
    // failed, a later scan finds them and they are delivered once more, which their targets must bear anyway.
    private readonly ConcurrentDictionary<(StreamId, long, int), byte> known = new();
    private readonly CancellationTokenSource stopping;

    // What landed before the first scan; null once the fast path is open.
    private List<OwedRow>? early = [];

    public OwedDispatcher(IEventStore store, IEnumerable<IOwedRoute> routes, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<OwedDispatcher> logger)
    {
        (this.store, this.time, this.logger) = (store, time, logger);
        this.routes = routes.ToDictionary(static route => route.Name, StringComparer.Ordinal);
        stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    }

    /// <summary>Rows taken up and not yet removed.</summary>
    public int Outstanding => known.Count;

    /// <summary>Takes rows of a scan up. The first scan opens the fast path: until then what lands waits, so that older rows come first.</summary>
    public void TakeUpScanned(IEnumerable<OwedRow> rows)
    {
        lock (gate)
        {
            TakeUp(rows);
            if (early is { } landed)
            {
                early = null;
                TakeUp(landed);
            }
        }
    }

    /// <summary>Takes rows up that this silo just committed.</summary>
    public void TakeUpLanded(IReadOnlyList<OwedRow> rows)
    {
        lock (gate)
        {
            if (early is null)
            {
                TakeUp(rows);
            }
            else
            {
                early.AddRange(rows);
            }
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private void TakeUp(IEnumerable<OwedRow> rows)
    {
        foreach (var row in rows)
        {
            if (!stopping.IsCancellationRequested && known.TryAdd((row.Stream, row.Version, row.N), 0))
            {
                Enqueue((row.Message.Route, row.Message.Target), row);
            }
        }
    }

    private void Enqueue((string Route, string Target) address, OwedRow row)
    {
        if (!queues.TryGetValue(address, out var queue))
        {
            queues[address] = queue = [];
            var token = stopping.Token;
            _ = Task.Run(() => RunAsync(address, queue, token), token);
        }

        queue.Enqueue(row);
    }

    /// <returns>What waits for the target, at most 256 rows; empty when the target's queue has ended.</returns>
    private List<OwedRow> TakeWaiting((string Route, string Target) address, Queue<OwedRow> queue)
    {
        var rows = new List<OwedRow>();
        lock (gate)
        {
            while (rows.Count < 256 && queue.TryDequeue(out var row))
            {
                rows.Add(row);
            }

            if (rows.Count == 0)
            {
                queues.Remove(address);
            }
        }

        return rows;
    }

    private async Task RunAsync((string Route, string Target) address, Queue<OwedRow> queue, CancellationToken cancellationToken)
    {
        try
        {
            var pause = FirstPause;
            for (var rows = TakeWaiting(address, queue); rows.Count > 0; rows = TakeWaiting(address, queue))
            {
                if (await TryDeliverAsync(address, rows, pause, cancellationToken))
                {
                    pause = FirstPause;
                    _ = SettleAsync(rows, cancellationToken);
                    continue;
                }

                PutBack(queue, rows);
                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: what is not settled stands in the store and is found by the next scan.
        }
    }

    private async Task<bool> TryDeliverAsync((string Route, string Target) address, List<OwedRow> rows, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            if (!routes.TryGetValue(address.Route, out var route))
            {
                throw new InvalidOperationException($"No receiver for route '{address.Route}'.");
            }

            await route.DeliverAsync(address.Target, rows, cancellationToken);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotTaken(address.Route, address.Target, rows.Count, pause.TotalMilliseconds, failure);
            return false;
        }
    }

    /// <summary>What was not taken goes back in the order of its streams: an older row that a scan found meanwhile comes first.</summary>
    private void PutBack(Queue<OwedRow> queue, List<OwedRow> rows)
    {
        lock (gate)
        {
            var all = rows.Concat(queue).OrderBy(static row => row.Stream.Value, StringComparer.Ordinal).ThenBy(static row => row.Version).ThenBy(static row => row.N).ToArray();
            queue.Clear();
            foreach (var row in all)
            {
                queue.Enqueue(row);
            }
        }
    }

    private async Task SettleAsync(List<OwedRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            await store.SettleAsync(rows, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotSettled(rows.Count, failure);
        }

        foreach (var row in rows)
        {
            known.TryRemove((row.Stream, row.Version, row.N), out _);
        }
    }

    [LoggerMessage(1201, LogLevel.Warning, "Owed messages not taken by {Route}/{Target} ({Count} rows); again in {PauseMs} ms")]
    private partial void LogNotTaken(string route, string target, int count, double pauseMs, Exception failure);

    [LoggerMessage(1202, LogLevel.Warning, "{Count} delivered messages could not be marked as settled; they will be delivered again")]
    private partial void LogNotSettled(int count, Exception failure);
}
