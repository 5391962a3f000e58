namespace Svom.Support.Hostile;

/// <summary>
/// Numbers of one hostile input. Seed, kind and index alone make them (SplitMix64), so that any input of a campaign can be made again by itself, by any
/// process and in any order.
/// </summary>
internal sealed class Dice
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong state;

    public Dice(long seed, HostileKind kind, long index) => state = Mix(Mix((ulong)seed + ((ulong)kind * Golden)) + ((ulong)index * Golden));

    public ulong Next()
    {
        state += Golden;
        return Mix(state);
    }

    /// <returns>0 to <paramref name="count"/> - 1.</returns>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <returns>True once in <paramref name="of"/>.</returns>
    public bool Once(int of) => Below(of) == 0;

    public T One<T>(params ReadOnlySpan<T> of) => of[Below(of.Length)];

    /// <summary>A number at or near the edge of what so many bits hold, or any.</summary>
    public ulong Edge(int bits)
    {
        var most = bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1;
        return Below(8) switch
        {
            0 => 0,
            1 => 1,
            2 => most,
            3 => most - 1,
            4 => most >> 1,
            5 => (most >> 1) + 1,
            6 => 1UL << Below(bits),
            _ => Next() & most,
        };
    }

    public byte[] Octets(int count)
    {
        var octets = new byte[count];
        for (var n = 0; n < count; n++)
        {
            octets[n] = (byte)Next();
        }

        return octets;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

/// <summary>What hostile inputs are made for, one door or form each.</summary>
internal enum HostileKind
{
    Frames = 1,
    Json = 2,
    Grpc = 3,
    Mqtt = 4,
}
