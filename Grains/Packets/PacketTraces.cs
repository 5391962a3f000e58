using System.Collections.Immutable;
using System.Diagnostics;
using Svom.Monitoring;

namespace Svom.Packets;

/// <summary>Steps of packets that say something about a burst; the others are too many to be traced one by one.</summary>
internal static class PacketTraces
{
    /// <summary>A call brings receptions; it links to what they hold.</summary>
    public static Activity? Ingest(IReadOnlyList<CheckedReception> receptions)
    {
        if (!Traces.On)
        {
            return null;
        }

        var links = receptions.Where(static one => one.Verdict.IsPacket()).Select(static one => one.Id).Distinct().Take(Traces.MostLinks).Select(static id => new ActivityLink(Traces.OfPacket(id)));
        return Traces.Begin("packets.ingest", ActivityKind.Server, links)?.SetTag("svom.receptions", receptions.Count);
    }

    /// <summary>The sequencer's decision on packets is durable.</summary>
    public static void Routed(FeedId feed, ImmutableArray<LoggedReception> packets, ImmutableArray<DecodedReception> decoded, DateTimeOffset at)
    {
        for (var n = 0; Traces.On && n < packets.Length; n++)
        {
            if (decoded[n].Evidence is { } evidence)
            {
                var (packet, trace) = (packets[n], Traces.OfPacket(packets[n].Id));
                Traces.Add("packet.receive", trace, packet.ReceivedAt, packet.StoredAt, null, new("svom.station", packet.Station), new("svom.packet", packet.Id.ToString()));
                Traces.Add(
                    "packet.route", trace, packet.StoredAt, at, null,
                    new("svom.feed", feed.ToString()), new("svom.position", packet.Position), new("svom.packet", packet.Id.ToString()), new("svom.evidence", evidence.GetType().Name));
            }
        }
    }
}
