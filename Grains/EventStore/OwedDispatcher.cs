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
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly IEventStore store;
    private readonly TimeProvider time;
    private readonly ILogger<OwedDispatcher> logger;
    private readonly Dictionary<string, IOwedRoute> routes;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Route, string Target), Queue<OwedRow>> queues = [];

    // Known rows, from being taken up until their removal is durable: a scan in between must not deliver them again.
    private readonly ConcurrentDictionary<(StreamId, long, int), byte> known = new();
    private readonly CancellationTokenSource stopping;

    public OwedDispatcher(IEventStore store, IEnumerable<IOwedRoute> routes, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<OwedDispatcher> logger)
    {
        (this.store, this.time, this.logger) = (store, time, logger);
        this.routes = routes.ToDictionary(static route => route.Name, StringComparer.Ordinal);
        stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    }

    /// <summary>Rows taken up and not yet removed.</summary>
    public int Outstanding => known.Count;

    /// <summary>Takes rows up, each once.</summary>
    public void TakeUp(IEnumerable<OwedRow> rows)
    {
        foreach (var row in rows)
        {
            if (!stopping.IsCancellationRequested && known.TryAdd((row.Stream, row.Version, row.N), 0))
            {
                Enqueue((row.Message.Route, row.Message.Target), row);
            }
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private void Enqueue((string Route, string Target) address, OwedRow row)
    {
        lock (gate)
        {
            if (!queues.TryGetValue(address, out var queue))
            {
                queues[address] = queue = [];
                var token = stopping.Token;
                _ = Task.Run(() => RunAsync(address, queue, token), token);
            }

            queue.Enqueue(row);
        }
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
            for (var rows = TakeWaiting(address, queue); rows.Count > 0; rows = TakeWaiting(address, queue))
            {
                await DeliverAsync(address, rows, cancellationToken);
                _ = SettleAsync(rows, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: what is not settled stands in the store and is found by the next scan.
        }
    }

    private async Task DeliverAsync((string Route, string Target) address, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                if (!routes.TryGetValue(address.Route, out var route))
                {
                    throw new InvalidOperationException($"No receiver for route '{address.Route}'.");
                }

                await route.DeliverAsync(address.Target, rows, cancellationToken);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotTaken(address.Route, address.Target, rows.Count, pause.TotalMilliseconds, failure);
                await Task.Delay(pause, time, cancellationToken);
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
