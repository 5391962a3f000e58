using Svom.Packets;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>A circular orbit, northbound over a known place at a known time.</summary>
internal sealed record CircularOrbit(GeodeticPosition Place, DateTimeOffset Epoch)
{
    // Product of gravity's constant and the earth's mass, and the earth's turn. Source: WGS84.
    private const double Gravity = 398_600.4418;
    private const double EarthRate = 7.292_115e-5;
    private const double EquatorKm = 6378.137;
    private const double InclinationDegrees = 29;

    /// <summary>Where the satellite is.</summary>
    public EarthPosition At(DateTimeOffset at)
    {
        var radius = EquatorKm + Math.Clamp(Place.AltitudeKm, 300, 1500);
        var inclination = double.DegreesToRadians(InclinationDegrees);
        var phase = Math.Asin(Math.Clamp(Math.Sin(double.DegreesToRadians(Place.Latitude)) / Math.Sin(inclination), -1, 1));

        // At the epoch the plane is turned so that the known longitude lies below; afterwards the earth turns under it.
        var seconds = (at - Epoch).TotalSeconds;
        var node = double.DegreesToRadians(Place.Longitude) - Math.Atan2(Math.Sin(phase) * Math.Cos(inclination), Math.Cos(phase)) - (EarthRate * seconds);
        var (sinAlong, cosAlong) = Math.SinCos(phase + (Math.Sqrt(Gravity / (radius * radius * radius)) * seconds));
        var (sinNode, cosNode) = Math.SinCos(node);
        var across = sinAlong * Math.Cos(inclination);
        return new(
            radius * ((cosAlong * cosNode) - (across * sinNode)), radius * ((cosAlong * sinNode) + (across * cosNode)), radius * sinAlong * Math.Sin(inclination));
    }

    /// <summary>The orbit packet of a time.</summary>
    public OutgoingPacket Packet(DateTimeOffset at)
    {
        var (before, here, after) = (At(at.AddSeconds(-0.5)), At(at), At(at.AddSeconds(0.5)));
        var packet = new OrbitPacket(at, here, new(after.X - before.X, after.Y - before.Y, after.Z - before.Z), 8.5);
        return new(at, at, PacketDefinitions.Current[PacketKind.Orbit].Apid, null, packet.ToFrame);
    }
}
