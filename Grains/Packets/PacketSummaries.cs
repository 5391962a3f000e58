using System.Collections.Immutable;
using Svom.EventStore;
using Svom.Packets.Recovery;

namespace Svom.Packets;

/// <summary>What lists tell of a packet, with what became of broken copies.</summary>
internal sealed class PacketSummaries(IPacketLog log, IEventStore store, RecoveryOptions recovery)
{
    /// <summary>From the row alone.</summary>
    public PacketSummary Summary(FeedId feed, LoggedReception packet) => new(
        packet.Id.ToString(), packet.Position, feed.Session,
        packet.Header is { } header ? PacketDefinitions.Current.Find(header.Apid)?.Kind.ToString() : null,
        packet.Header?.Apid, packet.Header?.SequenceCount, packet.Header?.PacketTime, packet.Station, packet.ReceivedAt, packet.Verdict, packet.Conflict,
        Late: packet.Verdict is ReceptionVerdict.Valid && recovery.IsSecondSource(packet.Station));

    /// <summary>With the copies that a packet was recovered from, or the packet that a broken reception is a copy of.</summary>
    /// <param name="copies">All receptions of the content, where known already.</param>
    public async Task<PacketSummary> SummaryAsync(FeedId feed, LoggedReception packet, IReadOnlyList<LoggedReception>? copies, CancellationToken cancellationToken)
    {
        var summary = Summary(feed, packet);
        if (!packet.Verdict.IsPacket())
        {
            return packet.Verdict is ReceptionVerdict.BadCrc ? summary with { RecoveredInto = await RecoveryIndex.IntoAsync(store, feed, packet.Position, cancellationToken) } : summary;
        }

        copies ??= await log.CopiesAsync(feed, packet.Id, cancellationToken);
        if (!copies.Any(static copy => copy.Verdict is ReceptionVerdict.Recovered))
        {
            return summary;
        }

        var from = ImmutableArray.CreateBuilder<BrokenReception>();
        foreach (var position in await RecoveryIndex.FromAsync(store, feed, summary.Id, cancellationToken))
        {
            var read = await log.ReadAsync(feed, position - 1, 1, packetsOnly: false, cancellationToken);
            from.AddRange(read.Items.Select(static copy => new BrokenReception(copy.Position, copy.Id.ToString(), copy.Station, copy.ReceivedAt)));
        }

        return summary with { Recovered = new(from.ToImmutable(), copies.FirstOrDefault(static copy => copy.Verdict is ReceptionVerdict.Valid)?.Position) };
    }

    /// <summary>A valid packet from its row alone, any other with what became of it.</summary>
    public async Task<ImmutableArray<PacketSummary>> SummariesAsync(FeedId feed, IReadOnlyList<LoggedReception> found, CancellationToken cancellationToken)
    {
        var items = ImmutableArray.CreateBuilder<PacketSummary>(found.Count);
        foreach (var packet in found)
        {
            items.Add(packet.Verdict is ReceptionVerdict.Valid ? Summary(feed, packet) : await SummaryAsync(feed, packet, null, cancellationToken));
        }

        return items.MoveToImmutable();
    }

    public PacketCopy Copy(LoggedReception copy) =>
        new(copy.Position, copy.Station, copy.ReceivedAt, copy.SignalDbm, copy.StoredAt, recovery.IsSecondSource(copy.Station));
}
