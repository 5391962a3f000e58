using CsCheck;
using Svom.Ccsds;

namespace Svom.Packets;

public sealed class FrameCheckTests
{
    private static readonly byte[] Frame = PacketGenerators.Alerts.Single().ToFrame(77, new DateTimeOffset(2026, 4, 21, 4, 13, 40, TimeSpan.Zero));

    [Fact]
    public void A_whole_frame_is_valid_and_tells_its_header()
    {
        var inspection = FrameCheck.Inspect(Frame);
        Assert.Equal(
            new FrameInspection(FrameVerdict.Valid, PacketDefinitions.Current.SpacecraftId, 1282, 77, new DateTimeOffset(2026, 4, 21, 4, 13, 40, TimeSpan.Zero)),
            inspection);
    }

    [Fact]
    public void Every_frame_we_write_is_valid() => PacketGenerators.Frames.Sample(static frame => FrameCheck.Inspect(frame).Verdict is FrameVerdict.Valid);

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(101)]
    [InlineData(4096)]
    public void Other_lengths_are_told_apart_first(int octets) =>
        Assert.Equal(FrameVerdict.WrongLength, FrameCheck.Inspect(new byte[octets]).Verdict);

    [Fact]
    public void Any_one_to_three_flipped_bits_are_a_bad_crc_wherever_they_lie() => Gen.Int[0, 799].HashSet[1, 3].Sample(static bits =>
    {
        var broken = (byte[])Frame.Clone();
        foreach (var bit in bits)
        {
            broken[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        }

        return FrameCheck.Inspect(broken).Verdict is FrameVerdict.BadCrc;
    });

    [Theory]
    [InlineData(0, 0x12, FrameVerdict.ForeignSpacecraft)]
    [InlineData(2, 0x2D, FrameVerdict.NotASpacePacket)] // another version
    [InlineData(2, 0x1D, FrameVerdict.NotASpacePacket)] // a telecommand
    [InlineData(2, 0x05, FrameVerdict.NotASpacePacket)] // no packet time
    [InlineData(4, 0x40, FrameVerdict.NotASpacePacket)] // a part of a packet
    [InlineData(3, 0x77, FrameVerdict.UnknownApid)]
    [InlineData(7, 88, FrameVerdict.LengthMismatch)]
    public void A_right_crc_over_something_else_says_what_it_is(int octet, byte value, FrameVerdict verdict)
    {
        var other = (byte[])Frame.Clone();
        other[octet] = value;
        VhfFrame.Seal(other);
        Assert.Equal(verdict, FrameCheck.Inspect(other).Verdict);
        Assert.False(PacketDefinitions.Current.TryDecode(other, out _));
    }

    [Fact]
    public void Soup_never_throws() => Gen.Byte.Array[0, 200].Sample(static soup =>
    {
        FrameCheck.Inspect(soup);
        return !PacketDefinitions.Current.TryDecode(soup, out _);
    });

    [Fact]
    public void Soup_with_a_right_crc_and_header_is_decoded_and_its_faults_are_flagged() =>
        Gen.Select(PacketGenerators.Frames, Gen.Byte.Array[86]).Sample(static (frame, soup) =>
        {
            soup.CopyTo(frame, 12);
            VhfFrame.Seal(frame);
            var packet = PacketDefinitions.Current.Decode(frame);
            var read = Typed(packet);
            var view = PacketView.Of(packet);
            Assert.NotNull(read);
            Assert.Equal(packet.AllInRange, view.Fields.All(static field => field.InRange));
        });

    [Fact]
    public void The_check_allocates_nothing()
    {
        FrameCheck.Inspect(Frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1000; n++)
        {
            FrameCheck.Inspect(Frame);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_definitions_place_the_packet_header_where_the_standard_does()
    {
        var layout = PacketDefinitions.Current[PacketKind.EclairsAlert];
        Assert.Equal(VhfFrame.PacketAt * 8, layout["Packet_Version"].BitOffset);
        Assert.True(SpacePacketHeader.TryRead(Frame.AsSpan(VhfFrame.PacketAt), out var header));
        Assert.Equal((int)layout["Packet_Apid"].Read(Frame), header.Apid);
        Assert.Equal((int)layout["Packet_SequenceCount"].Read(Frame), header.SequenceCount);
        Assert.Equal(PacketDefinitions.Current.PacketOctets, header.PacketOctets);
        Assert.Equal((layout["Packet_Time"].BitOffset, layout["Frame_Crc"].BitOffset), (64, 784));
    }

    internal static object Typed(DecodedPacket packet) => packet.Kind switch
    {
        PacketKind.EclairsRecurrent => EclairsRecurrentPacket.From(packet),
        PacketKind.EclairsAlert => EclairsAlertPacket.From(packet),
        PacketKind.EclairsSlewStatus => EclairsSlewStatusPacket.From(packet),
        PacketKind.GrmTrigger => GrmTriggerPacket.From(packet),
        PacketKind.EclairsLightCurveHigh or PacketKind.EclairsLightCurveLow or PacketKind.GrmLightCurve => (LightCurvePacket.From(packet), Messages.MessageChecks.Fault(packet)),
        PacketKind.EclairsSubImage => (SubImagePacket.From(packet), Messages.MessageChecks.Fault(packet)),
        PacketKind.EclairsDescriptor => (EclairsDescriptorPacket.From(packet), Messages.MessageChecks.Fault(packet)),
        PacketKind.VtSourceList => (VtSourceListPacket.From(packet), Messages.MessageChecks.Fault(packet)),
        PacketKind.VtImage => (VtImagePacket.From(packet), Messages.MessageChecks.Fault(packet)),
        PacketKind.Orbit => OrbitPacket.From(packet),
        PacketKind.Attitude => AttitudePacket.From(packet),
        _ => MxtPositionPacket.From(packet),
    };
}
