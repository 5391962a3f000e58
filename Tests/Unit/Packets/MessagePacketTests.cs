using System.Collections.Immutable;
using CsCheck;
using Svom.Packets.Messages;

namespace Svom.Packets;

/// <summary>Parts of messages: what is written is read, what contradicts itself is refused, and parts in any order give the whole.</summary>
public sealed class MessagePacketTests
{
    [Fact]
    public void Bins_of_a_light_curve_are_read_as_written() => MessageGenerators.LightCurves.Sample(static written =>
    {
        var read = LightCurvePacket.From(Sound(written.ToFrame(3, written.Start)));
        Assert.Equal(written.Counts.SelectMany(static band => band), read.Counts.SelectMany(static band => band));
        Assert.Equal(written with { Counts = read.Counts }, read);
    });

    [Fact]
    public void Pixels_of_a_sub_image_are_read_as_written() => MessageGenerators.SubImages.Sample(static written =>
    {
        var read = SubImagePacket.From(Sound(written.ToFrame(3, written.WindowStart)));
        Assert.Equal(written.Snr, read.Snr);
        Assert.Equal(written with { Snr = read.Snr }, read);
    });

    [Fact]
    public void A_descriptor_is_read_as_written() => MessageGenerators.Descriptors.Sample(static written =>
    {
        var read = EclairsDescriptorPacket.From(Sound(written.ToFrame(3, written.WindowStart)));
        Assert.Equal(written.BandSnr, read.BandSnr);
        Assert.Equal(written.Candidates.Length, read.Candidates.Length);
        Assert.All(written.Candidates.Zip(read.Candidates), static pair =>
        {
            Assert.Equal(pair.First.Snr, pair.Second.Snr);
            Assert.Equal(pair.First.Direction.Theta, pair.Second.Direction.Theta, 0.002);
            Assert.Equal(pair.First.Direction.Phi, pair.Second.Direction.Phi, 0.003);
        });
        Assert.Equal(written.EarthSharePercent, read.EarthSharePercent, 1e-9);
        Assert.Equal(written with { BandSnr = read.BandSnr, Candidates = read.Candidates, EarthSharePercent = read.EarthSharePercent }, read);
    });

    [Fact]
    public void Sources_of_VT_are_read_as_written() => MessageGenerators.SourceLists.Sample(static written =>
    {
        var read = VtSourceListPacket.From(Sound(written.ToFrame(3, written.ExposureStart)));
        Assert.Equal(written.Found, read.Found);
        Assert.Equal(written with { Found = read.Found, Pointing = read.Pointing }, read);
    });

    [Fact]
    public void Bits_of_an_image_are_read_as_written() => MessageGenerators.BitImages.Sample(static written =>
    {
        var read = VtImagePacket.From(Sound(written.ToFrame(3, written.ExposureStart)));
        Assert.Equal(written.Lit, read.Lit);
        Assert.Equal(written with { Lit = read.Lit }, read);
    });

    [Fact] // A source at the central pixel lies where the telescope points; a pixel beside it 0.76 arcsec away.
    public void A_source_is_placed_by_the_pointing()
    {
        var pointing = Sky.AttitudeQuaternion.FromAttitude(new(189.97, -17.76, 52.8));
        Assert.Equal(0, new VtSource(1024, 1024, 18).Place(pointing).SeparationFrom(new(189.97, -17.76)) * 3600, 1e-6);
        Assert.Equal(0.76 * 100, new VtSource(1124, 1024, 18).Place(pointing).SeparationFrom(new(189.97, -17.76)) * 3600, 1e-3);
    }

    [Theory]
    [InlineData("Msg_Part", 9, "Part 9 of a message of 8")]
    [InlineData("Msg_Parts", 9, "needs 8 parts, the packet says 9")]
    [InlineData("Msg_Part", 0, "Msg_Part of a EclairsLightCurveHigh packet is out of range")]
    [InlineData("Msg_Number", 16, "Msg_Number")]
    [InlineData("Lc_BinTime", 0, "Lc_BinTime")]
    [InlineData("Lc_Bins", 513, "Lc_Bins")]
    [InlineData("Spare_1", 1, "Spare_1")]
    public void A_part_that_contradicts_itself_is_refused_with_its_field(string field, int raw, string says)
    {
        var frame = Curve(1).ToFrame(1, MissionTime.Epoch);
        var layout = PacketDefinitions.Current[PacketKind.EclairsLightCurveHigh];
        layout[field].Write(frame, (ulong)raw);
        VhfFrame.Seal(frame);
        Assert.Contains(says, MessageChecks.Fault(PacketDefinitions.Current.Decode(frame)), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_in_any_order_give_the_whole_and_what_is_missing_is_null() => Gen.Select(Gen.Int[1, 64], Gen.Int).Sample((bins, seed) =>
    {
        var random = new Random(seed);
        var parts = LightCurvePacket.PartsOf(PacketKind.EclairsLightCurveHigh, bins);
        var here = Enumerable.Range(1, parts).Where(part => part == 1 || random.Next(3) > 0).ToHashSet();
        var payloads = here.Concat(here).Select(part => Payload(Curve(part, bins))).OrderBy(_ => random.Next());
        var curve = Assert.IsType<AssembledLightCurve>(AssembledMessage.Of(PacketKind.EclairsLightCurveHigh, payloads));
        Assert.Equal(4, curve.Counts.Length);
        for (var bin = 0; bin < bins; bin++)
        {
            Assert.Equal(here.Contains((bin / 8) + 1) ? bin + 1 : null, curve.Counts[1][bin]);
        }
    });

    [Fact]
    public void Parts_of_one_message_have_all_but_their_number_and_data_in_common()
    {
        Assert.Equal(Common(Curve(1)), Common(Curve(2)));
        Assert.NotEqual(Common(Curve(1)), Common(Curve(1, 63)));
        Assert.NotEqual(Common(Curve(1)), Common(Curve(1) with { Header = Curve(1).Header with { Number = 1 } }));
    }

    private static byte[] Common(LightCurvePacket packet) => MessagePayload.Common(packet.Header.Kind, Payload(packet));

    private static byte[] Payload(LightCurvePacket packet) => MessagePayload.Of(packet.ToFrame(packet.Header.Part, MissionTime.Epoch)).ToArray();

    /// <summary>Bin n of each band holds n + 1 counts.</summary>
    private static LightCurvePacket Curve(int part, int bins = 64)
    {
        ImmutableArray<int> counts = [.. Enumerable.Range((part - 1) * 8, 8).Select(bin => bin < bins ? bin + 1 : 0)];
        var header = new MessagePartHeader(PacketKind.EclairsLightCurveHigh, 77, 0, part, LightCurvePacket.PartsOf(PacketKind.EclairsLightCurveHigh, bins));
        return new(header, null, MissionTime.Epoch, 1, bins, null, [counts, counts, counts, counts]);
    }

    private static DecodedPacket Sound(byte[] frame)
    {
        var packet = PacketDefinitions.Current.Decode(frame);
        Assert.Null(MessageChecks.Fault(packet));
        return packet;
    }
}
