using System.Collections.Immutable;
using System.Diagnostics;
using Svom.Monitoring;
using Svom.Packets;

namespace Svom.Bursts;

/// <summary>What a burst made of its packets, as steps of their traces and of its notices'.</summary>
internal static class BurstTraces
{
    /// <param name="burst">The burst.</param>
    /// <param name="input">What was decided on.</param>
    /// <param name="made">The notices that it made.</param>
    /// <param name="at">When it was durable.</param>
    public static void Taken(string burst, BurstInput input, ImmutableArray<NoticeMade> made, DateTimeOffset at)
    {
        var packets = ((input as PacketsHeard)?.Packets ?? []).Select(static packet => (Packet: packet, Id: PacketId.TryParse(packet.PacketId, out var id) ? id : default(PacketId?)))
            .Where(static one => one.Id is not null).Select(static one => (one.Packet, Trace: Traces.OfPacket(one.Id!.Value))).ToArray();
        foreach (var (packet, trace) in packets)
        {
            Traces.Add("burst.take", trace, packet.DecodedAt, at, null, new("svom.burst", burst), new("svom.position", packet.Position));
        }

        foreach (var notice in made)
        {
            var links = packets.TakeLast(Traces.MostLinks).Select(static one => new ActivityLink(one.Trace));
            Traces.Add(
                "notice.decide", Traces.OfNotice(notice.Ivorn), notice.Times.Decided, at, links,
                new("svom.burst", burst), new("svom.notice", notice.Id), new("svom.sent", notice.Sent), new("svom.input", input.GetType().Name));
        }
    }
}
