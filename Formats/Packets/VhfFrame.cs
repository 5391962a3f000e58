using System.Buffers.Binary;
using Svom.Ccsds;

namespace Svom.Packets;

/// <summary>
/// Our VHF frame: spacecraft id (16 bits), one space packet, CRC-16 over all before it. Public is only that a
/// packet has about 100 octets and takes 1.8 s; the mission's radio frame and its check word are not.
/// </summary>
public static class VhfFrame
{
    /// <summary>First octet of the space packet.</summary>
    public const int PacketAt = 2;

    /// <summary>Octets of the CRC at the end.</summary>
    public const int CrcOctets = 2;

    /// <summary>Writes the CRC of a frame into its last two octets.</summary>
    public static void Seal(Span<byte> frame) =>
        BinaryPrimitives.WriteUInt16BigEndian(frame[^CrcOctets..], Crc16.Compute(frame[..^CrcOctets]));
}
