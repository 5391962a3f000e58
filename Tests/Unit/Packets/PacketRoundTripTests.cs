using CsCheck;
using Svom.Sky;

namespace Svom.Packets;

/// <summary>What is written is read: exactly where a packet is exact, else within what a notice may print.</summary>
public sealed class PacketRoundTripTests
{
    // A place on the sky may be off by this much, degrees: a third of the last digit that a notice prints.
    private const double PlaceTolerance = 0.00003;

    [Fact]
    public void An_alert_is_read_as_written() => Gen.Select(PacketGenerators.Alerts, PacketGenerators.SequenceCounts, PacketGenerators.Times).Sample(static (written, count, time) =>
    {
        var packet = PacketDefinitions.Current.Decode(written.ToFrame(count, time));
        var read = EclairsAlertPacket.From(packet);
        Assert.Equal(PacketKind.EclairsAlert, packet.Kind);
        Assert.Equal(count, packet.SequenceCount);
        Assert.Equal(MissionTime.ToSeconds(time), MissionTime.ToSeconds(packet.PacketTime));
        Assert.True(packet.AllInRange);
        Assert.True(read.Position.SeparationFrom(written.Position) < PlaceTolerance);
        AssertSame(written.Satellite, read.Satellite);
        Assert.Equal(written with { Direction = read.Direction, Satellite = read.Satellite }, read);
    });

    [Fact]
    public void A_slew_answer_is_read_as_written() => PacketGenerators.SlewAnswers.Sample(static written =>
    {
        var read = EclairsSlewStatusPacket.From(Decoded(written.ToFrame(1, written.AnsweredAt)));
        AssertSame(written.Satellite, read.Satellite);
        AssertSame(written.Target ?? default, read.Target ?? default);
        Assert.Equal(written with { Target = read.Target, Satellite = read.Satellite }, read);
    });

    [Fact]
    public void A_grm_trigger_is_read_as_written() => PacketGenerators.Triggers.Sample(static written =>
    {
        var read = GrmTriggerPacket.From(Decoded(written.ToFrame(1, written.T0)));
        AssertSame(written.Satellite, read.Satellite);
        Assert.Equal(written.Direction is null, read.Position is null);
        Assert.True(read.Position is null || read.Position.Value.SeparationFrom(written.Position!.Value) < PlaceTolerance);
        Assert.Equal(written with { Direction = read.Direction, Satellite = read.Satellite }, read);
    });

    [Fact]
    public void An_mxt_position_is_read_as_written() => PacketGenerators.MxtPositions.Sample(static written =>
    {
        var read = MxtPositionPacket.From(Decoded(written.ToFrame(1, written.ObservedAt)));
        AssertSame(written.Satellite, read.Satellite);
        Assert.True(read.Position.SeparationFrom(written.Position) < PlaceTolerance);
        Assert.Equal(written with { Direction = read.Direction, Pointing = read.Pointing, Satellite = read.Satellite }, read);
    });

    [Fact]
    public void A_recurrent_message_is_read_as_written() => PacketGenerators.Recurrents.Sample(static written =>
    {
        var read = EclairsRecurrentPacket.From(Decoded(written.ToFrame(1, written.TakenAt)));
        AssertSame(written.Satellite, read.Satellite);
        Assert.Equal(written.Counts, read.Counts);
        Assert.Equal(written.Background, read.Background);
        Assert.Equal(written.DeadTimePercent, read.DeadTimePercent, 0.001);
        Assert.Equal(written.TemperatureCelsius, read.TemperatureCelsius, 0.00501);
        Assert.Equal(written.AlertThresholdSigma, read.AlertThresholdSigma, 1e-9);
        Assert.Equal((written.Mode, written.TakenAt, written.ActivePixels), (read.Mode, read.TakenAt, read.ActivePixels));
    });

    [Fact]
    public void An_orbit_is_read_as_written() => PacketGenerators.OrbitPackets.Sample(static written =>
    {
        var read = OrbitPacket.From(Decoded(written.ToFrame(1, written.At)));
        Assert.Equal(written.Position.X, read.Position.X, 0.000_002);
        Assert.Equal(written.Position.Y, read.Position.Y, 0.000_002);
        Assert.Equal(written.Position.Z, read.Position.Z, 0.000_002);
        Assert.Equal(written.Velocity.X, read.Velocity.X, 0.000_000_004);
        Assert.Equal(written.Velocity.Y, read.Velocity.Y, 0.000_000_004);
        Assert.Equal(written.Velocity.Z, read.Velocity.Z, 0.000_000_004);
        Assert.Equal(written with { Position = read.Position, Velocity = read.Velocity }, read);
    });

    [Fact]
    public void An_orbit_that_cannot_be_is_told_from_one_that_can()
    {
        var orbit = new OrbitPacket(MissionTime.Epoch, new(7_000, 0, 0), new(0, 6.4, 3.7));
        Assert.True(orbit.IsPlausible);
        Assert.False((orbit with { Position = new(10, 20, 30) }).IsPlausible);
        Assert.False((orbit with { Velocity = new(0, 0, 0) }).IsPlausible);
    }

    [Fact]
    public void An_attitude_is_read_as_written() => PacketGenerators.AttitudePackets.Sample(static written =>
    {
        var read = AttitudePacket.From(Decoded(written.ToFrame(1, written.At)));
        AssertSame(written.Attitude, read.Attitude);
        Assert.Equal(written.Rates.X, read.Rates.X, 0.000_000_004);
        Assert.Equal(written.Rates.Y, read.Rates.Y, 0.000_000_004);
        Assert.Equal(written.Rates.Z, read.Rates.Z, 0.000_000_004);
        Assert.Equal(written with { Attitude = read.Attitude, Rates = read.Rates }, read);
    });

    [Fact]
    public void Every_snr_with_two_decimals_is_printed_as_it_was_given() => Gen.Int[500, 30_000].Sample(static hundredths =>
    {
        var snr = hundredths / 100m;
        var alert = PacketGenerators.Alerts.Single() with { SkyCounts = (uint)(snr * 10_000), SkyVariance = 100_000_000 };
        var grm = PacketGenerators.Triggers.Single() with { Counts = 100_000_000 + (uint)(snr * 10_000), Background = 100_000_000 };
        return EclairsAlertPacket.From(Decoded(alert.ToFrame(0, alert.SequenceT0))).Snr.ToString("F2") == snr.ToString("F2")
            && GrmTriggerPacket.From(Decoded(grm.ToFrame(0, grm.T0))).Snr.ToString("F2") == snr.ToString("F2");
    });

    [Fact]
    public void A_fine_time_keeps_every_step_of_100_ns() => Gen.Long[0, 4_000_000_000L * 10_000_000].Sample(static ticks =>
        MissionTime.FromFine(MissionTime.ToFine(MissionTime.Epoch.AddTicks(ticks))) == MissionTime.Epoch.AddTicks(ticks));

    private static DecodedPacket Decoded(byte[] frame)
    {
        var packet = PacketDefinitions.Current.Decode(frame);
        Assert.True(packet.AllInRange);
        return packet;
    }

    private static void AssertSame(AttitudeQuaternion written, AttitudeQuaternion read)
    {
        Assert.Equal(written.Q0, read.Q0, 1e-9);
        Assert.Equal(written.Q1, read.Q1, 1e-9);
        Assert.Equal(written.Q2, read.Q2, 1e-9);
        Assert.Equal(written.Q3, read.Q3, 1e-9);
    }

    private static void AssertSame(SatelliteState written, SatelliteState read)
    {
        AssertSame(written.Attitude, read.Attitude);
        Assert.Equal((written.AttitudeQuality, written.AttitudeReference), (read.AttitudeQuality, read.AttitudeReference));
        Assert.Equal(written.Place is null, read.Place is null);
        if (written.Place is { } place && read.Place is { } found)
        {
            var longitude = Math.Abs(Math.IEEERemainder(place.Longitude - found.Longitude, 360)) * Math.Cos(double.DegreesToRadians(place.Latitude));
            Assert.True(longitude < 0.005 && Math.Abs(place.Latitude - found.Latitude) < 0.005 && Math.Abs(place.AltitudeKm - found.AltitudeKm) < 0.005);
        }
    }
}
