using System.Buffers.Binary;
using Svom.Ccsds;

namespace Svom.Packets;

/// <summary>What the check of a frame says.</summary>
public enum FrameVerdict
{
    /// <summary>A whole packet of ours.</summary>
    Valid = 0,

    /// <summary>Not as many octets as a frame has.</summary>
    WrongLength = 1,

    /// <summary>The CRC does not match: broken on the way.</summary>
    BadCrc = 2,

    /// <summary>CRC right, another satellite's frame.</summary>
    ForeignSpacecraft = 3,

    /// <summary>CRC right, but no telemetry space packet that stands alone and has its time.</summary>
    NotASpacePacket = 4,

    /// <summary>CRC right, but an application that is not in the definitions.</summary>
    UnknownApid = 5,

    /// <summary>CRC right, but the packet's length is not that of the frame.</summary>
    LengthMismatch = 6,
}

/// <summary>Verdict and header of a frame. Unless the verdict is valid, the header is only what the octets claim.</summary>
/// <param name="Spacecraft">Spacecraft of the frame, 16 bits.</param>
/// <param name="Apid">Application.</param>
/// <param name="SequenceCount">Modulo 16384.</param>
/// <param name="PacketTime">On-board time, UTC, whole seconds.</param>
public readonly record struct FrameInspection(FrameVerdict Verdict, int Spacecraft, int Apid, int SequenceCount, DateTimeOffset PacketTime);

/// <summary>
/// Checks frames. The order is: length, CRC, spacecraft, packet header, application, packet length. Length comes first because the
/// place of the CRC hangs on it; the CRC comes before every field, so that a broken frame is never called foreign or
/// unknown: a verdict other than length and CRC is about octets as they were sent.
/// </summary>
public static class FrameCheck
{
    private static readonly PacketDefinitions Definitions = PacketDefinitions.Current;
    private static readonly int FrameOctets = Definitions.FrameOctets;

    /// <summary>Inspects octets as a station delivered them; allocates nothing.</summary>
    public static FrameInspection Inspect(ReadOnlySpan<byte> octets)
    {
        if (octets.Length != FrameOctets)
        {
            return new(FrameVerdict.WrongLength, 0, 0, 0, MissionTime.Epoch);
        }

        var spacecraft = BinaryPrimitives.ReadUInt16BigEndian(octets);
        var packet = octets[VhfFrame.PacketAt..];
        var isPacket = SpacePacketHeader.TryRead(packet, out var header);
        var time = MissionTime.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(packet[SpacePacketHeader.Octets..]));
        return new(Judge(octets, spacecraft, isPacket, header), spacecraft, header.Apid, header.SequenceCount, time);
    }

    private static FrameVerdict Judge(ReadOnlySpan<byte> octets, int spacecraft, bool isPacket, SpacePacketHeader header)
    {
        if (Crc16.Compute(octets) != 0)
        {
            return FrameVerdict.BadCrc;
        }

        if (spacecraft != Definitions.SpacecraftId)
        {
            return FrameVerdict.ForeignSpacecraft;
        }

        if (!isPacket || header is not { Telecommand: false, SecondaryHeader: true, SequenceFlags: SpacePacketHeader.Alone })
        {
            return FrameVerdict.NotASpacePacket;
        }

        if (Definitions.Find(header.Apid) is null)
        {
            return FrameVerdict.UnknownApid;
        }

        return header.PacketOctets == Definitions.PacketOctets ? FrameVerdict.Valid : FrameVerdict.LengthMismatch;
    }
}
