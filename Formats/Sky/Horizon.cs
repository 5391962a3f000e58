namespace Svom.Sky;

/// <summary>The sky of a place on the ground.</summary>
public readonly record struct Horizon
{
    private readonly EarthPosition ground;
    private readonly SkyVector up;

    public Horizon(GeodeticPosition place)
    {
        ground = place.ToEarthFixed();
        up = SkyVector.FromSky(new(place.Longitude, place.Latitude)); // Along the plumb line of the ellipsoid, not to the centre of the Earth.
    }

    /// <summary>How high something stands, degrees above the horizon, −90 to 90; without refraction.</summary>
    public double ElevationDegrees(EarthPosition satellite)
    {
        var sight = new SkyVector(satellite.X - ground.X, satellite.Y - ground.Y, satellite.Z - ground.Z);
        return double.RadiansToDegrees(Math.Asin(Math.Clamp(sight.Dot(up) / sight.Norm, -1, 1)));
    }
}
