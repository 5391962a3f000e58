using System.Buffers.Binary;

namespace Svom.Ccsds;

/// <summary>Primary header of a space packet, six octets, big-endian. Source: CCSDS 133.0-B-2, 4.1.3.</summary>
/// <param name="Telecommand">Packet type: false is telemetry.</param>
/// <param name="SecondaryHeader">True when a secondary header follows.</param>
/// <param name="Apid">Application process, 0 to 2047; 2047 is idle.</param>
/// <param name="SequenceFlags">3 alone, 1 first, 0 continuation, 2 last.</param>
/// <param name="SequenceCount">Per application, modulo 16384: it wraps, so compare with care.</param>
/// <param name="DataLength">Octets after the primary header: the length field plus one, 1 to 65536.</param>
public readonly record struct SpacePacketHeader(
    bool Telecommand, bool SecondaryHeader, int Apid, int SequenceFlags, int SequenceCount, int DataLength)
{
    /// <summary>Octets of the primary header.</summary>
    public const int Octets = 6;

    /// <summary>Sequence counts wrap at this number.</summary>
    public const int SequenceModulus = 1 << 14;

    /// <summary>Sequence flags of a packet that stands alone.</summary>
    public const int Alone = 3;

    /// <summary>Octets of the whole packet, 7 to 65542.</summary>
    public int PacketOctets => Octets + DataLength;

    /// <summary>Reads a header; hostile octets are a "no", not an exception.</summary>
    /// <returns><see langword="false"/> when the octets are too few or of another packet version.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, out SpacePacketHeader header)
    {
        if (octets.Length < Octets || octets[0] >> 5 != 0)
        {
            header = default;
            return false;
        }

        var identification = BinaryPrimitives.ReadUInt16BigEndian(octets);
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        header = new(
            (identification & 0x1000) != 0, (identification & 0x0800) != 0, identification & 0x07FF,
            sequence >> 14, sequence & 0x3FFF, BinaryPrimitives.ReadUInt16BigEndian(octets[4..]) + 1);
        return true;
    }

    /// <summary>Writes the six octets.</summary>
    /// <exception cref="InvalidOperationException">A value does not fit its bits.</exception>
    public void Write(Span<byte> octets)
    {
        if (Apid is < 0 or > 0x07FF || SequenceFlags is < 0 or > 3 || SequenceCount is < 0 or >= SequenceModulus || DataLength is < 1 or > 0x10000)
        {
            throw new InvalidOperationException($"No primary header can say {this}.");
        }

        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)((Telecommand ? 0x1000 : 0) | (SecondaryHeader ? 0x0800 : 0) | Apid));
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], (ushort)((SequenceFlags << 14) | SequenceCount));
        BinaryPrimitives.WriteUInt16BigEndian(octets[4..], (ushort)(DataLength - 1));
    }
}
