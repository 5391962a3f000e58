namespace Svom.Sky;

/// <summary>
/// Geocentric ecliptic position of the Moon: the largest terms of the lunar theory ELP 2000-82 (Chapront-Touzé and Chapront 1983, Astronomy and
/// Astrophysics 124, 50) as tabulated by J. Meeus, Astronomical Algorithms, chapter 47. Light time is in the mean longitude; aberration by
/// the Earth's motion and the light time cancel.
/// </summary>
internal static class MoonTheory
{
    private const double Radian = Math.PI / 180;

    // Multiples of D, M, M', F and the sine's coefficient in millionths of a degree.
    private static readonly (int D, int M, int Mp, int F, int Amplitude)[] Longitude =
    [
        (0, 0, 1, 0, 6288774), (2, 0, -1, 0, 1274027), (2, 0, 0, 0, 658314), (0, 0, 2, 0, 213618), (0, 1, 0, 0, -185116),
        (0, 0, 0, 2, -114332), (2, 0, -2, 0, 58793), (2, -1, -1, 0, 57066), (2, 0, 1, 0, 53322), (2, -1, 0, 0, 45758),
        (0, 1, -1, 0, -40923), (1, 0, 0, 0, -34720), (0, 1, 1, 0, -30383), (2, 0, 0, -2, 15327), (0, 0, 1, 2, -12528),
        (0, 0, 1, -2, 10980), (4, 0, -1, 0, 10675), (0, 0, 3, 0, 10034), (4, 0, -2, 0, 8548), (2, 1, -1, 0, -7888),
        (2, 1, 0, 0, -6766), (1, 0, -1, 0, -5163), (1, 1, 0, 0, 4987), (2, -1, 1, 0, 4036), (2, 0, 2, 0, 3994),
        (4, 0, 0, 0, 3861), (2, 0, -3, 0, 3665), (0, 1, -2, 0, -2689), (2, 0, -1, 2, -2602), (2, -1, -2, 0, 2390),
        (1, 0, 1, 0, -2348), (2, -2, 0, 0, 2236), (0, 1, 2, 0, -2120), (0, 2, 0, 0, -2069), (2, -2, -1, 0, 2048),
        (2, 0, 1, -2, -1773), (2, 0, 0, 2, -1595), (4, -1, -1, 0, 1215), (0, 0, 2, 2, -1110), (3, 0, -1, 0, -892),
        (2, 1, 1, 0, -810), (4, -1, -2, 0, 759), (0, 2, -1, 0, -713), (2, 2, -1, 0, -700), (2, 1, -2, 0, 691),
        (2, -1, 0, -2, 596), (4, 0, 1, 0, 549), (0, 0, 4, 0, 537), (4, -1, 0, 0, 520), (1, 0, -2, 0, -487),
        (2, 1, 0, -2, -399), (0, 0, 2, -2, -381), (1, 1, 1, 0, 351), (3, 0, -2, 0, -340), (4, 0, -3, 0, 330),
        (2, -1, 2, 0, 327), (0, 2, 1, 0, -323), (1, 1, -1, 0, 299), (2, 0, 3, 0, 294),
    ];

    private static readonly (int D, int M, int Mp, int F, int Amplitude)[] Latitude =
    [
        (0, 0, 0, 1, 5128122), (0, 0, 1, 1, 280602), (0, 0, 1, -1, 277693), (2, 0, 0, -1, 173237), (2, 0, -1, 1, 55413),
        (2, 0, -1, -1, 46271), (2, 0, 0, 1, 32573), (0, 0, 2, 1, 17198), (2, 0, 1, -1, 9266), (0, 0, 2, -1, 8822),
        (2, -1, 0, -1, 8216), (2, 0, -2, -1, 4324), (2, 0, 1, 1, 4200), (2, 1, 0, -1, -3359), (2, -1, -1, 1, 2463),
        (2, -1, 0, 1, 2211), (2, -1, -1, -1, 2065), (0, 1, -1, -1, -1870), (4, 0, -1, -1, 1828), (0, 1, 0, 1, -1794),
        (0, 0, 0, 3, -1749), (0, 1, -1, 1, -1565), (1, 0, 0, 1, -1491), (0, 1, 1, 1, -1475), (0, 1, 1, -1, -1410),
        (0, 1, 0, -1, -1344), (1, 0, 0, -1, -1335), (0, 0, 3, 1, 1107), (4, 0, 0, -1, 1021), (4, 0, -1, 1, 833),
        (0, 0, 1, -3, 777), (4, 0, -2, 1, 671), (2, 0, 0, -3, 607), (2, 0, 2, -1, 596), (2, -1, 1, -1, 491),
        (2, 0, -2, 1, -451), (0, 0, 3, -1, 439), (2, 0, 2, 1, 422), (2, 0, -3, -1, 421), (2, 1, -1, 1, -366),
        (2, 1, 0, 1, -351), (4, 0, 0, 1, 331), (2, -1, 1, 1, 315), (2, -2, 0, -1, 302),
    ];

    /// <param name="t">Julian centuries of terrestrial time since 2000 January 1.5.</param>
    /// <returns>Degrees, mean ecliptic and equinox of date.</returns>
    public static (double Longitude, double Latitude) Position(double t)
    {
        var mean = 218.3164477 + (481_267.88123421 * t) - (0.0015786 * t * t) + (t * t * t / 538_841);
        var d = 297.8501921 + (445_267.1114034 * t) - (0.0018819 * t * t) + (t * t * t / 545_868);
        var m = 357.5291092 + (35_999.0502909 * t) - (0.0001536 * t * t);
        var mp = 134.9633964 + (477_198.8675055 * t) + (0.0087414 * t * t) + (t * t * t / 69_699);
        var f = 93.2720950 + (483_202.0175233 * t) - (0.0036539 * t * t) - (t * t * t / 3_526_000);
        var eccentricity = 1 - (0.002516 * t) - (0.0000074 * t * t);

        double Sum((int D, int M, int Mp, int F, int Amplitude)[] terms) => terms.Sum(term =>
            term.Amplitude * Math.Pow(eccentricity, Math.Abs(term.M)) * Sin((term.D * d) + (term.M * m) + (term.Mp * mp) + (term.F * f)));

        // Action of Venus, Jupiter and the flattening of the Earth.
        var (a1, a2, a3) = (119.75 + (131.849 * t), 53.09 + (479_264.290 * t), 313.45 + (481_266.484 * t));
        var longitude = Sum(Longitude) + (3958 * Sin(a1)) + (1962 * Sin(mean - f)) + (318 * Sin(a2));
        var latitude = Sum(Latitude) - (2235 * Sin(mean)) + (382 * Sin(a3)) + (175 * Sin(a1 - f)) + (175 * Sin(a1 + f))
            + (127 * Sin(mean - mp)) - (115 * Sin(mean + mp));
        return ((mean + (longitude / 1e6)) % 360, latitude / 1e6);
    }

    private static double Sin(double degrees) => Math.Sin(degrees % 360 * Radian);
}
