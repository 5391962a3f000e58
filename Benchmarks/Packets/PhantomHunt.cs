using Svom.Packets.Recovery;

namespace Svom.Packets;

/// <summary>
/// Ten million corrupted receptions, grouped to deceive the vote: how many packets come out that nobody sent. There must be none. Apart from that
/// count stands what no vote can see: two stations with the same wrong bits.
/// </summary>
internal static class PhantomHunt
{
    private const int Receptions = 10_000_000;
    private const int SharedReceptions = 1_000_000;
    private const int Threads = 2;
    private const int Seed = 20260302;
    private const int Pool = 2_000;
    private static readonly string[] Stations = [.. Enumerable.Range(0, 7).Select(static n => $"T{n}")];
    private static readonly byte[][] Frames = RecoveryNoise.Frames(Pool);
    private static readonly HashSet<string> Sent = [.. Frames.Select(static frame => Convert.ToHexString(frame))];

    private delegate byte[] Corruption(int packet, int copy, Random random);

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var hunts = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => Hunt(Seed + thread, Receptions / Threads, Groups), cancellationToken)));
        var shared = await Task.Run(() => Hunt(Seed + Threads, SharedReceptions, static _ => SharedErrors()), cancellationToken);
        var careless = await Task.Run(() => Hunt(Seed, Receptions / Threads, Groups, RecoveryLimits.Standard with { MostRisk = 1 }), cancellationToken);
        return
        [
            Figure("phantoms.wrong-packets", hunts.Sum(static hunt => hunt.Wrong), hunts.Sum(static hunt => hunt.Receptions), hunts.Sum(static hunt => hunt.Recovered), Seed,
                "scattered errors of a share from 0.0001 to 0.1, bursts of up to 120 bits, pure noise, copies of packets that differ in counters alone"),
            Figure("phantoms.shared-errors", shared.Wrong, shared.Receptions, shared.Recovered, Seed + Threads,
                "in every group two stations have the same one to eight wrong bits: errors that are not independent, which the vote cannot see"),
            Figure("phantoms.without-risk-limit", careless.Wrong, careless.Receptions, careless.Recovered, Seed,
                "the groups of the first figure with any risk allowed: shows that the hunt finds wrong packets where there are some"),
        ];
    }

    private static BenchmarkFigure Figure(string name, int wrong, int receptions, int recovered, int seed, string what) => new(
        name, wrong, "wrong packets", FormattableString.Invariant($"{receptions} corrupted receptions in groups of 3 to 7: {what}; {recovered} packets recovered; seed {seed}"), "none: pure code");

    private static (int Receptions, int Recovered, int Wrong) Hunt(int seed, int most, Func<Random, Corruption> groups, RecoveryLimits? limits = null)
    {
        var random = new Random(seed);
        var (receptions, recovered, wrong) = (0, 0, 0);
        while (receptions < most)
        {
            var (packet, corrupt, count) = (random.Next(Pool), groups(random), 3 + random.Next(5));
            var copies = new List<BrokenCopy>(count);
            for (var copy = 0; copy < count; copy++)
            {
                receptions++;
                var octets = corrupt(packet, copy, random);
                if (FrameCheck.Inspect(octets).Verdict is FrameVerdict.BadCrc)
                {
                    copies.Insert(0, new(copy, Stations[copy], RecoveryNoise.HeardAt(packet), octets));
                    var vote = CopyVote.Take(copies, limits ?? RecoveryLimits.Standard);
                    recovered += vote.Outcome is VoteOutcome.Recovered ? 1 : 0;
                    wrong += vote.Outcome is VoteOutcome.Recovered && !Sent.Contains(Convert.ToHexString(vote.Octets.Span)) ? 1 : 0;
                }
            }
        }

        return (receptions, recovered, wrong);
    }

    private static Corruption Groups(Random random) => random.Next(8) switch
    {
        0 or 1 or 2 => Scattered(Math.Pow(10, -4 + (3 * random.NextDouble()))),
        3 => Bursts(1 + random.Next(3), 1 + random.Next(120)),
        4 => Mixed(1 + random.Next(3), Math.Pow(10, -4 + (2 * random.NextDouble()))),
        5 or 6 => Neighbours(1 + random.Next(8)),
        _ => static (_, _, random) =>
        {
            var noise = new byte[RecoveryNoise.FrameBits / 8];
            random.NextBytes(noise);
            return noise;
        }
        ,
    };

    private static Corruption Scattered(double wrong) => (packet, _, random) => RecoveryNoise.Scattered(Frames[packet], wrong, random);

    private static Corruption Bursts(int bursts, int longest) => (packet, _, random) => RecoveryNoise.InBursts(Frames[packet], bursts, longest, random);

    /// <summary>Some copies are of the packet before or after.</summary>
    private static Corruption Mixed(int reach, double wrong) =>
        (packet, _, random) => RecoveryNoise.Scattered(Frames[(packet + random.Next(reach + 1)) % Pool], wrong, random);

    /// <summary>Every copy is of another packet, mostly alike but for counters, with a few bits wrong.</summary>
    private static Corruption Neighbours(int errors) => (packet, copy, random) =>
    {
        var octets = (byte[])Frames[(packet + copy) % Pool].Clone();
        for (var n = errors; n > 0; n--)
        {
            RecoveryNoise.Flip(octets, random.Next(RecoveryNoise.FrameBits));
        }

        return octets;
    };

    private static Corruption SharedErrors()
    {
        int[]? shared = null;
        return (packet, copy, random) =>
        {
            shared ??= [.. Enumerable.Range(0, 1 + random.Next(8)).Select(_ => random.Next(RecoveryNoise.FrameBits))];
            var octets = (byte[])Frames[packet].Clone();
            foreach (var bit in copy < 2 ? shared : [])
            {
                RecoveryNoise.Flip(octets, bit);
            }

            RecoveryNoise.Flip(octets, random.Next(RecoveryNoise.FrameBits));
            return octets;
        };
    }
}
