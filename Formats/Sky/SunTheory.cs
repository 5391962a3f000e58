namespace Svom.Sky;

/// <summary>
/// Apparent longitude of the Sun after Newcomb's elements with the largest perturbations by Venus, Jupiter and the Moon. Source of the series:
/// J. Meeus, Astronomical Formulae for Calculators, chapter 18 (epoch 1900 January 0.5); within 0.003° from 2015 to 2045.
/// </summary>
internal static class SunTheory
{
    private const double Radian = Math.PI / 180;
    private const double Aberration = 0.00569; // 20.5″: the Sun is seen where it was.

    /// <param name="centuriesSince2000">Julian centuries of terrestrial time since 2000 January 1.5.</param>
    /// <returns>Degrees, mean equinox of date.</returns>
    public static double ApparentLongitude(double centuriesSince2000)
    {
        var t = centuriesSince2000 + 1; // 1900 January 0.5 is 36525 days before.
        var mean = 279.69668 + (36_000.76892 * t) + (0.0003025 * t * t);
        var anomaly = 358.47583 + (35_999.04975 * t) - (0.000150 * t * t) - (0.0000033 * t * t * t);
        var centre = ((1.919460 - (0.004789 * t) - (0.000014 * t * t)) * Sin(anomaly))
            + ((0.020094 - (0.000100 * t)) * Sin(2 * anomaly))
            + (0.000293 * Sin(3 * anomaly));
        var perturbations = (0.00134 * Cos(153.23 + (22_518.7541 * t)))
            + (0.00154 * Cos(216.57 + (45_037.5082 * t)))
            + (0.00200 * Cos(312.69 + (32_964.3577 * t)))
            + (0.00179 * Sin(350.74 + (445_267.1142 * t) - (0.00144 * t * t)))
            + (0.00178 * Sin(231.19 + (20.20 * t)));
        return (mean + centre + perturbations - Aberration) % 360;
    }

    private static double Sin(double degrees) => Math.Sin(degrees * Radian);

    private static double Cos(double degrees) => Math.Cos(degrees * Radian);
}
