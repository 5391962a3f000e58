using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>Browses packets and receptions. Stateless; key 0.</summary>
[Alias("svom.packet-query")]
public interface IPacketQueryGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// A page of packets (first copies), newest first; with <see cref="PacketSearch.Invalid"/> a page of diverted receptions. It looks at a
    /// bounded number of receptions: a page may be short or empty and still name the next.
    /// </summary>
    /// <returns><see cref="RefusalCode.Invalid"/> for a cursor that is none of ours; <see cref="RefusalCode.NotFound"/> for an unknown burst.</returns>
    [Alias("find")]
    Task<Outcome<Page<PacketSummary>>> FindAsync(PacketSearch search, CancellationToken cancellationToken);

    /// <summary>One packet with every field and all its receptions in one feed: a rehearsal of past facts sends the same octets as the past did.</summary>
    /// <param name="session">Only this rehearsal; null: the live feed first, then rehearsals.</param>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown one.</returns>
    [Alias("get")]
    Task<Outcome<PacketDetail>> GetAsync(PacketId id, string? session, CancellationToken cancellationToken);
}

/// <summary>What to look for; nulls do not filter.</summary>
/// <param name="Invalid">Diverted receptions and nothing else.</param>
/// <param name="Recovered">Recovered packets and nothing else, also those that were heard whole later.</param>
[GenerateSerializer, Immutable, Alias("svom.packet-search")]
public sealed record PacketSearch(
    [property: Id(0)] string? Session = null, [property: Id(1)] int? Apid = null, [property: Id(2)] string? Burst = null,
    [property: Id(3)] string? Station = null, [property: Id(4)] DateTimeOffset? From = null, [property: Id(5)] DateTimeOffset? To = null,
    [property: Id(6)] bool Invalid = false, [property: Id(7)] string? Cursor = null, [property: Id(8)] int Limit = 50, [property: Id(9)] bool Recovered = false);

/// <summary>A packet in a list.</summary>
/// <param name="Id">32 hex digits of the content's SHA-256.</param>
/// <param name="Sequence">Position of its first copy in the feed.</param>
/// <param name="Kind">Name of its definition; null when diverted.</param>
/// <param name="Verdict">What the frame check said.</param>
/// <param name="PacketTime">On-board time, UTC; null when diverted.</param>
/// <param name="Recovered">Of a packet that was recovered from broken copies; in lists of packets heard whole it is not looked up.</param>
/// <param name="RecoveredInto">Of a diverted reception: id of the packet that it is a broken copy of; null when nobody knows.</param>
/// <param name="Late">True when its first whole copy came from a second source that fills holes.</param>
[GenerateSerializer, Immutable, Alias("svom.packet-summary")]
public sealed record PacketSummary(
    [property: Id(0)] string Id, [property: Id(1)] long Sequence, [property: Id(2)] string? Session, [property: Id(3)] string? Kind,
    [property: Id(4)] int? Apid, [property: Id(5)] int? SequenceCount, [property: Id(6)] DateTimeOffset? PacketTime,
    [property: Id(7)] string Station, [property: Id(8)] DateTimeOffset ReceivedAt, [property: Id(9)] ReceptionVerdict Verdict, [property: Id(10)] bool Conflict,
    [property: Id(11)] PacketRecovery? Recovered = null, [property: Id(12)] string? RecoveredInto = null, [property: Id(13)] bool Late = false);

/// <summary>How a packet came out of broken copies.</summary>
/// <param name="From">The broken copies that are known to be of it, oldest first, at most 100.</param>
/// <param name="Linked">Position of the first copy that was heard whole: then that is the packet. Null while there is none.</param>
[GenerateSerializer, Immutable, Alias("svom.packet-recovery")]
public sealed record PacketRecovery([property: Id(0)] ImmutableArray<BrokenReception> From, [property: Id(1)] long? Linked);

/// <summary>A broken copy of a packet.</summary>
/// <param name="Sequence">Its position in the feed.</param>
/// <param name="Id">Identity of its broken octets: it can be read under it.</param>
[GenerateSerializer, Immutable, Alias("svom.broken-reception")]
public sealed record BrokenReception(
    [property: Id(0)] long Sequence, [property: Id(1)] string Id, [property: Id(2)] string Station, [property: Id(3)] DateTimeOffset ReceivedAt);

/// <summary>One packet whole.</summary>
/// <param name="Summary">As in lists.</param>
/// <param name="DefinitionVersion">Version of the definitions that read it; null when diverted.</param>
/// <param name="Fields">Every field in order; empty when diverted.</param>
/// <param name="Receptions">All copies, oldest first, at most 1000.</param>
/// <param name="Octets">The frame, untouched.</param>
[GenerateSerializer, Immutable, Alias("svom.packet-detail")]
public sealed record PacketDetail(
    [property: Id(0)] PacketSummary Summary, [property: Id(1)] string? DefinitionVersion,
    [property: Id(2)] ImmutableArray<PacketField> Fields, [property: Id(3)] ImmutableArray<PacketCopy> Receptions,
    [property: Id(4)] ReadOnlyMemory<byte> Octets);

/// <summary>One field of a packet.</summary>
/// <param name="Name">As in the packet definitions.</param>
/// <param name="BitOffset">From the first bit of the frame.</param>
/// <param name="Bits">Width.</param>
/// <param name="Raw">Raw value, as an unsigned number in decimal.</param>
/// <param name="Value">Engineering value as text: a number, a name, a time.</param>
/// <param name="Unit">Unit of the value; null without one.</param>
/// <param name="InRange">False when the value is outside its stated range.</param>
[GenerateSerializer, Immutable, Alias("svom.packet-field")]
public sealed record PacketField(
    [property: Id(0)] string Name, [property: Id(1)] int BitOffset, [property: Id(2)] int Bits, [property: Id(3)] string Raw,
    [property: Id(4)] string Value, [property: Id(5)] string? Unit, [property: Id(6)] bool InRange);

/// <summary>One reception of a packet.</summary>
/// <param name="Late">True when it came from a second source that fills holes.</param>
[GenerateSerializer, Immutable, Alias("svom.packet-copy")]
public sealed record PacketCopy(
    [property: Id(0)] long Sequence, [property: Id(1)] string Station, [property: Id(2)] DateTimeOffset ReceivedAt,
    [property: Id(3)] double? SignalDbm, [property: Id(4)] DateTimeOffset StoredAt, [property: Id(5)] bool Late = false);
