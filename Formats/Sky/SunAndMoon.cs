namespace Svom.Sky;

/// <summary>
/// Where Sun and Moon stand, seen from the centre of the Earth, in the axes of ICRS, with light time and aberration (GCRS).
/// Good to 0.005° from 2015 to 2045.
/// </summary>
public static class SunAndMoon
{
    private static readonly DateTimeOffset J2000 = new(2000, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // TT - UTC since 2017: 37 leap seconds and 32.184 s. Another second moves the Moon by half an arc second.
    private static readonly TimeSpan TerrestrialLead = TimeSpan.FromSeconds(69.184);

    /// <summary>The Sun.</summary>
    public static SkyPosition Sun(DateTimeOffset utc)
    {
        var centuries = Centuries(utc);
        return Ecliptic.ToIcrs(SunTheory.ApparentLongitude(centuries), 0, centuries);
    }

    /// <summary>The Moon.</summary>
    public static SkyPosition Moon(DateTimeOffset utc)
    {
        var centuries = Centuries(utc);
        var (longitude, latitude) = MoonTheory.Position(centuries);
        return Ecliptic.ToIcrs(longitude, latitude, centuries);
    }

    private static double Centuries(DateTimeOffset utc) => (utc + TerrestrialLead - J2000).TotalDays / 36_525;
}

/// <summary>
/// Ecliptic of date to the axes of ICRS, without nutation. Source: precession and obliquity of the IAU 1976 system,
/// Lieske et al. 1977, Astronomy and Astrophysics 58, 1; the frame bias of 0.02″ is left out.
/// </summary>
internal static class Ecliptic
{
    private const double Radian = Math.PI / 180;
    private const double ArcSecond = Radian / 3600;

    public static SkyPosition ToIcrs(double longitude, double latitude, double t)
    {
        var (sinLongitude, cosLongitude) = Math.SinCos(longitude * Radian);
        var (sinLatitude, cosLatitude) = Math.SinCos(latitude * Radian);
        var (x, y, z) = (cosLatitude * cosLongitude, cosLatitude * sinLongitude, sinLatitude);
        var obliquity = (84_381.448 - (46.8150 * t) - (0.00059 * t * t) + (0.001813 * t * t * t)) * ArcSecond;
        (y, z) = Turn(y, z, obliquity);

        // Back from the equator and equinox of date: the three precession angles, undone in reverse.
        var zeta = ((2306.2181 * t) + (0.30188 * t * t) + (0.017998 * t * t * t)) * ArcSecond;
        var zed = ((2306.2181 * t) + (1.09468 * t * t) + (0.018203 * t * t * t)) * ArcSecond;
        var theta = ((2004.3109 * t) - (0.42665 * t * t) - (0.041833 * t * t * t)) * ArcSecond;
        (x, y) = Turn(x, y, -zed);
        (z, x) = Turn(z, x, theta);
        (x, y) = Turn(x, y, -zeta);
        return new SkyVector(x, y, z).ToSkyPosition();
    }

    private static (double First, double Second) Turn(double first, double second, double angle)
    {
        var (sin, cos) = Math.SinCos(angle);
        return ((first * cos) - (second * sin), (first * sin) + (second * cos));
    }
}
