using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Svom.Workflows;

/// <summary>
/// A payload as a content: a mark with the version of the form, the count of metadata, each name and value behind its length, and the rest is
/// the data. Numbers are big-endian, 32 bits. One payload has one form, so that equal payloads lie in the store once.
/// </summary>
internal static class PayloadContent
{
    private static readonly byte[] Mark = "SVOM-PAYLOAD\0\u0001"u8.ToArray();

    // Strict both ways: two different names must never become one.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ReadOnlyMemory<byte> Write(Payload payload)
    {
        var length = Mark.Length + 4L + payload.Data.Length;
        foreach (var (name, value) in payload.Metadata)
        {
            length += 8L + Utf8.GetByteCount(name) + value.Length;
        }

        if (length > Array.MaxLength)
        {
            throw new PayloadRefusedException($"A payload of {length} octets is too large to be kept.");
        }

        var octets = new byte[length];
        var writer = octets.AsSpan();
        Mark.CopyTo(writer);
        writer = Number(writer[Mark.Length..], payload.Metadata.Count);
        foreach (var (name, value) in payload.Metadata.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            writer = Number(writer, Utf8.GetByteCount(name));
            writer = Number(writer[Utf8.GetBytes(name, writer)..], value.Length);
            value.Span.CopyTo(writer);
            writer = writer[value.Length..];
        }

        payload.Data.Span.CopyTo(writer);
        return octets;
    }

    /// <returns>False when the content is none of ours: a reference may point at any content there is.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> octets, out Payload payload)
    {
        payload = null!;
        if (!octets.Span.StartsWith(Mark))
        {
            return false;
        }

        var rest = octets[Mark.Length..];
        if (!TryNumber(ref rest, out var count))
        {
            return false;
        }

        var metadata = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        try
        {
            for (; count > 0; count--)
            {
                if (!TryPart(ref rest, out var name) || !TryPart(ref rest, out var value) || !metadata.TryAdd(Utf8.GetString(name.Span), value))
                {
                    return false;
                }
            }
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        payload = new(metadata.ToImmutable(), rest);
        return true;
    }

    private static Span<byte> Number(Span<byte> to, int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, number);
        return to[4..];
    }

    private static bool TryPart(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> part)
    {
        part = default;
        if (!TryNumber(ref rest, out var length) || length > rest.Length)
        {
            return false;
        }

        (part, rest) = (rest[..length], rest[length..]);
        return true;
    }

    private static bool TryNumber(ref ReadOnlyMemory<byte> rest, out int number)
    {
        number = 0;
        if (rest.Length < 4)
        {
            return false;
        }

        number = BinaryPrimitives.ReadInt32BigEndian(rest.Span);
        rest = rest[4..];
        return number >= 0;
    }
}
