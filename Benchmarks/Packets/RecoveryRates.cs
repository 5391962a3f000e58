using Svom.Packets.Recovery;

namespace Svom.Packets;

/// <summary>Share of packets that are known when no station hears them well, by the share of wrong bits and the number of copies.</summary>
internal static class RecoveryRates
{
    private const int Packets = 2_000;
    private const int Seed = 20260301;
    private static readonly double[] WrongBits = [1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 2e-2, 3e-2];

    public static Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var frames = RecoveryNoise.Frames(Packets);
            return (IEnumerable<BenchmarkFigure>)[.. WrongBits.SelectMany(wrong => Enumerable.Range(3, 4).Select(copies => One(frames, wrong, copies))), .. RecoveryCost.Run(frames)];
        },
        cancellationToken);

    private static bool Knows(byte[][] frames, int upTo, ReadOnlyMemory<byte> octets)
    {
        for (var n = upTo; n >= 0; n--)
        {
            if (octets.Span.SequenceEqual(frames[n]))
            {
                return true;
            }
        }

        return false;
    }

    private static BenchmarkFigure One(byte[][] frames, double wrong, int copies)
    {
        var random = new Random(Seed);
        var (whole, recovered, phantoms) = (0, 0, 0);
        var window = new CopyWindow(RecoveryLimits.Standard);
        long position = 0;
        for (var n = 0; n < frames.Length; n++)
        {
            var (isWhole, isRecovered) = (false, false);
            for (var station = 0; station < copies; station++)
            {
                var octets = RecoveryNoise.Scattered(frames[n], wrong, random);
                if (FrameCheck.Inspect(octets).Verdict is FrameVerdict.Valid)
                {
                    isWhole = true;
                    continue;
                }

                var vote = window.Take(new(++position, $"T{station}", RecoveryNoise.HeardAt(n), octets));
                isRecovered |= vote.Outcome is VoteOutcome.Recovered && vote.Octets.Span.SequenceEqual(frames[n]);
                phantoms += vote.Outcome is VoteOutcome.Recovered && !Knows(frames, n, vote.Octets) ? 1 : 0;
            }

            whole += isWhole ? 1 : 0;
            recovered += isRecovered && !isWhole ? 1 : 0;
        }

        return new(
            FormattableString.Invariant($"recovery.wrong-bits-{wrong:0.####}.copies-{copies}"), 100.0 * (whole + recovered) / frames.Length, "% of packets known",
            FormattableString.Invariant($"{frames.Length} packets, each heard by {copies} stations with a share of {wrong} wrong bits of their own, ten packets a second in one window; seed {Seed}; heard whole by one at least: {100.0 * whole / frames.Length:F1} %; recovered: {100.0 * recovered / frames.Length:F1} %; wrong packets: {phantoms}"),
            "none: pure code");
    }
}
