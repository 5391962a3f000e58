using System.Buffers.Binary;

namespace Svom.Support.Hostile;

/// <summary>Mutates octets without knowing what they mean. Pure: dice and octets alone make the result.</summary>
internal static class OctetMutation
{
    private const int MostFlips = 16;
    private const int MostAdded = 64;
    private const int MostAddedRarely = 4_096;

    /// <summary>One or some mutations.</summary>
    /// <param name="other">What may be spliced in.</param>
    /// <param name="longest">What becomes longer is cut.</param>
    public static byte[] Mutate(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> other, Dice dice, int longest)
    {
        var mutated = octets.ToArray();
        for (var rounds = 1 + dice.Below(dice.Once(4) ? 6 : 2); rounds > 0; rounds--)
        {
            mutated = Next(mutated, other, dice);
        }

        return mutated.Length <= longest ? mutated : mutated[..longest];
    }

    /// <summary>The same, but of the same length: for what a check of the length would stop.</summary>
    public static byte[] MutateInPlace(ReadOnlySpan<byte> octets, Dice dice)
    {
        var mutated = octets.ToArray();
        for (var rounds = 1 + dice.Below(4); rounds > 0 && mutated.Length > 0; rounds--)
        {
            _ = dice.Below(4) switch
            {
                0 => Flip(mutated, dice, 1),
                1 => Flip(mutated, dice, 1 + dice.Below(MostFlips)),
                2 => Edge(mutated, dice),
                _ => Number(mutated, dice),
            };
        }

        return mutated;
    }

    private static byte[] Next(byte[] octets, ReadOnlySpan<byte> other, Dice dice)
    {
        if (octets.Length == 0)
        {
            return dice.Octets(dice.Below(8));
        }

        return dice.Below(10) switch
        {
            0 => Flip(octets, dice, 1),
            1 => Flip(octets, dice, 1 + dice.Below(MostFlips)),
            2 => Edge(octets, dice),
            3 => octets[..dice.Below(octets.Length)],
            4 => [.. octets, .. dice.Octets(dice.Below(dice.Once(50) ? MostAddedRarely : MostAdded))],
            5 => other.Length == 0 ? octets : [.. octets.AsSpan(0, dice.Below(octets.Length + 1)), .. other[dice.Below(other.Length)..]],
            6 => Removed(octets, dice),
            7 => Twice(octets, dice),
            8 => Number(octets, dice),
            _ => Noise(octets, dice),
        };
    }

    private static byte[] Flip(byte[] octets, Dice dice, int bits)
    {
        for (; bits > 0; bits--)
        {
            octets[dice.Below(octets.Length)] ^= (byte)(1 << dice.Below(8));
        }

        return octets;
    }

    private static byte[] Edge(byte[] octets, Dice dice)
    {
        octets[dice.Below(octets.Length)] = (byte)dice.Edge(8);
        return octets;
    }

    /// <summary>Two or four octets become a number at an edge: lengths and counts are such numbers.</summary>
    private static byte[] Number(byte[] octets, Dice dice)
    {
        if (octets.Length >= 4 && dice.Once(2))
        {
            BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(dice.Below(octets.Length - 3)), (uint)dice.Edge(32));
        }
        else if (octets.Length >= 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(dice.Below(octets.Length - 1)), (ushort)dice.Edge(16));
        }

        return octets;
    }

    private static byte[] Removed(byte[] octets, Dice dice)
    {
        var (from, to) = Run(octets, dice);
        return [.. octets.AsSpan(0, from), .. octets.AsSpan(to)];
    }

    private static byte[] Twice(byte[] octets, Dice dice)
    {
        var (from, to) = Run(octets, dice);
        return [.. octets.AsSpan(0, to), .. octets.AsSpan(from)];
    }

    private static byte[] Noise(byte[] octets, Dice dice)
    {
        var (from, to) = Run(octets, dice);
        dice.Octets(to - from).CopyTo(octets, from);
        return octets;
    }

    private static (int From, int To) Run(byte[] octets, Dice dice)
    {
        var from = dice.Below(octets.Length);
        return (from, from + 1 + dice.Below(Math.Min(octets.Length - from, MostAdded)));
    }
}
