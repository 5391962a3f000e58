using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>A packet in a list.</summary>
/// <param name="Id">First 32 hex digits of the content's SHA-256.</param>
/// <param name="Sequence">Position of its first copy.</param>
/// <param name="Session">Rehearsal; null is live.</param>
/// <param name="Kind">Name of its definition; null when diverted.</param>
/// <param name="Apid">Application process; null when diverted.</param>
/// <param name="SequenceCount">On-board count, modulo 16384; null when diverted.</param>
/// <param name="PacketTime">On-board time; null when diverted.</param>
/// <param name="Station">Station of the first copy.</param>
/// <param name="ReceivedAt">Clock of that station.</param>
/// <param name="Verdict">What the frame check said.</param>
/// <param name="Conflict">True when another content stands under the same header: both are kept.</param>
/// <param name="Recovered">Of a packet that nobody heard whole at first: the broken copies it came from. In lists of packets heard whole it is left out.</param>
/// <param name="RecoveredInto">Of a diverted reception: id of the packet that it is a broken copy of, where that is known.</param>
/// <param name="Late">True when its first whole copy came from a second source that fills holes.</param>
/// <param name="Links">Where to go on.</param>
internal sealed record PacketBody(
    string Id, long Sequence, string? Session, string? Kind, int? Apid, int? SequenceCount, DateTimeOffset? PacketTime, string Station,
    DateTimeOffset ReceivedAt, ReceptionVerdict Verdict, bool Conflict, RecoveredBody? Recovered, string? RecoveredInto, bool Late, PacketLinks Links)
{
    public static PacketBody Of(PacketSummary packet) => new(
        packet.Id, packet.Sequence, packet.Session, packet.Kind, packet.Apid, packet.SequenceCount, packet.PacketTime, packet.Station,
        packet.ReceivedAt, packet.Verdict, packet.Conflict, RecoveredBody.Of(packet.Recovered), packet.RecoveredInto, packet.Late, new($"/api/v1/packets/{packet.Id}{(packet.Session is null ? "" : $"?session={packet.Session}")}"));
}

/// <param name="Self">The packet with every field.</param>
internal sealed record PacketLinks(string Self);

/// <summary>One packet whole: what a list tells, every field, every reception.</summary>
/// <param name="DefinitionVersion">Version of the definitions that read it; null when diverted.</param>
/// <param name="Fields">In order; empty when diverted.</param>
/// <param name="Receptions">All copies, oldest first, at most 1000.</param>
/// <param name="Octets">The frame, untouched, base64.</param>
internal sealed record PacketDetailBody(
    string Id, long Sequence, string? Session, string? Kind, int? Apid, int? SequenceCount, DateTimeOffset? PacketTime, string Station,
    DateTimeOffset ReceivedAt, ReceptionVerdict Verdict, bool Conflict, RecoveredBody? Recovered, string? RecoveredInto, bool Late, PacketLinks Links, string? DefinitionVersion,
    ImmutableArray<FieldBody> Fields, ImmutableArray<CopyBody> Receptions, byte[] Octets)
{
    public static PacketDetailBody Of(PacketDetail packet)
    {
        var list = PacketBody.Of(packet.Summary);
        return new(
            list.Id, list.Sequence, list.Session, list.Kind, list.Apid, list.SequenceCount, list.PacketTime, list.Station, list.ReceivedAt, list.Verdict,
            list.Conflict, list.Recovered, list.RecoveredInto, list.Late, list.Links, packet.DefinitionVersion,
            [.. packet.Fields.OrEmpty().Select(static field => new FieldBody(field.Name, field.BitOffset, field.Bits, field.Raw, field.Value, field.Unit, field.InRange))],
            [.. packet.Receptions.OrEmpty().Select(static copy => new CopyBody(copy.Sequence, copy.Station, copy.ReceivedAt, copy.SignalDbm, copy.StoredAt, copy.Late))],
            packet.Octets.ToArray());
    }
}

/// <summary>One field of a packet.</summary>
/// <param name="Name">As in the packet definitions.</param>
/// <param name="BitOffset">From the first bit of the frame.</param>
/// <param name="Bits">Width.</param>
/// <param name="Raw">Raw value, an unsigned number in decimal.</param>
/// <param name="Value">Engineering value as text.</param>
/// <param name="Unit">Unit of the value; null without one.</param>
/// <param name="InRange">False when outside the stated range.</param>
internal sealed record FieldBody(string Name, int BitOffset, int Bits, string Raw, string Value, string? Unit, bool InRange);

/// <summary>One reception of a packet.</summary>
/// <param name="Sequence">Its position.</param>
/// <param name="Station">The station that heard it.</param>
/// <param name="ReceivedAt">Station clock.</param>
/// <param name="SignalDbm">Signal at the antenna in dBm; null where not measured.</param>
/// <param name="StoredAt">When it was taken in.</param>
/// <param name="Late">True when it came from a second source that fills holes.</param>
internal sealed record CopyBody(long Sequence, string Station, DateTimeOffset ReceivedAt, double? SignalDbm, DateTimeOffset StoredAt, bool Late);

/// <summary>How a packet came out of broken copies.</summary>
/// <param name="From">The broken copies that are known to be of it, oldest first, at most 100.</param>
/// <param name="Linked">Position of the first copy that was heard whole, which is the packet since; null while there is none.</param>
internal sealed record RecoveredBody(ImmutableArray<BrokenBody> From, long? Linked)
{
    public static RecoveredBody? Of(PacketRecovery? recovery) => recovery is null ? null : new(
        [.. recovery.From.OrEmpty().Select(static copy => new BrokenBody(copy.Sequence, copy.Id, copy.Station, copy.ReceivedAt))], recovery.Linked);
}

/// <summary>A broken copy of a packet.</summary>
/// <param name="Sequence">Its position.</param>
/// <param name="Id">Of its broken octets: /packets/{id} tells of it.</param>
/// <param name="Station">The station that heard it.</param>
/// <param name="ReceivedAt">Clock of that station.</param>
internal sealed record BrokenBody(long Sequence, string Id, string Station, DateTimeOffset ReceivedAt);
