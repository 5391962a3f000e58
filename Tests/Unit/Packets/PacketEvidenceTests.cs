using System.Buffers.Binary;
using Svom.Bursts;
using Svom.Ccsds;
using Svom.Packets;
using Svom.Support;

namespace Svom.Unit.Packets;

public sealed class PacketEvidenceTests
{
    private static readonly PacketLayout AlertLayout = PacketDefinitions.Current[PacketKind.EclairsAlert];

    [Fact]
    public void A_sound_packet_is_plausible()
    {
        Assert.False(Assert.IsType<EclairsAlert>(Decode(Alert()).Evidence).Implausible);
        Assert.False(Assert.IsType<GrmTrigger>(Decode(Frames.Grm()).Evidence).Implausible);
    }

    [Fact] // Nobody knows where a satellite looks whose quaternion is none: its alert has no place in the sky.
    public void A_packet_whose_quaternion_is_none_is_implausible()
    {
        var frame = Alert();
        foreach (var part in (string[])["Sat_AttitudeQ0", "Sat_AttitudeQ1", "Sat_AttitudeQ2", "Sat_AttitudeQ3"])
        {
            AlertLayout[part].Write(frame, 0);
        }

        Assert.True(DecodeSealed(frame).Evidence!.Implausible);
    }

    [Theory] // An update on board may bring codes that no table has yet: such an alert must be seen by somebody.
    [InlineData("Alert_TriggerTimescale"), InlineData("Alert_TriggerBand")]
    public void An_alert_with_an_unknown_code_is_parked_with_the_reason(string field)
    {
        var frame = Alert();
        AlertLayout[field].Write(frame, (1UL << AlertLayout[field].Bits) - 1);
        var decoded = DecodeSealed(frame);
        Assert.Null(decoded.Evidence);
        Assert.Contains("EclairsAlert", decoded.Undecodable, StringComparison.Ordinal);
    }

    private static DecodedReception DecodeSealed(byte[] frame)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(^2..), Crc16.Compute(frame.AsSpan(..^2)));
        return Decode(frame);
    }

    private static byte[] Alert() => Frames.Alert(4711, 0, 12.5);

    private static DecodedReception Decode(byte[] frame) =>
        Assert.Single(PacketDecoderGrain.Decode([new(1, "NCL1", Frames.T0, null, ReceptionVerdict.Valid, default, null, true, false, Frames.T0, frame)]));
}
