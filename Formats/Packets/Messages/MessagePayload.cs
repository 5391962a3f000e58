namespace Svom.Packets.Messages;

/// <summary>
/// What a part says apart from how it came: the octets between packet time and CRC. A packet that is sent again with another count or
/// time has the same payload.
/// </summary>
public static class MessagePayload
{
    private const int FirstOctet = 12;

    /// <summary>Octets of a payload.</summary>
    public static int Octets { get; } = PacketDefinitions.Current.FrameOctets - FirstOctet - VhfFrame.CrcOctets;

    /// <summary>The payload of a whole frame.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> frame) => frame[FirstOctet..^VhfFrame.CrcOctets];

    /// <summary>
    /// What all parts of one message say alike: the payload before its data, without the part's own number. Parts that differ in it do not
    /// belong together, whatever their message number says.
    /// </summary>
    public static byte[] Common(PacketKind kind, ReadOnlySpan<byte> payload)
    {
        var layout = PacketDefinitions.Current[kind];
        var part = (MessageFields.Of(kind).Part.BitOffset / 8) - FirstOctet;
        var data = layout.AllFields.FirstOrDefault(static field => field is { RepeatOf: not null, Kind: not FieldKind.Padding })?.BitOffset;
        var common = payload[..((data is { } bit ? bit / 8 : layout.AllFields[^1].BitOffset / 8) - FirstOctet)].ToArray();
        common[part] = 0;
        return common;
    }

    /// <summary>Decodes a payload as the packet of its kind that it came in; its count and time are lost.</summary>
    /// <exception cref="FormatException">It has not the octets of one.</exception>
    public static DecodedPacket Decode(PacketKind kind, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != Octets)
        {
            throw new FormatException($"A payload has {Octets} octets, not {payload.Length}.");
        }

        var frame = new PacketBuilder(PacketDefinitions.Current[kind]).Build(0, MissionTime.Epoch);
        payload.CopyTo(frame.AsSpan(FirstOctet));
        VhfFrame.Seal(frame);
        return PacketDefinitions.Current.Decode(frame);
    }
}
