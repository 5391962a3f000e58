using System.Buffers.Binary;
using System.Numerics;

namespace Svom.Packets.Recovery;

/// <summary>One broken reception of a frame, with its bits laid out for voting.</summary>
public sealed class BrokenCopy
{
    private const int BitsPerWord = 64;

    /// <param name="position">Its place in the feed's log.</param>
    /// <param name="station">Who heard it.</param>
    /// <param name="receivedAt">Station clock, UTC.</param>
    /// <param name="octets">As received.</param>
    public BrokenCopy(long position, string station, DateTimeOffset receivedAt, ReadOnlyMemory<byte> octets)
    {
        (Position, Station, ReceivedAt, Octets) = (position, station, receivedAt, octets);
        Words = ToWords(octets.Span);
    }

    public long Position { get; }

    public string Station { get; }

    public DateTimeOffset ReceivedAt { get; }

    public ReadOnlyMemory<byte> Octets { get; }

    public int Bits => Octets.Length * 8;

    /// <summary>The octets as big-endian words, the last filled up with zeros.</summary>
    internal ulong[] Words { get; }

    /// <summary>Bits in which two frames of one length differ.</summary>
    public int Distance(BrokenCopy other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Distance(Words, other.Words);
    }

    internal static int Distance(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other)
    {
        var bits = 0;
        for (var n = 0; n < one.Length; n++)
        {
            bits += BitOperations.PopCount(one[n] ^ other[n]);
        }

        return bits;
    }

    internal static ulong[] ToWords(ReadOnlySpan<byte> octets)
    {
        var words = new ulong[(octets.Length + 7) / 8];
        Span<byte> padded = stackalloc byte[8];
        for (var n = 0; n < words.Length; n++)
        {
            padded.Clear();
            octets[(n * 8)..Math.Min(octets.Length, (n * 8) + 8)].CopyTo(padded);
            words[n] = BinaryPrimitives.ReadUInt64BigEndian(padded);
        }

        return words;
    }

    internal static byte[] ToOctets(ReadOnlySpan<ulong> words, int bits)
    {
        var octets = new byte[words.Length * (BitsPerWord / 8)];
        for (var n = 0; n < words.Length; n++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(octets.AsSpan(n * 8), words[n]);
        }

        return octets[..(bits / 8)];
    }
}
