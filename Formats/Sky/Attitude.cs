namespace Svom.Sky;

/// <summary>A place on the sky.</summary>
/// <param name="Ra">Right ascension, ICRS, degrees, 0 to 360.</param>
/// <param name="Dec">Declination, ICRS, degrees.</param>
public readonly record struct SkyPosition(double Ra, double Dec)
{
    /// <summary>Angle to another place, degrees, by Vincenty's form: exact for the smallest and the widest angles alike.</summary>
    public double SeparationFrom(SkyPosition other)
    {
        var (sinDelta, cosDelta) = Math.SinCos(double.DegreesToRadians(other.Ra - Ra));
        var (sinHere, cosHere) = Math.SinCos(double.DegreesToRadians(Dec));
        var (sinThere, cosThere) = Math.SinCos(double.DegreesToRadians(other.Dec));
        var across = cosThere * sinDelta;
        var along = (cosHere * sinThere) - (sinHere * cosThere * cosDelta);
        var apart = (sinHere * sinThere) + (cosHere * cosThere * cosDelta);
        return double.RadiansToDegrees(Math.Atan2(Math.Sqrt((across * across) + (along * along)), apart));
    }
}

/// <summary>Where the satellite points.</summary>
/// <param name="Ra">Right ascension of the boresight, ICRS, degrees, 0 to 360.</param>
/// <param name="Dec">Declination of the boresight, degrees.</param>
/// <param name="Roll">Turn about the boresight, degrees, 0 to 360. At roll 0 the body's +Z axis lies north of the boresight.</param>
public readonly record struct Attitude(double Ra, double Dec, double Roll);

/// <summary>A direction in an instrument's frame, whose +X axis is the boresight.</summary>
/// <param name="Theta">Angle from +X, degrees, 0 to 180.</param>
/// <param name="Phi">Angle about +X, from +Y towards +Z, degrees, 0 to 360.</param>
public readonly record struct InstrumentDirection(double Theta, double Phi);

/// <summary>
/// Attitude as a quaternion, scalar first. It turns body vectors into ICRS ones: about +Z by Ra, about the new +Y by −Dec, about the
/// new +X by Roll. The mission's own convention is not public; this is ours.
/// </summary>
public readonly record struct AttitudeQuaternion(double Q0, double Q1, double Q2, double Q3)
{
    // Ra and Roll mean the same turn at the poles; below this cosine of Dec only their sum can be told.
    private const double PoleCosine = 1e-8;
    private const double UnitTolerance = 1e-6;

    /// <summary>True when the length is one, as far as a packet's bits can tell.</summary>
    public bool IsUnit => Math.Abs((Q0 * Q0) + (Q1 * Q1) + (Q2 * Q2) + (Q3 * Q3) - 1) <= UnitTolerance;

    /// <summary>The quaternion of an attitude, with a scalar part that is not negative.</summary>
    public static AttitudeQuaternion FromAttitude(Attitude attitude)
    {
        var (sinRa, cosRa) = Math.SinCos(double.DegreesToRadians(attitude.Ra) / 2);
        var (sinDec, cosDec) = Math.SinCos(double.DegreesToRadians(attitude.Dec) / 2);
        var (sinRoll, cosRoll) = Math.SinCos(double.DegreesToRadians(attitude.Roll) / 2);
        var turned = new AttitudeQuaternion(
            (cosRa * cosDec * cosRoll) - (sinRa * sinDec * sinRoll),
            (cosRa * cosDec * sinRoll) + (sinRa * sinDec * cosRoll),
            (sinRa * cosDec * sinRoll) - (cosRa * sinDec * cosRoll),
            (cosRa * sinDec * sinRoll) + (sinRa * cosDec * cosRoll));
        return turned.Q0 < 0 ? new(-turned.Q0, -turned.Q1, -turned.Q2, -turned.Q3) : turned;
    }

    /// <summary>The attitude. At a pole, where only Ra and Roll together can be told, Ra is 0.</summary>
    public Attitude ToAttitude()
    {
        var (x, y, z) = (ToSky(new SkyVector(1, 0, 0)), ToSky(new SkyVector(0, 1, 0)), ToSky(new SkyVector(0, 0, 1)));
        var equatorial = Math.Sqrt((x.X * x.X) + (x.Y * x.Y));
        var dec = double.RadiansToDegrees(Math.Atan2(x.Z, equatorial));
        return equatorial < PoleCosine
            ? new(0, dec, SkyVector.Degrees(Math.Atan2(-z.Y, y.Y)))
            : new(SkyVector.Degrees(Math.Atan2(x.Y, x.X)), dec, SkyVector.Degrees(Math.Atan2(y.Z, z.Z)));
    }

    /// <summary>Where on the sky an instrument sees a source.</summary>
    public SkyPosition ToSky(InstrumentDirection direction)
    {
        var (sinTheta, cosTheta) = Math.SinCos(double.DegreesToRadians(direction.Theta));
        var (sinPhi, cosPhi) = Math.SinCos(double.DegreesToRadians(direction.Phi));
        return ToSky(new SkyVector(cosTheta, sinTheta * cosPhi, sinTheta * sinPhi)).ToSkyPosition();
    }

    /// <summary>In which direction an instrument sees a place on the sky.</summary>
    public InstrumentDirection ToInstrument(SkyPosition position)
    {
        var body = ToBody(SkyVector.FromSky(position));
        var across = Math.Sqrt((body.Y * body.Y) + (body.Z * body.Z));
        return new(double.RadiansToDegrees(Math.Atan2(across, body.X)), SkyVector.Degrees(Math.Atan2(body.Z, body.Y)));
    }

    /// <summary>Turns a body vector into an ICRS one.</summary>
    public SkyVector ToSky(SkyVector body) => Turn(Q0, new(Q1, Q2, Q3), body);

    /// <summary>Turns an ICRS vector into a body one.</summary>
    public SkyVector ToBody(SkyVector sky) => Turn(Q0, new(-Q1, -Q2, -Q3), sky);

    private static SkyVector Turn(double scalar, SkyVector axis, SkyVector vector)
    {
        var twice = axis.Cross(vector) * 2;
        return vector + (twice * scalar) + axis.Cross(twice);
    }
}
