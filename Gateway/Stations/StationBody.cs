using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Stations;

/// <summary>A station of the network.</summary>
/// <param name="Id">Country and number.</param>
/// <param name="Session">Rehearsal that the counts are of; null: live.</param>
/// <param name="Status">never-heard, hearing, silent, degraded or unlisted.</param>
/// <param name="Name">Where it stands, in words; null for a station that is not in the network list.</param>
/// <param name="Position">Its place; null for a station that is not in the network list.</param>
/// <param name="Owner">Who looks after it; null for a station that is not in the network list.</param>
/// <param name="Since">First day of service; null for a station that is not in the network list.</param>
/// <param name="Receptions">All it ever delivered, also broken ones; the same reception sent again is stored and counted once.</param>
/// <param name="Valid">Whole packets among them.</param>
/// <param name="Broken">Those whose CRC or length is wrong.</param>
/// <param name="Repeats">Packets that it delivered again with another receive time.</param>
/// <param name="LastHeard">Latest arrival at the platform; null: never.</param>
/// <param name="Delay">From the on-board time of its packets to their arrival at the platform; null without packets.</param>
/// <param name="CrcFailureRate">Broken ones of all receptions, 0 to 1; null without receptions.</param>
/// <param name="Agreement">Its copies that equal what most stations heard, of those that others heard too, 0 to 1; null without such.</param>
/// <param name="FirstShare">Packets of which it was the first to deliver, of all that it heard, 0 to 1; null without packets.</param>
/// <param name="Coverage">What it should have heard against what it heard.</param>
/// <param name="NextPass">When the satellite is above it, under way or next; null without a known orbit or place, or when it does not come within a day.</param>
/// <param name="Alarms">Ids of alarms that are active for it.</param>
internal sealed record StationBody(
    string Id, string? Session, StationStatus Status, string? Name, StationPositionBody? Position, StationOwnerBody? Owner, DateOnly? Since, long Receptions, long Valid,
    long Broken, long Repeats, DateTimeOffset? LastHeard, StationDelayBody? Delay, double? CrcFailureRate, double? Agreement, double? FirstShare,
    StationCoverageBody Coverage, StationPassBody? NextPass, ImmutableArray<string> Alarms)
{
    public static StationBody Of(StationView station)
    {
        var (counts, listed) = (station.Counts, station.Listed);
        return new(
            station.Id, station.Session, station.Status, listed?.Name,
            listed is null ? null : new(listed.Longitude, listed.Latitude, listed.AltitudeMeters), listed is null ? null : new(listed.OwnerName, listed.OwnerEmail), listed?.Since,
            counts.Receptions, counts.Valid, counts.Broken, counts.Repeats, counts.LastHeard,
            counts is { DelayMedianSeconds: { } median, Delay90Seconds: { } most, Delay99Seconds: { } longest } ? new(median, most, longest) : null,
            counts.CrcFailureRate, counts.Agreement, counts.FirstShare,
            StationCoverageBody.Of(counts),
            station.NextPass is { } pass ? new(pass.Rise, pass.Culmination, pass.Set, pass.HighestDegrees) : null, station.Alarms.OrEmpty());
    }
}

/// <param name="Longitude">Degrees, east positive.</param>
/// <param name="Latitude">Degrees, north positive.</param>
/// <param name="AltitudeMeters">Above the ellipsoid WGS84.</param>
internal sealed record StationPositionBody(double Longitude, double Latitude, double AltitudeMeters);

/// <param name="Name">A person or an institute.</param>
/// <param name="Email">Where to write.</param>
internal sealed record StationOwnerBody(string Name, string Email);

/// <summary>Delays are counted in steps; each figure is good to 9 %.</summary>
/// <param name="MedianSeconds">Half of its packets took no longer.</param>
/// <param name="P90Seconds">Nine of ten took no longer.</param>
/// <param name="P99Seconds">Ninety-nine of a hundred took no longer.</param>
internal sealed record StationDelayBody(double MedianSeconds, double P90Seconds, double P99Seconds);

/// <summary>Counted while the orbit is known, some minutes after a packet, when all its copies are in.</summary>
/// <param name="Expected">Packets that somebody heard while the satellite stood above this station's mask.</param>
/// <param name="Heard">Those of them that it heard.</param>
/// <param name="Share">Heard of expected, 0 to 1; null while nothing was expected.</param>
internal sealed record StationCoverageBody(long Expected, long Heard, double? Share)
{
    public static StationCoverageBody Of(StationCounts counts) =>
        new(counts.Expected, counts.HeardOfExpected, counts.Expected == 0 ? null : Math.Round((double)counts.HeardOfExpected / counts.Expected, 6));
}

/// <param name="Rise">When it comes above the mask; now, when it is above already.</param>
/// <param name="Culmination">When it stands highest.</param>
/// <param name="Set">When it goes below the mask.</param>
/// <param name="HighestDegrees">Elevation at culmination.</param>
internal sealed record StationPassBody(DateTimeOffset Rise, DateTimeOffset Culmination, DateTimeOffset Set, double HighestDegrees);
