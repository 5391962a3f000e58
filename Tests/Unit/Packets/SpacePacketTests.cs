using System.Text;
using CsCheck;

namespace Svom.Ccsds;

public sealed class SpacePacketTests
{
    private static readonly Gen<SpacePacketHeader> Headers = Gen.Select(
        Gen.Bool, Gen.Bool, Gen.Int[0, 2047], Gen.Int[0, 3], Gen.Int[0, 16383], Gen.Int[1, 65536],
        static (command, secondary, apid, flags, count, length) => new SpacePacketHeader(command, secondary, apid, flags, count, length));

    [Fact]
    public void Every_header_reads_back_as_written() => Headers.Sample(header =>
    {
        Span<byte> octets = stackalloc byte[6];
        header.Write(octets);
        return SpacePacketHeader.TryRead(octets, out var read) && read == header;
    });

    [Fact]
    public void A_header_of_another_version_or_too_short_is_refused()
    {
        Assert.False(SpacePacketHeader.TryRead([0x20, 0, 0, 0, 0, 0], out _));
        Assert.False(SpacePacketHeader.TryRead([0, 0, 0, 0, 0], out _));
    }

    [Fact]
    public void A_length_field_of_93_is_a_packet_of_100_octets()
    {
        Assert.True(SpacePacketHeader.TryRead([0x08, 0x01, 0xC0, 0x00, 0x00, 93], out var header));
        Assert.Equal(100, header.PacketOctets);
    }

    [Fact]
    public void The_crc_of_the_check_text_is_29B1() => Assert.Equal(0x29B1, Crc16.Compute("123456789"u8));

    [Fact]
    public void The_fast_crc_is_the_one_bit_by_bit_and_vanishes_over_itself() => Gen.Byte.Array[0, 300].Sample(octets =>
    {
        var crc = Crc16.Compute(octets);
        byte[] sealedOctets = [.. octets, (byte)(crc >> 8), (byte)crc];
        return crc == BitByBit(octets) && Crc16.Compute(sealedOctets) == 0;
    });

    private static ushort BitByBit(byte[] octets)
    {
        var crc = 0xFFFF;
        foreach (var octet in octets)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                var top = ((crc >> 15) ^ (octet >> bit)) & 1;
                crc = ((crc << 1) ^ (top * 0x1021)) & 0xFFFF;
            }
        }

        return (ushort)crc;
    }
}
