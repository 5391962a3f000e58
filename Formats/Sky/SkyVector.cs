namespace Svom.Sky;

/// <summary>A vector in right-handed axes: ICRS, body or earth-fixed, as its user says.</summary>
public readonly record struct SkyVector(double X, double Y, double Z)
{
    public double Norm => Math.Sqrt(Dot(this));

    public static SkyVector operator +(SkyVector one, SkyVector two) => new(one.X + two.X, one.Y + two.Y, one.Z + two.Z);

    public static SkyVector operator *(SkyVector vector, double by) => new(vector.X * by, vector.Y * by, vector.Z * by);

    /// <summary>The unit vector towards a place on the sky.</summary>
    public static SkyVector FromSky(SkyPosition position)
    {
        var (sinRa, cosRa) = Math.SinCos(double.DegreesToRadians(position.Ra));
        var (sinDec, cosDec) = Math.SinCos(double.DegreesToRadians(position.Dec));
        return new(cosDec * cosRa, cosDec * sinRa, sinDec);
    }

    public double Dot(SkyVector other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    public SkyVector Cross(SkyVector other) =>
        new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));

    /// <summary>The place on the sky that the vector points to, whatever its length.</summary>
    public SkyPosition ToSkyPosition() =>
        new(Degrees(Math.Atan2(Y, X)), double.RadiansToDegrees(Math.Atan2(Z, Math.Sqrt((X * X) + (Y * Y)))));

    /// <summary>An angle in degrees, 0 up to but not 360.</summary>
    internal static double Degrees(double radians)
    {
        var degrees = double.RadiansToDegrees(radians);
        var positive = degrees < 0 ? degrees + 360 : degrees;
        return positive >= 360 ? 0 : positive;
    }
}
