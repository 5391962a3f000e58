namespace Svom.Ccsds;

/// <summary>A stretch of a stream: a packet, or octets that belong to none.</summary>
/// <param name="Offset">First octet in the stream.</param>
/// <param name="Length">Octets.</param>
/// <param name="Header">The packet's header; null for skipped octets.</param>
public readonly record struct StreamPiece(int Offset, int Length, SpacePacketHeader? Header);

/// <summary>What a walker takes for a packet.</summary>
/// <param name="KnownApids">Applications that may occur; null takes all but idle on trust.</param>
/// <param name="MinOctets">Shortest plausible packet.</param>
/// <param name="MaxOctets">Longest plausible packet.</param>
/// <param name="EndsWithCrc">True when each packet ends with a CRC-16 over all of it: then only a right CRC makes a packet.</param>
public sealed record WalkRules(IReadOnlySet<int>? KnownApids = null, int MinOctets = 7, int MaxOctets = 65542, bool EndsWithCrc = false);

/// <summary>
/// Walks packets that stand end to end. A length is never trusted past the end; after garbage it resynchronises on version 0, a
/// known application and a plausible length. Without a CRC a packet that nothing plausible follows is believed only if no
/// chain of packets begins inside it: its length may be the broken part, and then its neighbours must not be swallowed.
/// </summary>
public static class SpacePacketWalker
{
    // A packet where one was due is believed against one that seems to begin inside it, but not against two in a row; one
    // that was merely met in garbage gives way to any other.
    private const int ChainAgainstDue = 2;
    private const int ChainAgainstMet = 1;

    /// <summary>Cuts a stream into packets and skipped stretches that together cover it.</summary>
    public static List<StreamPiece> Walk(ReadOnlySpan<byte> stream, WalkRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var pieces = new List<StreamPiece>();
        var skippedFrom = 0;
        var at = 0;
        while (at < stream.Length)
        {
            // Where the octet before belongs to a packet, a packet is due.
            var contrary = at == skippedFrom ? ChainAgainstDue : ChainAgainstMet;
            if (TryPacket(stream, at, rules, out var header) && Believable(stream, at, header, contrary, rules))
            {
                AddSkipped(pieces, skippedFrom, at);
                pieces.Add(new(at, header.PacketOctets, header));
                at += header.PacketOctets;
                skippedFrom = at;
            }
            else
            {
                at++;
            }
        }

        AddSkipped(pieces, skippedFrom, stream.Length);
        return pieces;
    }

    private static void AddSkipped(List<StreamPiece> pieces, int from, int to)
    {
        if (to > from)
        {
            pieces.Add(new(from, to - from, null));
        }
    }

    private static bool TryPacket(ReadOnlySpan<byte> stream, int at, WalkRules rules, out SpacePacketHeader header) =>
        SpacePacketHeader.TryRead(stream[at..], out header)
        && (rules.KnownApids?.Contains(header.Apid) ?? header.Apid != 2047)
        && header.PacketOctets >= rules.MinOctets
        && header.PacketOctets <= rules.MaxOctets
        && header.PacketOctets <= stream.Length - at
        && (!rules.EndsWithCrc || Crc16.Compute(stream.Slice(at, header.PacketOctets)) == 0);

    private static bool Believable(ReadOnlySpan<byte> stream, int at, SpacePacketHeader header, int contrary, WalkRules rules) =>
        rules.EndsWithCrc
        || Followed(stream, at + header.PacketOctets, rules)
        || !HoldsChain(stream, at + 1, at + header.PacketOctets, contrary, rules);

    // A packet is followed well by the end, by a cut-off header, or by another plausible packet.
    private static bool Followed(ReadOnlySpan<byte> stream, int at, WalkRules rules) =>
        stream.Length - at < SpacePacketHeader.Octets || TryPacket(stream, at, rules, out _);

    private static bool HoldsChain(ReadOnlySpan<byte> stream, int from, int to, int links, WalkRules rules)
    {
        for (var at = from; at < to; at++)
        {
            if (TryPacket(stream, at, rules, out var header) && ChainFrom(stream, at + header.PacketOctets, links - 1, rules))
            {
                return true;
            }
        }

        return false;
    }

    // The end of the stream stands for every packet that could still come.
    private static bool ChainFrom(ReadOnlySpan<byte> stream, int at, int links, WalkRules rules) =>
        links == 0 || at == stream.Length
        || (TryPacket(stream, at, rules, out var header) && ChainFrom(stream, at + header.PacketOctets, links - 1, rules));
}
