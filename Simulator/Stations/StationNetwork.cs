using Svom.Sky;
using Svom.Stations;

namespace Svom.Simulation;

/// <summary>A receiving station of the simulated network.</summary>
/// <param name="Code">Country and number, as the real network writes them.</param>
/// <param name="Place">Direction from the centre of the Earth.</param>
public sealed record SimulatedStation(string Code, SkyVector Place);

/// <summary>
/// The stations of the bundled network list. Which of them hear the satellite follows from where it flies.
/// </summary>
public static class StationNetwork
{
    // One turn around the earth in 96 minutes, less the earth's own turn meanwhile; orbit inclined by 29°. Sources: public orbit elements.
    private const double DegreesPerMinute = (360.0 / 96) - (360.0 / 1436);
    private const double InclinationDegrees = 29;
    private static readonly DateTimeOffset Node = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All stations.</summary>
    public static IReadOnlyList<SimulatedStation> All { get; } =
        [.. StationList.Bundled.Select(static station => new SimulatedStation(station.Id, SkyVector.FromSky(new(station.Longitude, station.Latitude))))];

    /// <summary>The stations that see the satellite best at a time, nearest first.</summary>
    /// <param name="at">Mission time.</param>
    /// <param name="known">Where the satellite was at another time; null: on an orbit of our own.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<SimulatedStation> Hearing(DateTimeOffset at, (DateTimeOffset At, GeodeticPosition Place)? known, int count)
    {
        var (start, longitude, phase) = known is { } given
            ? (given.At, given.Place.Longitude, Math.Asin(Math.Clamp(given.Place.Latitude / InclinationDegrees, -1, 1)))
            : (Node, 0.0, 0.0);
        var minutes = (at - start).TotalMinutes;
        var latitude = InclinationDegrees * Math.Sin(phase + (minutes * double.DegreesToRadians(360.0 / 96)));
        var below = SkyVector.FromSky(new(longitude + (minutes * DegreesPerMinute), latitude));
        return [.. All.OrderByDescending(station => station.Place.Dot(below)).Take(count)];
    }
}
