using System.Text.Json.Serialization;

namespace Svom.Bursts;

/// <summary>Trigger algorithms of ECLAIRs.</summary>
public enum TriggerAlgorithm
{
    /// <summary>Count rate first, then an image.</summary>
    CRT = 1,

    /// <summary>Image only.</summary>
    IMT = 2,
}

/// <summary>Where the satellite looks: right ascension, declination and roll in degrees, ICRS.</summary>
[GenerateSerializer, Immutable, Alias("svom.pointing")]
public sealed record Pointing([property: Id(0)] double Ra, [property: Id(1)] double Dec, [property: Id(2)] double Roll);

/// <summary>The place under the satellite in degrees, and its height in km.</summary>
[GenerateSerializer, Immutable, Alias("svom.orbit-place")]
public sealed record OrbitPlace([property: Id(0)] double Longitude, [property: Id(1)] double Latitude, [property: Id(2)] double AltitudeKm);

/// <summary>A direction in degrees, ICRS.</summary>
[GenerateSerializer, Immutable, Alias("svom.ra-dec")]
public sealed record RaDec([property: Id(0)] double Ra, [property: Id(1)] double Dec);

/// <summary>
/// What one packet says about a burst, decoded and in engineering units. The discriminators stand in stored records and never change.
/// </summary>
[GenerateSerializer, Immutable, Alias("svom.evidence")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(EclairsAlert), "eclairs-alert")]
[JsonDerivedType(typeof(SlewAnswer), "slew-answer")]
[JsonDerivedType(typeof(GrmTrigger), "grm-trigger")]
[JsonDerivedType(typeof(MxtPosition), "mxt-position")]
[JsonDerivedType(typeof(MessagePart), "message-part")]
public abstract record Evidence
{
    /// <summary>On-board time of the packet, UTC.</summary>
    public abstract DateTimeOffset PacketTime { get; init; }

    /// <summary>True when a value of the packet lies outside its range or its quaternion has not length one: it is kept, and tells nobody anything alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault), Id(0)]
    public bool Implausible { get; init; }

    /// <summary>True when nobody heard the packet whole: it is the majority of broken copies. It tells nobody anything alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault), Id(1)]
    public bool Recovered { get; init; }

    /// <summary>How far it is to be believed: heard whole and possible, recovered, impossible. Of two packets for one slot the greater counts.</summary>
    [JsonIgnore]
    public int Trust => Implausible ? 0 : Recovered ? 1 : 2;
}

/// <summary>One ECLAIRs alert of a sequence.</summary>
/// <param name="ObservationId">The sequence, together with its T0.</param>
/// <param name="MessageCount">0 for the first alert of a sequence; 8 bits.</param>
/// <param name="SequenceT0">T0 of the sequence: first detection and localisation, not the burst's start.</param>
/// <param name="WindowStart">Start of the excess window.</param>
/// <param name="TimescaleSeconds">Length of the window.</param>
/// <param name="Snr">Signal to noise, in sigma.</param>
/// <param name="Ra">Computed from instrument angles and attitude, degrees.</param>
/// <param name="Dec">Computed from instrument angles and attitude, degrees.</param>
/// <param name="Quality">Confidence as the satellite puts it, 0 to 255.</param>
/// <param name="CatalogNumber">Number in the on-board catalogue; 0 for an unknown source.</param>
/// <param name="SlewRequest">The slew threshold was passed.</param>
/// <param name="Orbit">Null when the packet does not say.</param>
[GenerateSerializer, Immutable, Alias("svom.eclairs-alert")]
public sealed record EclairsAlert(
    [property: Id(0)] uint ObservationId, [property: Id(1)] int MessageCount, [property: Id(2)] DateTimeOffset PacketTime,
    [property: Id(3)] DateTimeOffset SequenceT0, [property: Id(4)] DateTimeOffset WindowStart, [property: Id(5)] decimal TimescaleSeconds,
    [property: Id(6)] decimal EnergyLowKev, [property: Id(7)] decimal EnergyHighKev, [property: Id(8)] TriggerAlgorithm Trigger,
    [property: Id(9)] double Snr, [property: Id(10)] double Ra, [property: Id(11)] double Dec, [property: Id(12)] int Quality,
    [property: Id(13)] int CatalogNumber, [property: Id(14)] bool SlewRequest, [property: Id(15)] Pointing Attitude,
    [property: Id(16)] OrbitPlace? Orbit) : Evidence;

/// <summary>The platform's answer to a slew request.</summary>
/// <param name="Accepted">False: the slew is refused.</param>
/// <param name="Attitude">Attitude in the packet, where it says one.</param>
[GenerateSerializer, Immutable, Alias("svom.slew-answer")]
public sealed record SlewAnswer(
    [property: Id(0)] uint ObservationId, [property: Id(1)] DateTimeOffset PacketTime, [property: Id(2)] bool Accepted,
    [property: Id(3)] Pointing? Attitude = null) : Evidence;

/// <summary>A trigger of the gamma-ray monitor.</summary>
/// <param name="TriggerId">Counts on board; T0 is the key.</param>
/// <param name="T0">End of the trigger window.</param>
/// <param name="Detectors">Which of GRD1 to GRD3 fired, for example <c>101</c>.</param>
/// <param name="Position">On-board direction, good to tens of degrees; only with three detectors.</param>
[GenerateSerializer, Immutable, Alias("svom.grm-trigger")]
public sealed record GrmTrigger(
    [property: Id(0)] uint TriggerId, [property: Id(1)] DateTimeOffset PacketTime, [property: Id(2)] DateTimeOffset T0,
    [property: Id(3)] DateTimeOffset WindowStart, [property: Id(4)] decimal TimescaleSeconds, [property: Id(5)] decimal EnergyLowKev,
    [property: Id(6)] decimal EnergyHighKev, [property: Id(7)] double Snr, [property: Id(8)] string Detectors,
    [property: Id(9)] RaDec? Position, [property: Id(10)] Pointing Attitude, [property: Id(11)] OrbitPlace? Orbit) : Evidence
{
    /// <summary>How many of the three detectors fired.</summary>
    [JsonIgnore]
    public int DetectorCount => Detectors.Count(static c => c == '1');
}

/// <summary>A position found by MXT on board.</summary>
/// <param name="ObservationTime">The observation's own time.</param>
/// <param name="Source">Which of the sources found on board, as numbered there.</param>
/// <param name="Snr">8 bits on board: 255 means 255 or more.</param>
/// <param name="StatisticalRadiusArcsec">Statistical 90 % radius, without the systematic part.</param>
/// <param name="WithinEclairsR90">Flag of the packet, never recomputed.</param>
/// <param name="UseVtAttitude">Flag of the packet, never recomputed.</param>
/// <param name="Attitude">As the packet says: the attitude at the ECLAIRs alert, before the slew.</param>
[GenerateSerializer, Immutable, Alias("svom.mxt-position")]
public sealed record MxtPosition(
    [property: Id(0)] uint ObservationId, [property: Id(1)] DateTimeOffset PacketTime, [property: Id(2)] DateTimeOffset ObservationTime,
    [property: Id(3)] int Source, [property: Id(4)] double Ra, [property: Id(5)] double Dec, [property: Id(6)] int Snr,
    [property: Id(7)] double StatisticalRadiusArcsec, [property: Id(8)] double? MeanFlux, [property: Id(9)] double? FluxError,
    [property: Id(10)] bool WithinEclairsR90, [property: Id(11)] bool UseVtAttitude, [property: Id(12)] Pointing Attitude,
    [property: Id(13)] OrbitPlace? Orbit) : Evidence;
