using System.Collections.Immutable;

namespace Svom.Bursts;

/// <summary>A detection window.</summary>
public sealed record DetectionWindow(DateTimeOffset Start, decimal TimescaleSeconds, decimal EnergyLowKev, decimal EnergyHighKev)
{
    /// <summary>Start plus timescale, exact.</summary>
    public DateTimeOffset End() => Start + TimeSpan.FromTicks((long)(TimescaleSeconds * TimeSpan.TicksPerSecond));
}

/// <param name="Ra">Degrees, 4 decimals.</param>
/// <param name="Dec">Degrees, 4 decimals.</param>
/// <param name="ErrorDegrees">90 % radius, 4 decimals; null for GRM: systematic, tens of degrees.</param>
public sealed record NoticePosition(decimal Ra, decimal Dec, decimal? ErrorDegrees);

/// <summary>Where the target lies among other things, degrees with 2 decimals.</summary>
public sealed record TargetPlace(decimal GalacticLongitude, decimal GalacticLatitude, decimal MoonAngle, decimal SunAngle);

/// <param name="Cite">followup or retraction.</param>
/// <param name="Ivorn">The cited notice.</param>
public sealed record NoticeCitation(string Cite, string Ivorn);

/// <summary>
/// What a notice says, in numbers as they are printed, so that the VOEvent and the GCN object cannot differ by rounding.
/// What a notice does not say is null.
/// </summary>
/// <param name="Type">Without quality.</param>
/// <param name="PacketType">201 and up; null for the preliminary, whose number is not public.</param>
/// <param name="Date">Decision, whole seconds.</param>
/// <param name="Rehearsal">True: role test, tense test.</param>
/// <param name="SequenceT0">T0 of the instrument; of ECLAIRs for MXT.</param>
/// <param name="Snr">2 decimals.</param>
/// <param name="EclairsAngleArcmin">MXT: distance from the best ECLAIRs position heard.</param>
/// <param name="IsoTime">Start of the window; MXT: the observation's own time.</param>
/// <param name="Retracts">True for a retraction.</param>
/// <param name="RecordNumber">Counts the burst's sent notices; null when held.</param>
public sealed record NoticeFacts(
    string Burst, string Type, int? Quality, string Ivorn, int? PacketType, string Level, string Instrument, DateTimeOffset Date, bool Rehearsal,
    DateTimeOffset? SequenceT0, decimal Snr, DetectionWindow? Window, string? TriggerType, string? TriggeredGrds, decimal? MeanFlux, decimal? FluxError,
    bool? WithinEclairsR90, decimal? EclairsAngleArcmin, int? OnboardCatalogId, string? SourceName, TargetPlace? Target, string? SlewStatus,
    bool? UseVtAttitude, decimal AttitudeRa, decimal AttitudeDec, decimal AttitudeRoll, decimal? SatLongitude, decimal? SatLatitude, decimal? SatAltitudeKm,
    DateTimeOffset IsoTime, NoticePosition? Position, bool Retracts, ImmutableArray<NoticeCitation> Citations, string AlertType, int? RecordNumber);
