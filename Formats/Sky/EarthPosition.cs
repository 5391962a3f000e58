namespace Svom.Sky;

/// <summary>Geodetic place on WGS84.</summary>
/// <param name="Longitude">Degrees, east positive, −180 to 180.</param>
/// <param name="Latitude">Degrees, north positive.</param>
/// <param name="AltitudeKm">Above the ellipsoid, km.</param>
public readonly record struct GeodeticPosition(double Longitude, double Latitude, double AltitudeKm)
{
    /// <summary>The same place in earth-fixed axes.</summary>
    public EarthPosition ToEarthFixed()
    {
        var (sinLat, cosLat) = Math.SinCos(double.DegreesToRadians(Latitude));
        var (sinLon, cosLon) = Math.SinCos(double.DegreesToRadians(Longitude));
        var normal = EarthPosition.EquatorKm / Math.Sqrt(1 - (EarthPosition.EccentricitySquared * sinLat * sinLat));
        var equatorial = (normal + AltitudeKm) * cosLat;
        return new(equatorial * cosLon, equatorial * sinLon, ((normal * (1 - EarthPosition.EccentricitySquared)) + AltitudeKm) * sinLat);
    }
}

/// <summary>Place in earth-fixed axes: +X to latitude 0 and longitude 0, +Y to longitude 90° east, +Z to the north pole; km.</summary>
public readonly record struct EarthPosition(double X, double Y, double Z)
{
    /// <summary>Half the long axis of WGS84, km.</summary>
    internal const double EquatorKm = 6378.137;

    /// <summary>From the flattening of WGS84, 1/298.257223563.</summary>
    internal const double EccentricitySquared = Flattening * (2 - Flattening);

    private const double Flattening = 1 / 298.257223563;

    /// <summary>Longitude, latitude and altitude, by Bowring's formula: for orbits its first step is good to a millimetre.</summary>
    public GeodeticPosition ToGeodetic()
    {
        var equatorial = Math.Sqrt((X * X) + (Y * Y));
        var polarKm = EquatorKm * (1 - Flattening);
        var (sin, cos) = Math.SinCos(Math.Atan2(Z * EquatorKm, equatorial * polarKm));
        var secondEccentricity = ((EquatorKm * EquatorKm) - (polarKm * polarKm)) / polarKm;
        var latitude = Math.Atan2(Z + (secondEccentricity * sin * sin * sin), equatorial - (EccentricitySquared * EquatorKm * cos * cos * cos));
        var (sinLat, cosLat) = Math.SinCos(latitude);

        // This form of the altitude holds at the poles too, where dividing by the cosine does not.
        var altitude = (equatorial * cosLat) + (Z * sinLat) - (EquatorKm * Math.Sqrt(1 - (EccentricitySquared * sinLat * sinLat)));
        return new(double.RadiansToDegrees(Math.Atan2(Y, X)), double.RadiansToDegrees(latitude), altitude);
    }
}

/// <summary>Velocity in the same earth-fixed, turning axes; km/s.</summary>
public readonly record struct EarthVelocity(double X, double Y, double Z);
