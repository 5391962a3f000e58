namespace Svom.Sky;

/// <summary>A direction on the sky in degrees, ICRS unless said otherwise.</summary>
/// <param name="Ra">Right ascension.</param>
/// <param name="Dec">Declination.</param>
public readonly record struct SkyDirection(double Ra, double Dec)
{
    private const double Radian = Math.PI / 180;

    /// <summary>Angle to another direction in degrees, by Vincenty's form: exact for the smallest and the largest angles.</summary>
    public double DegreesTo(SkyDirection other)
    {
        var (sinDelta, cosDelta) = Math.SinCos((other.Ra - Ra) * Radian);
        var (sinHere, cosHere) = Math.SinCos(Dec * Radian);
        var (sinThere, cosThere) = Math.SinCos(other.Dec * Radian);
        var across = cosThere * sinDelta;
        var along = (cosHere * sinThere) - (sinHere * cosThere * cosDelta);
        var apart = (sinHere * sinThere) + (cosHere * cosThere * cosDelta);
        return Math.Atan2(Math.Sqrt((across * across) + (along * along)), apart) / Radian;
    }

    /// <summary>As a unit vector.</summary>
    internal (double X, double Y, double Z) ToUnit()
    {
        var (sinRa, cosRa) = Math.SinCos(Ra * Radian);
        var (sinDec, cosDec) = Math.SinCos(Dec * Radian);
        return (cosDec * cosRa, cosDec * sinRa, sinDec);
    }

    /// <summary>From a vector of any length; right ascension from 0 to below 360.</summary>
    internal static SkyDirection FromVector(double x, double y, double z)
    {
        var ra = Math.Atan2(y, x) / Radian;
        return new(ra < 0 ? ra + 360 : ra, Math.Atan2(z, Math.Sqrt((x * x) + (y * y))) / Radian);
    }
}
