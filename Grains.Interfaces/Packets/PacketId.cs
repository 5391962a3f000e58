using System.Buffers.Binary;

namespace Svom.Packets;

/// <summary>Identity of a frame's content: the first 128 bits of the SHA-256 of its octets, written as 32 lower-case hex digits.</summary>
[GenerateSerializer, Immutable, Alias("svom.packet-id")]
public readonly record struct PacketId([property: Id(0)] ulong High, [property: Id(1)] ulong Low)
{
    /// <summary>From a SHA-256 digest (32 octets; the first 16 count).</summary>
    public static PacketId FromSha256(ReadOnlySpan<byte> digest) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest[8..]));

    /// <summary>Reads 32 hex digits.</summary>
    public static bool TryParse(string? text, out PacketId id)
    {
        id = default;
        if (text is not { Length: 32 } || !ulong.TryParse(text.AsSpan(0, 16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var high)
            || !ulong.TryParse(text.AsSpan(16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var low))
        {
            return false;
        }

        id = new(high, low);
        return true;
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}
