using Svom.Packets;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>Where the satellite flies and looks through a story: a circular orbit through the scenario's place, and the slew if there is one.</summary>
internal static class Flight
{
    // Product of gravity's constant and the earth's mass, and the earth's turn. Source: WGS84.
    private const double Gravity = 398_600.4418;
    private const double EarthRate = 7.292_115e-5;
    private const double EquatorKm = 6378.137;
    private const double InclinationDegrees = 29;
    private const double UsualAltitudeKm = 620;
    private const double SlewSeconds = 120;

    /// <summary>The orbit packet of a time.</summary>
    public static OutgoingPacket Orbit(Scenario scenario, DateTimeOffset at)
    {
        var (before, here, after) = (Place(scenario, at.AddSeconds(-0.5)), Place(scenario, at), Place(scenario, at.AddSeconds(0.5)));
        var packet = new OrbitPacket(at, here, new(after.X - before.X, after.Y - before.Y, after.Z - before.Z), 8.5);
        return new(at, at, PacketDefinitions.Current[PacketKind.Orbit].Apid, null, packet.ToFrame);
    }

    /// <summary>The attitude packet of a time.</summary>
    public static OutgoingPacket Attitude(Scenario scenario, DateTimeOffset at)
    {
        var slew = scenario.Eclairs?.Slew is { Accepted: true } accepted ? accepted : null;
        var target = slew?.Attitude ?? (scenario.Eclairs?.Alerts.MaxBy(static alert => alert.Snr)?.Position is { } source ? new(source.Ra, source.Dec, scenario.Attitude.Roll) : scenario.Attitude);
        var slewing = slew is not null && at >= slew.At && at < slew.At.AddSeconds(SlewSeconds);
        var there = slew is not null && at >= slew.At.AddSeconds(SlewSeconds);
        var packet = new AttitudePacket(
            at, AttitudeQuaternion.FromAttitude(there ? target : scenario.Attitude), slewing ? new(0, 0.25, 0.1) : new(0.0001, -0.0002, 0.0001),
            slewing ? 9 : 15, slewing ? "gyroscopes" : "star trackers", slewing ? AttitudePacket.Slewing : AttitudePacket.Inertial);
        return new(at, at, PacketDefinitions.Current[PacketKind.Attitude].Apid, null, packet.ToFrame);
    }

    private static EarthPosition Place(Scenario scenario, DateTimeOffset at)
    {
        var known = scenario.Place ?? new GeodeticPosition(0, 0, UsualAltitudeKm);
        var epoch = scenario.Grm?.T0 ?? scenario.Eclairs?.T0 ?? (scenario.Mxt.Count > 0 ? scenario.Mxt[0].Time : at);
        var radius = EquatorKm + Math.Clamp(known.AltitudeKm, 300, 1500);
        var inclination = double.DegreesToRadians(InclinationDegrees);
        var phase = Math.Asin(Math.Clamp(Math.Sin(double.DegreesToRadians(known.Latitude)) / Math.Sin(inclination), -1, 1));

        // At the epoch the plane is turned so that the known longitude lies below; afterwards the earth turns under it.
        var seconds = (at - epoch).TotalSeconds;
        var node = double.DegreesToRadians(known.Longitude) - Math.Atan2(Math.Sin(phase) * Math.Cos(inclination), Math.Cos(phase)) - (EarthRate * seconds);
        var (sinAlong, cosAlong) = Math.SinCos(phase + (Math.Sqrt(Gravity / (radius * radius * radius)) * seconds));
        var (sinNode, cosNode) = Math.SinCos(node);
        var across = sinAlong * Math.Cos(inclination);
        return new(
            radius * ((cosAlong * cosNode) - (across * sinNode)), radius * ((cosAlong * sinNode) + (across * cosNode)), radius * sinAlong * Math.Sin(inclination));
    }
}
