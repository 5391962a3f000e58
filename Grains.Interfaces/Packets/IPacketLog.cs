namespace Svom.Packets;

/// <summary>What the check of a frame said. Numbers stand in stored rows and never change.</summary>
public enum ReceptionVerdict
{
    /// <summary>A whole packet of ours.</summary>
    Valid = 0,

    /// <summary>Not 100 octets.</summary>
    WrongLength = 1,

    /// <summary>CRC does not match: broken on the way.</summary>
    BadCrc = 2,

    /// <summary>CRC right, another satellite's frame.</summary>
    ForeignSpacecraft = 3,

    /// <summary>CRC right, but no CCSDS space packet inside.</summary>
    NotASpacePacket = 4,

    /// <summary>CRC right, but an application that is not in the packet definitions.</summary>
    UnknownApid = 5,

    /// <summary>CRC right, but the packet length is not that of its definition.</summary>
    LengthMismatch = 6,

    /// <summary>Nobody heard it whole: the majority of broken copies. No station delivers it; the platform itself adds it to its feed.</summary>
    Recovered = 7,
}

/// <summary>What verdicts mean.</summary>
public static class ReceptionVerdicts
{
    /// <summary>True for packets, heard whole or recovered; the others are diverted.</summary>
    public static bool IsPacket(this ReceptionVerdict verdict) => verdict is ReceptionVerdict.Valid or ReceptionVerdict.Recovered;
}

/// <summary>Header of a valid packet; identity is (spacecraft, APID, sequence count, on-board time, SHA-256 of octets).</summary>
/// <param name="Apid">Application process, 0 to 2047.</param>
/// <param name="SequenceCount">Modulo 16384.</param>
/// <param name="PacketTime">On-board time, UTC.</param>
[GenerateSerializer, Immutable, Alias("svom.packet-header")]
public readonly record struct PacketHeader([property: Id(0)] int Apid, [property: Id(1)] int SequenceCount, [property: Id(2)] DateTimeOffset PacketTime);

/// <summary>A checked reception on its way into the log.</summary>
/// <param name="Feed">Its feed.</param>
/// <param name="Reception">As delivered.</param>
/// <param name="Id">Identity of the octets.</param>
/// <param name="Verdict">Of the frame check.</param>
/// <param name="Header">Only when valid.</param>
public sealed record CheckedReception(FeedId Feed, Reception Reception, PacketId Id, ReceptionVerdict Verdict, PacketHeader? Header);

/// <summary>What became of an append to the log.</summary>
/// <param name="Overloaded">True when the bounded queue was full and nothing was stored.</param>
public sealed record LogAppend(int Accepted, int Duplicates, int Invalid, long? First, long? Last, bool Overloaded = false);

/// <summary>A reception as it stands in the log.</summary>
/// <param name="Position">Its place in the feed: 1, 2, 3, … without gaps, in commit order.</param>
/// <param name="FirstCopy">True for the first valid copy of a packet, and for a recovered packet, which is a content of its own beside the valid one: these are what the sequencer takes.</param>
/// <param name="Conflict">True when another valid content stands under the same header: both are kept.</param>
/// <param name="StoredAt">When it was taken in, UTC.</param>
[GenerateSerializer, Immutable, Alias("svom.logged-reception")]
public sealed record LoggedReception(
    [property: Id(0)] long Position, [property: Id(1)] string Station, [property: Id(2)] DateTimeOffset ReceivedAt, [property: Id(3)] double? SignalDbm,
    [property: Id(4)] ReceptionVerdict Verdict, [property: Id(5)] PacketId Id, [property: Id(6)] PacketHeader? Header, [property: Id(7)] bool FirstCopy,
    [property: Id(8)] bool Conflict, [property: Id(9)] DateTimeOffset StoredAt, [property: Id(10)] ReadOnlyMemory<byte> Octets);

/// <summary>Part of a feed.</summary>
/// <param name="Items">What matched, by position.</param>
/// <param name="UpTo">Every position up to this one was looked at: the reader's next start.</param>
public sealed record LogSlice(IReadOnlyList<LoggedReception> Items, long UpTo);

/// <param name="Feed">The feed.</param>
/// <param name="Apid">Only this application.</param>
/// <param name="Station">Only this station.</param>
/// <param name="From">Received not before.</param>
/// <param name="To">Received before.</param>
/// <param name="Invalid">True: only diverted ones; false: only valid ones; null: both.</param>
/// <param name="FirstCopies">True: one row a packet (its first copy).</param>
/// <param name="Before">Only positions below it.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Look">Most receptions to look at: bounds what a search may cost for something rare or long past.</param>
/// <param name="Recovered">True: recovered packets, and nothing else.</param>
public sealed record PacketQuery(
    FeedId Feed, int? Apid = null, string? Station = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    bool? Invalid = null, bool FirstCopies = false, long? Before = null, int Limit = 50, int Look = PacketQuery.StandardLook, bool Recovered = false)
{
    /// <summary>Some forty milliseconds on two cores with the file in memory.</summary>
    public const int StandardLook = 500_000;
}

/// <summary>What a search found so far.</summary>
/// <param name="Items">What matched, newest first; may be few or none although there are more.</param>
/// <param name="Before">Where the search goes on, as <see cref="PacketQuery.Before"/>; null when it is at its end.</param>
public sealed record LogFind(IReadOnlyList<LoggedReception> Items, long? Before);

/// <summary>
/// Every reception ever taken, by feed, in one total order a feed. Answers only after the append is durable. A reception is
/// (station, receivedAt to the ms, SHA-256 of octets): the same again stores nothing.
/// </summary>
public interface IPacketLog
{
    /// <summary>Appends receptions, all or none, dropping duplicates (also among themselves) and giving positions.</summary>
    /// <exception cref="EventStore.AppendUncertainException">Outcome unknown; appending the same again is safe.</exception>
    Task<LogAppend> AppendAsync(IReadOnlyList<CheckedReception> receptions, DateTimeOffset storedAt, CancellationToken cancellationToken);

    /// <summary>Reads on after a position; <paramref name="packetsOnly"/> skips everything but first copies of valid packets and recovered ones.</summary>
    Task<LogSlice> ReadAsync(FeedId feed, long after, int max, bool packetsOnly, CancellationToken cancellationToken);

    /// <summary>Reads on after a position what was diverted, and nothing else.</summary>
    Task<LogSlice> ReadDivertedAsync(FeedId feed, long after, int max, CancellationToken cancellationToken);

    /// <summary>Last position of a feed; 0 when empty.</summary>
    Task<long> HeadAsync(FeedId feed, CancellationToken cancellationToken);

    /// <summary>All feeds that ever got a reception.</summary>
    Task<IReadOnlyList<FeedId>> FeedsAsync(CancellationToken cancellationToken);

    /// <summary>Waits until any feed grew since the last call with this ticket, or the time is up. Woken by the append itself.</summary>
    /// <returns>A ticket for the next call; a first call passes 0.</returns>
    Task<long> WaitAnyAsync(long ticket, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Browses, newest first, and stops at the limit or when it has looked at enough.</summary>
    Task<LogFind> FindAsync(PacketQuery query, CancellationToken cancellationToken);

    /// <summary>All receptions of one content in a feed, oldest first, at most 1000; empty when unknown.</summary>
    Task<IReadOnlyList<LoggedReception>> CopiesAsync(FeedId feed, PacketId id, CancellationToken cancellationToken);

    /// <summary>Distinct sequence counts of an application's packets, heard whole or recovered, that were sent within a span of on-board time.</summary>
    /// <param name="from">Earliest packet time.</param>
    /// <param name="to">Latest packet time.</param>
    /// <param name="max">Most packets to look at, the earliest first, of those heard whole and of those recovered.</param>
    /// <returns>In no order.</returns>
    Task<IReadOnlyList<int>> CountsAsync(FeedId feed, int apid, DateTimeOffset from, DateTimeOffset to, int max, CancellationToken cancellationToken);

    /// <summary>The feeds that hold a content.</summary>
    Task<IReadOnlyList<FeedId>> WhereAsync(PacketId id, CancellationToken cancellationToken);

    /// <summary>Position up to which a named reader has taken the feed; 0 at first.</summary>
    Task<long> CheckpointAsync(string reader, FeedId feed, CancellationToken cancellationToken);

    /// <summary>Moves a reader's position; never backwards. May be lazy: a crash before it is durable reads a little again.</summary>
    Task SaveCheckpointAsync(string reader, FeedId feed, long position, CancellationToken cancellationToken);
}
