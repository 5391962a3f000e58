using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Svom.Monitoring;
using Svom.Stations;

namespace Svom.Packets;

/// <summary>Figures of receptions and feeds, meter <c>Svom.Packets</c>.</summary>
internal sealed class PacketMetrics
{
    public const string MeterName = "Svom.Packets";

    private readonly Counter<long> receptions;
    private readonly Counter<long> byStation;
    private readonly Counter<long> parked;
    private readonly Histogram<double> delay;
    private readonly ConcurrentDictionary<FeedId, long> positions = new();

    public PacketMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        receptions = meter.CreateCounter<long>("svom.receptions", "{reception}", "Receptions that came in and are durable: accepted, diverted as invalid, or a duplicate that stores nothing; and those refused by overload.");
        byStation = meter.CreateCounter<long>("svom.station.receptions", "{reception}", "Receptions stored, by station of the network list: valid packets, broken frames, and others.");
        parked = meter.CreateCounter<long>("svom.packets.parked", "{packet}", "Packets that the sequencer could not take and put aside.");
        delay = meter.CreateDurations("svom.feed.delay", "From the log to the durable decision of the sequencer, the oldest packet of each batch.");
        foreach (var result in (string[])["accepted", "invalid", "duplicate", "overloaded"])
        {
            receptions.Add(0, Result(result)); // So that the first one is seen as a step and not as a beginning.
        }

        parked.Add(0, new KeyValuePair<string, object?>("feed", LabelWords.Feed(live: true)));
    }

    /// <summary>How far the sequencers of this process are.</summary>
    public IEnumerable<KeyValuePair<FeedId, long>> Positions => positions;

    public void Stored(LogAppend stored)
    {
        receptions.Add(stored.Accepted - stored.Invalid, Result("accepted"));
        receptions.Add(stored.Invalid, Result("invalid"));
        receptions.Add(stored.Duplicates, Result("duplicate"));
    }

    public void Refused(int count) => receptions.Add(count, Result("overloaded"));

    /// <summary>A piece of the log was counted, once for ever.</summary>
    public void Counted(FeedId feed, WatchFold fold, StationBook book)
    {
        foreach (var (station, page) in book.Pages)
        {
            var name = fold.IsListed(station) ? station : LabelWords.Other;
            Count(feed, name, "valid", page.Valid);
            Count(feed, name, "broken", page.Broken);
            Count(feed, name, LabelWords.Other, page.Receptions - page.Valid - page.Broken);
        }
    }

    public void Routed(FeedId feed, TimeSpan oldest) => delay.Record(oldest.TotalSeconds, Feed(feed));

    public void At(FeedId feed, long position) => positions[feed] = position;

    public void Left(FeedId feed) => positions.TryRemove(feed, out _);

    public void Parked(FeedId feed, int count) => parked.Add(count, Feed(feed));

    private void Count(FeedId feed, string station, string verdict, long count)
    {
        if (count > 0)
        {
            byStation.Add(count, new("station", station), new("verdict", verdict), Feed(feed));
        }
    }

    private static KeyValuePair<string, object?> Result(string word) => new("result", word);

    private static KeyValuePair<string, object?> Feed(FeedId feed) => new("feed", LabelWords.Feed(feed.Live));
}
