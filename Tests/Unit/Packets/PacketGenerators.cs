using CsCheck;
using Svom.Sky;

namespace Svom.Packets;

/// <summary>Packets drawn at random over all that their layouts can say.</summary>
internal static class PacketGenerators
{
    private static readonly Gen<double> Declinations = Gen.Frequency((6, Gen.Double[-90, 90]), (1, Gen.OneOf(-90.0, 90.0)));

    public static readonly Gen<SkyPosition> Places = Gen.Select(Gen.Double[0, 359.9999], Declinations, static (ra, dec) => new SkyPosition(ra, dec));

    public static readonly Gen<AttitudeQuaternion> Quaternions = Gen.Select(Gen.Double[0, 360], Declinations, Gen.Double[0, 360],
        static (ra, dec, roll) => AttitudeQuaternion.FromAttitude(new(ra, dec, roll)));

    public static readonly Gen<DateTimeOffset> Times = Gen.Long[0, 3_600L * 24 * 365 * 30 * 1000].Select(static ms => MissionTime.Epoch.AddMilliseconds(ms));

    public static readonly Gen<GeodeticPosition> Orbits = Gen.Select(Gen.Double[-180, 180], Gen.Double[-90, 90], Gen.Double[300, 1500],
        static (longitude, latitude, altitude) => new GeodeticPosition(longitude, latitude, altitude));

    public static readonly Gen<SatelliteState> Satellites = Gen.Select(Orbits, Gen.Bool, Quaternions, Gen.Int[0, 15], Gen.OneOf("gyroscopes", "star trackers"),
        static (place, known, attitude, quality, reference) => new SatelliteState(known ? place : null, attitude, quality, reference));

    public static readonly Gen<EclairsAlertPacket> Alerts =
        from id in Gen.UInt
        from count in Gen.Int[0, 255]
        from t0 in Times
        from window in Times
        from slew in Gen.Bool
        from direction in Directions
        from catalog in Gen.Int[0, 65535]
        from counts in Gen.UInt
        from variance in Gen.UInt[1, uint.MaxValue]
        from quality in Gen.Int[0, 255]
        from trigger in Gen.OneOf("CRT", "IMT")
        from timescale in Gen.OneOf(0.01, 0.1, 0.3, 2.5, 5.1, 10.2, 20.4, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36, 1310.72)
        from band in Gen.OneOf(new EnergyBand(5, 8), new(5, 20), new(8, 50), new(8, 120))
        from satellite in Satellites
        select new EclairsAlertPacket(id, count, t0, window, slew, direction, catalog, counts, variance, quality, trigger, timescale, band, satellite);

    public static readonly Gen<EclairsSlewStatusPacket> SlewAnswers =
        from id in Gen.UInt
        from status in Gen.OneOf("accepted", "rejected")
        from at in Times
        from told in Gen.Bool
        from target in Quaternions
        from satellite in Satellites
        select new EclairsSlewStatusPacket(id, status, at, told ? target : null, satellite);

    public static readonly Gen<GrmTriggerPacket> Triggers =
        from id in Gen.UInt
        from count in Gen.Int[0, 255]
        from t0 in Times
        from window in Times
        from timescale in Gen.OneOf(0.1, 1.0, 4.0, 0.5)
        from band in Gen.OneOf(new EnergyBand(8.539406, 17.078812), new(17.078812, 51.236435), new(51.236435, 264.7216))
        from counts in Gen.UInt
        from background in Gen.UInt[1, uint.MaxValue]
        from detectors in Gen.OneOf("011", "101", "110", "111", "001", "000")
        from direction in Directions
        from satellite in Satellites
        select new GrmTriggerPacket(id, count, t0, window, timescale, band, counts, background, detectors, detectors == "111" ? direction : null, satellite);

    public static readonly Gen<MxtPositionPacket> MxtPositions =
        from id in Gen.UInt
        from count in Gen.Int[0, 255]
        from source in Gen.Int[1, 3]
        from at in Times
        from direction in Directions
        from pointing in Quaternions
        from snr in Gen.Int[0, 255]
        from radius in Gen.Int[0, 400_000]
        from flux in Gen.Int[0, 1_000_000]
        from error in Gen.Int[0, 1_000_000]
        from measured in Gen.Bool
        from within in Gen.Bool
        from vt in Gen.Bool
        from satellite in Satellites
        select new MxtPositionPacket(
            id, count, source, at, direction, pointing, snr, radius / 100.0, measured ? new(flux / 100.0, error / 100.0) : null, within, vt, satellite);

    public static readonly Gen<EclairsRecurrentPacket> Recurrents =
        from id in Gen.UInt
        from at in Times
        from mode in Gen.OneOf("off", "standby", "observing", "slewing")
        from pixels in Gen.Int[0, 6400]
        from counts in Gen.Int[0, 0xFFFFFF].Array[4]
        from background in Gen.Int[0, 0xFFFFFF].Array[4]
        from dead in Gen.Double[0, 100]
        from temperature in Gen.Double[-99, 59]
        from thresholds in Gen.Int[0, 65535].Array[2]
        from satellite in Satellites
        select new EclairsRecurrentPacket(
            id, at, mode, pixels, [.. counts], [.. background], dead, temperature, thresholds[0] / 100.0, thresholds[1] / 100.0, satellite);

    public static readonly Gen<OrbitPacket> OrbitPackets =
        from at in Times
        from place in Gen.Double[-8192, 8191].Array[3]
        from velocity in Gen.Double[-15.9, 15.9].Array[3]
        from error in Gen.Int[0, 65535]
        from source in Gen.OneOf(OrbitPacket.Receiver, OrbitPacket.Propagated)
        select new OrbitPacket(at, new(place[0], place[1], place[2]), new(velocity[0], velocity[1], velocity[2]), error / 10.0, source);

    public static readonly Gen<AttitudePacket> AttitudePackets =
        from at in Times
        from attitude in Quaternions
        from rates in Gen.Double[-5, 5].Array[3]
        from quality in Gen.Int[0, 15]
        from mode in Gen.OneOf(AttitudePacket.Inertial, AttitudePacket.Slewing)
        select new AttitudePacket(at, attitude, new(rates[0], rates[1], rates[2]), quality, "gyroscopes", mode);

    public static readonly Gen<int> SequenceCounts = Gen.Int[0, 16383];

    /// <summary>A frame of any kind.</summary>
    public static Gen<byte[]> Frames => Gen.OneOf(
        Gen.Select(Alerts, SequenceCounts, Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(SlewAnswers, SequenceCounts, Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(Triggers, SequenceCounts, Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(MxtPositions, SequenceCounts, Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(Recurrents, SequenceCounts, Times, static (packet, count, time) => packet.ToFrame(count, time)),
        MessageGenerators.Frames,
        Gen.Select(OrbitPackets, SequenceCounts, Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(AttitudePackets, SequenceCounts, Times, static (packet, count, time) => packet.ToFrame(count, time)));

    private static Gen<InstrumentDirection> Directions => Gen.Select(Gen.Double[0, 180], Gen.Double[0, 359.9999],
        static (theta, phi) => new InstrumentDirection(theta, phi));
}
