using System.Buffers.Binary;

namespace Svom.Packets;

/// <summary>The three protobuf wire types a reception is made of. Source: Protocol Buffers, "Encoding". Hostile input is a "no".</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    public const ulong Varint = 0;
    public const ulong Fixed64 = 1;
    public const ulong LengthDelimited = 2;

    private ReadOnlySpan<byte> rest = message;

    public readonly bool AtEnd => rest.IsEmpty;

    public bool TryVarint(out ulong value)
    {
        value = 0;
        for (var at = 0; at < rest.Length && at < 10; at++)
        {
            var octet = rest[at];
            if (at == 9 && octet > 1) // The tenth octet has room for one bit.
            {
                return false;
            }

            value |= (ulong)(octet & 0x7F) << (7 * at);
            if (octet < 0x80)
            {
                rest = rest[(at + 1)..];
                return true;
            }
        }

        return false;
    }

    public bool TryOctets(out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (!TryVarint(out var length) || length > (ulong)rest.Length)
        {
            return false;
        }

        octets = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    public bool TryDouble(out double value)
    {
        value = 0;
        if (rest.Length < 8)
        {
            return false;
        }

        value = BinaryPrimitives.ReadDoubleLittleEndian(rest);
        rest = rest[8..];
        return true;
    }
}

/// <summary>A <c>google.protobuf.Timestamp</c> on its way in.</summary>
internal struct ProtoTime
{
    private const ulong SecondsTag = (1 << 3) | ProtoReader.Varint;
    private const ulong NanosTag = (2 << 3) | ProtoReader.Varint;

    private bool present;
    private long seconds;
    private long nanos;

    public bool TryMerge(ReadOnlySpan<byte> message)
    {
        present = true;
        var reader = new ProtoReader(message);
        while (!reader.AtEnd)
        {
            if (!reader.TryVarint(out var tag) || tag is not (SecondsTag or NanosTag) || !reader.TryVarint(out var value))
            {
                return false;
            }

            (seconds, nanos) = tag is SecondsTag ? ((long)value, nanos) : (seconds, (int)value);
        }

        return true;
    }

    /// <summary>The time to the millisecond; what is finer is cut off.</summary>
    public readonly bool TryTake(out DateTimeOffset at)
    {
        var plausible = present && nanos is >= 0 and < 1_000_000_000
            && seconds >= ReceptionForm.Earliest.ToUnixTimeSeconds() && seconds < ReceptionForm.Latest.ToUnixTimeSeconds();
        at = plausible ? DateTimeOffset.FromUnixTimeMilliseconds((seconds * 1000) + (nanos / 1_000_000)) : default;
        return plausible;
    }
}
