using Svom.Packets;
using Svom.Sky;

namespace Svom.Support;

/// <summary>Frames of an invented burst, as the satellite would send them.</summary>
internal static class Frames
{
    public static readonly DateTimeOffset T0 = new(2026, 3, 1, 4, 13, 25, 589, TimeSpan.Zero);

    private static readonly SatelliteState Satellite =
        new(new GeodeticPosition(12.5, -7.0, 618.0), AttitudeQuaternion.FromAttitude(new(169.79, 21.32, 52.76)));

    public static byte[] Grm(int sequenceCount = 1, string detectors = "011", DateTimeOffset? t0 = null)
    {
        var at = t0 ?? new DateTimeOffset(2026, 3, 1, 4, 13, 22, TimeSpan.Zero);
        return new GrmTriggerPacket(7, 0, at, at.AddSeconds(-1), 1.0, new(8.539406, 17.078812), 10_790, 10_000, detectors, null, Satellite)
            .ToFrame(sequenceCount, at.AddSeconds(2));
    }

    public static byte[] Alert(uint observation, int messageCount, double snr, bool slewRequest = false, int quality = 255, DateTimeOffset? t0 = null, int? sequenceCount = null)
    {
        var start = t0 ?? T0;
        var direction = AttitudeQuaternion.FromAttitude(new(169.79, 21.32, 52.76)).ToInstrument(new(189.9811, -17.7676));
        var variance = 1_000_000u;
        return new EclairsAlertPacket(
            observation, messageCount, start, start.AddSeconds(-7.63), slewRequest, direction, 0, (uint)Math.Round(snr * Math.Sqrt(variance)), variance, quality,
            "IMT", 20.48, new(8, 120), Satellite).ToFrame(sequenceCount ?? messageCount, start.AddSeconds(15 + messageCount));
    }

    public static Reception Heard(byte[] frame, string station = "NCL1", string? session = null, double delaySeconds = 3) =>
        new(station, PacketDefinitions.Current.Decode(frame).PacketTime.AddSeconds(delaySeconds), frame, Session: session);
}
