using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Monitoring;

/// <summary>
/// Figures of how things stand, meter <c>Svom.Standing</c>: open bursts, alarms, what outlets have not sent, what feeds have not routed. They are read from the
/// stores when somebody asks, so that an idle platform does nothing for them; every process of a cluster tells the same.
/// </summary>
public sealed class StandingFigures
{
    public const string MeterName = "Svom.Standing";

    // More than these is no figure to be precise about, and a scrape must stay cheap.
    private const int MostBursts = 1_000;
    private const int MostWaiting = 1_000;

    // Whoever asks more often gets what was read last.
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly IEventStore store;
    private readonly IPacketLog log;
    private readonly PacketMetrics packets;
    private readonly IReadOnlyList<string> outlets;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private Figures figures = Figures.None;
    private Task? reading;
    private long readAt;

    internal StandingFigures(IMeterFactory meters, IEventStore store, IPacketLog log, PacketMetrics packets, IOptions<NotificationOptions> options, TimeProvider time)
    {
        (this.store, this.log, this.packets, this.time) = (store, log, packets, time);
        outlets = options.Value.Outlets;
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge<long>("svom.bursts.open", () => Now().Bursts, "{burst}", "Bursts that are followed, of the newest thousand.");
        meter.CreateObservableGauge<long>("svom.alarms", () => Now().Alarms, "{alarm}", "Alarms that are not at rest, by state and priority.");
        meter.CreateObservableGauge<long>("svom.outlet.waiting", () => Now().Waiting, "{notice}", "Notices in the archive that an outlet has not passed yet, held ones too; a thousand at most.");
        meter.CreateObservableGauge<double>("svom.outlet.waiting.age", () => Now().Oldest, DurationBuckets.Unit, "Time since the oldest of them was decided; 0 when nothing waits.");
        meter.CreateObservableGauge<long>("svom.feed.lag", () => Now().Lag, "{reception}", "Receptions in the log that the sequencer has not passed yet; of rehearsals the one that is furthest behind.");
    }

    /// <summary>Reads them anew unless that has just been done. A store that does not answer leaves what was known before.</summary>
    public Task RefreshAsync()
    {
        lock (gate)
        {
            if (reading is { IsCompleted: false } || (reading is not null && time.GetElapsedTime(readAt) < FreshFor))
            {
                return reading;
            }

            readAt = time.GetTimestamp();
            return reading = ReadAsync();
        }
    }

    // Exporters that push ask without having waited: they get what is known, and the next time what is read now.
    private Figures Now()
    {
        _ = RefreshAsync();
        return Volatile.Read(ref figures);
    }

    private async Task ReadAsync()
    {
        try
        {
            await Task.Yield(); // Out of the lock, whoever asks.
            var (waiting, oldest) = await OutletsAsync();
            Volatile.Write(ref figures, new(await BurstsAsync(), await AlarmsAsync(), waiting, oldest, await LagAsync()));
        }
        catch (Exception)
        {
            Volatile.Write(ref figures, Figures.None); // Old figures would look like good news; their absence is seen.
        }
    }

    private async Task<ImmutableArray<Measurement<long>>> BurstsAsync()
    {
        var newest = await BurstIndex.PageAsync(store, "", "~", MostBursts, CancellationToken.None);
        return [.. ((bool[])[false, true]).Select(rehearsal => new Measurement<long>(
            newest.LongCount(burst => burst.View.Status == BurstStatus.Active && BurstIndex.IsRehearsal(burst.View.Id) == rehearsal),
            new KeyValuePair<string, object?>("tense", rehearsal ? "test" : "current")))];
    }

    private async Task<ImmutableArray<Measurement<long>>> AlarmsAsync()
    {
        var all = await AlarmIndex.AllAsync(store, CancellationToken.None);
        return [.. from state in Enum.GetValues<AlarmState>()
                   where state != AlarmState.Normal
                   from priority in Enum.GetValues<AlarmPriority>()
                   select new Measurement<long>(all.LongCount(alarm => alarm.State == state && alarm.Priority == priority), new("state", Word(state)), new("priority", Word(priority)))];
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private async Task<(ImmutableArray<Measurement<long>> Waiting, ImmutableArray<Measurement<double>> Oldest)> OutletsAsync()
    {
        var waiting = ImmutableArray.CreateBuilder<Measurement<long>>();
        var oldest = ImmutableArray.CreateBuilder<Measurement<double>>();
        foreach (var name in outlets)
        {
            var outlet = OutletState.Open(store, name, time);
            await outlet.LoadAsync(CancellationToken.None);
            var ahead = await store.ArchiveAsync(ArchivedNotice.Archive, outlet.State.Cursor, MostWaiting, CancellationToken.None);
            var tag = new KeyValuePair<string, object?>("outlet", name);
            waiting.Add(new(ahead.Count, tag));
            oldest.Add(new(ahead.Count == 0 ? 0 : Math.Max(0, (time.GetUtcNow() - ahead[0].Entry.At).TotalSeconds), tag));
        }

        return (waiting.ToImmutable(), oldest.ToImmutable());
    }

    private async Task<ImmutableArray<Measurement<long>>> LagAsync()
    {
        var most = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (feed, position) in packets.Positions)
        {
            var kind = LabelWords.Feed(feed.Live);
            most[kind] = Math.Max(most.GetValueOrDefault(kind), await log.HeadAsync(feed, CancellationToken.None) - position);
        }

        return [.. most.Select(static entry => new Measurement<long>(entry.Value, new KeyValuePair<string, object?>("feed", entry.Key)))];
    }

    private sealed record Figures(
        ImmutableArray<Measurement<long>> Bursts, ImmutableArray<Measurement<long>> Alarms, ImmutableArray<Measurement<long>> Waiting,
        ImmutableArray<Measurement<double>> Oldest, ImmutableArray<Measurement<long>> Lag)
    {
        public static readonly Figures None = new([], [], [], [], []);
    }
}
