namespace Svom.Bursts;

/// <summary>When an MXT position makes a notice, and of which quality. Sources: the mission's notice pages; 25″ and the statistical reading from public notices.</summary>
public static class MxtRules
{
    /// <summary>A notice needs more than this.</summary>
    public const int LeastSnr = 3;

    /// <summary>At most so many updates after the first position.</summary>
    public const int MostUpdates = 3;

    /// <summary>A notice needs a statistical radius below this.</summary>
    public const double WidestRadiusArcsec = 300;

    /// <summary>Systematic part of the 90 % radius.</summary>
    public const double SystematicArcsec = 25;

    /// <summary>Quality factor from the statistical 90 % radius: 4 is best; null when too wide for a notice.</summary>
    public static int? Quality(double statisticalRadiusArcsec) => statisticalRadiusArcsec switch
    {
        < 30 => 4,
        < 60 => 3,
        < 120 => 2,
        < WidestRadiusArcsec => 1,
        _ => null,
    };

    /// <summary>Quality of a position that may be told; null when it may not.</summary>
    public static int? Quality(MxtPosition position) => position.Snr > LeastSnr ? Quality(position.StatisticalRadiusArcsec) : null;

    /// <summary>90 % radius in degrees, systematic part included.</summary>
    public static double RadiusDegrees(double statisticalRadiusArcsec) =>
        Math.Sqrt((statisticalRadiusArcsec * statisticalRadiusArcsec) + (SystematicArcsec * SystematicArcsec)) / 3600;
}

/// <summary>Error radius of ECLAIRs. Source: fit on public notices, holds within 0.0002°; the 2′ systematic is documented.</summary>
public static class EclairsRules
{
    private const double StatisticalDegrees = 1.284;
    private const double SystematicDegrees = 2.0 / 60;

    /// <summary>90 % radius in degrees, systematic part included.</summary>
    public static double RadiusDegrees(double snr)
    {
        var statistical = StatisticalDegrees / snr;
        return Math.Sqrt((statistical * statistical) + (SystematicDegrees * SystematicDegrees));
    }
}
