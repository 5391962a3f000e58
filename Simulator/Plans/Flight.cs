using Svom.Packets;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>Where the satellite flies and looks through a story: a circular orbit through the scenario's place, and the slew if there is one.</summary>
internal static class Flight
{
    private const double UsualAltitudeKm = 620;
    private const double SlewSeconds = 120;

    /// <summary>The orbit packet of a time.</summary>
    public static OutgoingPacket Orbit(Scenario scenario, DateTimeOffset at)
    {
        var epoch = scenario.Grm?.T0 ?? scenario.Eclairs?.T0 ?? (scenario.Mxt.Count > 0 ? scenario.Mxt[0].Time : at);
        return new CircularOrbit(scenario.Place ?? new GeodeticPosition(0, 0, UsualAltitudeKm), epoch).Packet(at);
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
}
