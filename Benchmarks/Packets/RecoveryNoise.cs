namespace Svom.Packets;

/// <summary>Broken copies, invented: what noise does to frames on their way to stations.</summary>
internal static class RecoveryNoise
{
    public const int FrameBits = 800;

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    /// <summary>Frames of every kind, as a burst and its recurrent packets bring them.</summary>
    public static byte[][] Frames(int count) => [.. InventedTraffic.Receptions(Start, count, 1, null).Select(static one => one.Octets.ToArray())];

    /// <summary>The time at which a packet of <see cref="Frames"/> is heard.</summary>
    public static DateTimeOffset HeardAt(int packet) => Start.AddMilliseconds((100d * packet) + 1_500);

    /// <summary>Each bit by itself.</summary>
    public static byte[] Scattered(byte[] frame, double wrong, Random random)
    {
        var octets = (byte[])frame.Clone();

        // Straight to the next wrong bit: most are right.
        for (var bit = Gap(wrong, random); bit < FrameBits; bit += 1 + Gap(wrong, random))
        {
            Flip(octets, bit);
        }

        return octets;
    }

    /// <summary>Pieces in which half of the bits are wrong.</summary>
    public static byte[] InBursts(byte[] frame, int bursts, int longest, Random random)
    {
        var octets = (byte[])frame.Clone();
        for (; bursts > 0; bursts--)
        {
            var (from, length) = (random.Next(FrameBits), 1 + random.Next(longest));
            for (var bit = from; bit < Math.Min(FrameBits, from + length); bit++)
            {
                if (random.Next(2) == 0)
                {
                    Flip(octets, bit);
                }
            }
        }

        return octets;
    }

    public static void Flip(byte[] octets, int bit) => octets[bit / 8] ^= (byte)(0x80 >> (bit % 8));

    private static int Gap(double wrong, Random random) =>
        (int)Math.Min(FrameBits, Math.Log(1 - random.NextDouble()) / Math.Log(1 - wrong));
}
