namespace Svom.Workflows;

/// <summary>
/// Random numbers that a replay draws again: the sequence follows from the seed alone and never changes with the runtime.
/// SplitMix64 (Steele, Lea and Flood, 2014).
/// </summary>
internal sealed class DeterministicRandom(string seed) : Random
{
    private ulong state = Hash(seed);

    public override int Next() => (int)NextInt64(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)NextInt64(maxValue);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)NextInt64(minValue, maxValue);
    }

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (long)Math.BigMul(Draw(), (ulong)maxValue, out _); // High half of the product: below the maximum.
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return unchecked(minValue + (long)Math.BigMul(Draw(), (ulong)(maxValue - minValue), out _));
    }

    public override double NextDouble() => (Draw() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (Draw() >> 40) * (1.0f / (1U << 24));

    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    public override void NextBytes(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i += sizeof(ulong))
        {
            var drawn = Draw();
            for (var j = i; j < buffer.Length && j < i + sizeof(ulong); j++)
            {
                buffer[j] = (byte)drawn;
                drawn >>= 8;
            }
        }
    }

    protected override double Sample() => NextDouble();

    /// <summary>A UUID of version 4.</summary>
    public Guid NextGuid()
    {
        Span<byte> octets = stackalloc byte[16];
        NextBytes(octets);
        octets[6] = (byte)((octets[6] & 0x0F) | 0x40);
        octets[8] = (byte)((octets[8] & 0x3F) | 0x80);
        return new(octets, bigEndian: true);
    }

    private static ulong Hash(string text)
    {
        var hash = 14_695_981_039_346_656_037UL; // FNV-1a: string.GetHashCode differs from process to process.
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 1_099_511_628_211UL);
        }

        return hash;
    }

    private ulong Draw()
    {
        unchecked
        {
            var mixed = state += 0x9E3779B97F4A7C15UL;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return mixed ^ (mixed >> 31);
        }
    }
}
