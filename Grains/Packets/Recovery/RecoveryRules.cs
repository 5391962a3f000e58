using System.Security.Cryptography;
using System.Text.Json;
using Svom.EventStore;

namespace Svom.Packets.Recovery;

/// <summary>A vote that gave a packet, and whether that packet is in the feed already.</summary>
/// <param name="Position">The reception that completed it.</param>
/// <param name="Packet">Identity of the octets.</param>
/// <param name="Known">True when it was heard whole or recovered before.</param>
internal sealed record VotedPacket(long Position, VoteResult Vote, PacketId Packet, bool Known);

/// <summary>What follows from votes. Pure.</summary>
internal static class RecoveryRules
{
    /// <summary>The diverted reception as a voter: only a frame that is broken on the way votes.</summary>
    public static BrokenCopy ToCopy(LoggedReception reception) => new(
        reception.Position, reception.Station, reception.ReceivedAt, reception.Verdict is ReceptionVerdict.BadCrc ? reception.Octets : default);

    public static PacketId Identify(ReadOnlySpan<byte> octets)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(octets, digest);
        return PacketId.FromSha256(digest);
    }

    /// <summary>What one append holds: how far the votes are, what came out of them, and the recovered packets that are owed to the log.</summary>
    /// <param name="ambiguous">Receptions whose votes gave different packets.</param>
    public static Transition<RecoveryRecord>? Decide(
        RecoveryState state, FeedId feed, IReadOnlyList<VotedPacket> voted, IReadOnlyList<long> ambiguous, long upTo, long displaced)
    {
        if (upTo <= state.Position || (voted.Count == 0 && ambiguous.Count == 0 && displaced == 0))
        {
            return null;
        }

        var records = new List<RecoveryRecord>();
        var (owed, index) = (new List<Owed>(), new List<IndexChange>());
        var next = state;
        foreach (var one in voted)
        {
            var record = Take(next, one);
            records.Add(record);
            next = RecoveryState.Apply(next, record);
            if (record is not RecoveryRecord.Ambiguous)
            {
                index.AddRange(one.Vote.Copies.Append(one.Position).Distinct().SelectMany(position => RecoveryIndex.Rows(feed, position, one.Packet.ToString())));
            }

            if (record is RecoveryRecord.Recovered)
            {
                owed.Add(RecoveryRoute.To(feed, new(one.Vote.FirstArrival, one.Vote.Octets.ToArray())));
            }
        }

        records.AddRange(ambiguous.Select(static position => new RecoveryRecord.Ambiguous(position)));
        records.Add(new RecoveryRecord.Reached(upTo, displaced));
        return new([.. records]) { Owed = owed, Index = index };
    }

    private static RecoveryRecord Take(RecoveryState state, VotedPacket voted)
    {
        var packet = voted.Packet.ToString();
        if (voted.Known || state.Latest.Exists(known => known.Packet == packet))
        {
            return new RecoveryRecord.Joined(voted.Position, packet);
        }

        // Copies that are of one packet already cannot be of another.
        return state.Latest.Exists(known => known.From.Intersect(voted.Vote.Copies).Any())
            ? new RecoveryRecord.Ambiguous(voted.Position)
            : new RecoveryRecord.Recovered(voted.Position, packet, [.. voted.Vote.Copies], voted.Vote.Risk);
    }
}

/// <summary>
/// Brings recovered packets into the log of their feed, where they get their position like everything else: who reads the feed, now or in a
/// replay, finds them at the same place. Brought again they are the same reception, of which the log keeps one.
/// </summary>
internal sealed class RecoveryRoute(IPacketLog log, TimeProvider time) : IOwedRoute
{
    public const string RouteName = "recovery";

    /// <summary>Stands for the station of what nobody heard: no station can have this name.</summary>
    public const string NoStation = "_recovered";

    public string Name => RouteName;

    public static Owed To(FeedId feed, RecoveredFrame frame) => new(RouteName, feed.ToString(), JsonSerializer.SerializeToUtf8Bytes(frame, RecoveryJson.Default.RecoveredFrame));

    public async Task DeliverAsync(string target, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken)
    {
        var feed = FeedId.Parse(target);
        var packets = rows.Select(row => Check(feed, JsonSerializer.Deserialize(row.Message.Payload.Span, RecoveryJson.Default.RecoveredFrame)!)).OfType<CheckedReception>().ToArray();
        if ((await log.AppendAsync(packets, time.GetUtcNow(), cancellationToken)).Overloaded)
        {
            throw new InvalidOperationException($"{packets.Length} recovered packets of {feed} wait for the packet log, which is full.");
        }
    }

    /// <returns>Null when the definitions of today do not know the frame any more.</returns>
    private static CheckedReception? Check(FeedId feed, RecoveredFrame frame)
    {
        var packet = ReceptionRules.Check(new(NoStation, frame.ReceivedAt, frame.Octets, Session: feed.Session));
        return packet.Verdict is ReceptionVerdict.Valid ? packet with { Feed = feed, Verdict = ReceptionVerdict.Recovered } : null;
    }
}
