using System.Collections.Immutable;

namespace Svom.Packets;

/// <summary>What one station delivered: one frame, octets untouched, before any check.</summary>
/// <param name="Station">The station that heard it.</param>
/// <param name="ReceivedAt">Station clock, UTC, to the millisecond. Stations disagree: never order by it.</param>
/// <param name="Octets">As received, 1 to 4096 octets.</param>
/// <param name="SignalDbm">Signal at the antenna in dBm, where measured.</param>
/// <param name="Session">Rehearsal; null is live.</param>
[GenerateSerializer, Immutable, Alias("svom.reception")]
public sealed record Reception(
    [property: Id(0)] string Station,
    [property: Id(1)] DateTimeOffset ReceivedAt,
    [property: Id(2)] ReadOnlyMemory<byte> Octets,
    [property: Id(3)] double? SignalDbm = null,
    [property: Id(4)] string? Session = null)
{
    /// <summary>Longest frame taken, in octets: room for other spacecraft's frames, none for abuse.</summary>
    public const int MaxOctets = 4096;
}

/// <summary>Receptions of one request: one immutable blob per call.</summary>
[GenerateSerializer, Immutable, Alias("svom.reception-batch")]
public sealed record ReceptionBatch([property: Id(0)] ImmutableArray<Reception> Receptions);

/// <summary>What became of a batch. accepted + duplicates = receptions sent; invalid is the part of accepted that was diverted.</summary>
/// <param name="Accepted">Receptions stored, also broken ones.</param>
/// <param name="Duplicates">Receptions that were stored before (same station, time and octets): nothing was stored.</param>
/// <param name="Invalid">The part of accepted that is no packet of ours: kept, browsable, diverted.</param>
/// <param name="FirstSequence">Position of the first accepted reception; null when none, or when the batch spans feeds.</param>
/// <param name="LastSequence">Position of the last accepted reception; null when none, or when the batch spans feeds.</param>
[GenerateSerializer, Immutable, Alias("svom.ingest-answer")]
public sealed record IngestAnswer(
    [property: Id(0)] int Accepted, [property: Id(1)] int Duplicates, [property: Id(2)] int Invalid,
    [property: Id(3)] long? FirstSequence, [property: Id(4)] long? LastSequence);
