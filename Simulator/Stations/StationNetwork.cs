using Svom.Sky;

namespace Svom.Simulation;

/// <summary>A receiving station of the simulated network.</summary>
/// <param name="Code">Country and number, as the real network writes them.</param>
/// <param name="Place">Invented: the real list is not public.</param>
public sealed record SimulatedStation(string Code, SkyVector Place);

/// <summary>
/// Fifty-six invented stations within 30° of the equator: the real network has as many, and its places are not public. Which of
/// them hear the satellite follows from where it flies.
/// </summary>
public static class StationNetwork
{
    // One turn around the earth in 96 minutes, less the earth's own turn meanwhile; orbit inclined by 29°. Sources: public orbit elements.
    private const double DegreesPerMinute = (360.0 / 96) - (360.0 / 1436);
    private const double InclinationDegrees = 29;
    private static readonly DateTimeOffset Node = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All stations.</summary>
    public static IReadOnlyList<SimulatedStation> All { get; } =
    [
        Station("NCL1", 166.4, -22.3), Station("PYF1", -149.6, -17.5), Station("WLF1", -176.2, -13.3), Station("FJI1", 178.4, -18.1),
        Station("GUM1", 144.8, 13.5), Station("MHL1", 171.3, 7.1), Station("KIR1", 173.0, 1.4), Station("COK1", -159.8, -21.2),
        Station("USA1", -157.9, 21.3), Station("USA2", -80.6, 28.4), Station("USA3", -97.4, 26.0), Station("MEX1", -99.1, 19.4),
        Station("MEX2", -110.3, 24.1), Station("CRI1", -84.1, 9.9), Station("ECU1", -91.0, -0.8), Station("ECU2", -78.5, -0.2),
        Station("PER1", -77.0, -12.0), Station("CHL1", -70.4, -24.6), Station("CHL2", -109.4, -27.1), Station("BRA1", -34.9, -8.1),
        Station("BRA2", -44.3, -2.5), Station("BRA3", -46.6, -23.5), Station("PRY1", -57.6, -25.3), Station("GUF1", -52.6, 5.2),
        Station("MTQ1", -61.0, 14.6), Station("GLP1", -61.5, 16.2), Station("DOM1", -69.9, 18.5), Station("CPV1", -23.5, 14.9),
        Station("ESP1", -15.5, 28.1), Station("SEN1", -17.4, 14.7), Station("CIV1", -4.0, 5.3), Station("GAB1", 9.4, 0.4),
        Station("GAB2", 13.6, -1.6), Station("SHN1", -5.7, -15.9), Station("ASC1", -14.4, -7.9), Station("NAM1", 15.8, -22.9),
        Station("ZAF1", 28.2, -25.9), Station("MOZ1", 40.7, -15.1), Station("KEN1", 40.2, -3.0), Station("DJI1", 43.1, 11.6),
        Station("MYT1", 45.2, -12.8), Station("REU1", 55.5, -21.1), Station("MUS1", 57.5, -20.2), Station("SYC1", 55.5, -4.7),
        Station("OMN1", 58.4, 23.6), Station("IND1", 77.6, 13.0), Station("IND2", 72.9, 19.1), Station("LKA1", 80.2, 6.0),
        Station("THA1", 98.9, 18.8), Station("CHN1", 109.5, 18.3), Station("CHN2", 102.7, 25.0), Station("MYS1", 103.5, 5.0),
        Station("IDN1", 136.1, -1.2), Station("PHL1", 121.0, 14.6), Station("AUS1", 114.1, -21.8), Station("AUS2", 130.8, -12.4),
    ];

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

    private static SimulatedStation Station(string code, double longitude, double latitude) => new(code, SkyVector.FromSky(new(longitude, latitude)));
}
