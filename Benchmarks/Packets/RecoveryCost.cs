using System.Diagnostics;
using Svom.Packets.Recovery;

namespace Svom.Packets;

/// <summary>What the guards of the vote rest on: how far frames lie apart, and what a flood of rubbish costs.</summary>
internal static class RecoveryCost
{
    private const int Pairs = 20_000;
    private const int Flood = 200_000;
    private const int Seed = 20260303;

    public static IEnumerable<BenchmarkFigure> Run(byte[][] frames)
    {
        var random = new Random(Seed);
        yield return Distance("copies-of-one-packet", "two copies of one packet with 3 % of their bits wrong", () =>
        {
            var frame = frames[random.Next(frames.Length)];
            return (RecoveryNoise.Scattered(frame, 0.03, random), RecoveryNoise.Scattered(frame, 0.03, random));
        });
        yield return Distance("packets-in-a-row", "two packets in a row, alike but for counters as a rule", () => random.Next(frames.Length - 1) is var n ? (frames[n], frames[n + 1]) : default);
        yield return Distance("packets-of-two-kinds", "an alert and a recurrent packet", () =>
            (frames[(random.Next(frames.Length / InventedTraffic.PacketsPerBurst) * InventedTraffic.PacketsPerBurst) + 1 + random.Next(16)], frames[InventedTraffic.PacketsOfBurst + random.Next(1_900)]));
        yield return Distance("noise", "two frames of pure noise", () =>
        {
            var (one, other) = (new byte[RecoveryNoise.FrameBits / 8], new byte[RecoveryNoise.FrameBits / 8]);
            random.NextBytes(one);
            random.NextBytes(other);
            return (one, other);
        });
        yield return FloodRate(frames[0], random);
    }

    private static BenchmarkFigure Distance(string name, string what, Func<(byte[] One, byte[] Other)> pair)
    {
        var distances = Enumerable.Range(0, Pairs).Select(_ => pair()).Select(static two => Copy(two.One).Distance(Copy(two.Other))).Order().ToArray();
        return new(
            $"recovery.distance.{name}", distances[Pairs / 2], "bits of 800", $"median over {Pairs} pairs: {what}; least {distances[0]}, greatest {distances[^1]}; seed {Seed}", "none: pure code");
    }

    private static BenchmarkFigure FloodRate(byte[] frame, Random random)
    {
        // The worst: everything is near everything, so that all votes are counted and none comes out.
        var flood = Enumerable.Range(0, Flood).Select(n => new BrokenCopy(n, $"T{n % 50}", RecoveryNoise.HeardAt(0), RecoveryNoise.Scattered(frame, 0.02, random))).ToArray();
        var window = new CopyWindow(RecoveryLimits.Standard);
        var began = Stopwatch.GetTimestamp();
        foreach (var copy in flood)
        {
            window.Take(copy);
        }

        return new(
            "recovery.flood", Flood / Stopwatch.GetElapsedTime(began).TotalSeconds, "receptions/s",
            $"{Flood} broken copies of one packet from 50 stations within a second, 2 % of the bits wrong: every one is compared with 256 and votes with six; seed {Seed}", "none: pure code");
    }

    private static BrokenCopy Copy(byte[] octets) => new(0, "T0", RecoveryNoise.Start, octets);
}
