using System.Buffers.Binary;

namespace Svom.Products;

/// <summary>Name of a content: the SHA-256 of its octets, written as 64 lower-case hex digits.</summary>
[GenerateSerializer, Immutable, Alias("svom.content-address")]
public readonly record struct ContentAddress([property: Id(0)] UInt128 High, [property: Id(1)] UInt128 Low)
{
    private const int DigestLength = 32;

    /// <param name="digest">A SHA-256 digest, 32 octets.</param>
    public static ContentAddress FromSha256(ReadOnlySpan<byte> digest)
    {
        if (digest.Length != DigestLength)
        {
            throw new ArgumentException("A SHA-256 digest has 32 octets.", nameof(digest));
        }

        return new(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
    }

    /// <summary>Reads 64 lower-case hex digits: one content has one spelling.</summary>
    public static bool TryParse(string? text, out ContentAddress address)
    {
        address = default;
        if (text is not { Length: 2 * DigestLength } || text.Any(static digit => !char.IsAsciiHexDigitLower(digit)))
        {
            return false;
        }

        address = FromSha256(Convert.FromHexString(text));
        return true;
    }

    /// <summary>The digest, 32 octets.</summary>
    public byte[] ToSha256()
    {
        var digest = new byte[DigestLength];
        BinaryPrimitives.WriteUInt128BigEndian(digest, High);
        BinaryPrimitives.WriteUInt128BigEndian(digest.AsSpan(16), Low);
        return digest;
    }

    public override string ToString() => Convert.ToHexStringLower(ToSha256());
}
