using System.Collections.Immutable;

namespace Svom.Stations;

/// <summary>
/// How long packets took, counted in fixed steps of a quarter octave from 0.1 s to three days: any two sum, and a quantile is good to 9 %.
/// </summary>
/// <param name="First">Step of the first count.</param>
/// <param name="Counts">Counts from there on, up to the last that is not zero.</param>
internal sealed record DelayHistogram(int First, ImmutableArray<long> Counts)
{
    // Steps never change: stored counts mean what they meant.
    private const int StepsPerOctave = 4;
    private const double LeastSeconds = 0.1;
    private const int Last = 87;

    public static readonly DelayHistogram Empty = new(0, []);

    public long Total => Counts.Sum();

    /// <summary>The step of a delay; what is below 0.1 s, or came before it was sent, is in the first, what took more than three days in the last.</summary>
    public static int StepOf(TimeSpan delay) => delay.TotalSeconds <= LeastSeconds ? 0
        : Math.Min(Last, 1 + (int)Math.Floor(Math.Log2(delay.TotalSeconds / LeastSeconds) * StepsPerOctave));

    public static DelayHistogram Of(ReadOnlySpan<long> steps)
    {
        var (from, to) = (steps.IndexOfAnyExcept(0), steps.LastIndexOfAnyExcept(0));
        return from < 0 ? Empty : new(from, [.. steps[from..(to + 1)]]);
    }

    /// <summary>An empty row of steps to count in.</summary>
    public static long[] NewSteps() => new long[Last + 1];

    public static DelayHistogram operator +(DelayHistogram one, DelayHistogram two)
    {
        var steps = NewSteps();
        one.AddTo(steps);
        two.AddTo(steps);
        return Of(steps);
    }

    /// <summary>The delay, in seconds, that a share of packets did not exceed, by the middle of its step; null without packets.</summary>
    public double? QuantileSeconds(double share)
    {
        var (seen, wanted) = (0L, Math.Max(1, (long)Math.Ceiling(share * Total)));
        for (var n = 0; n < Counts.Length; n++)
        {
            seen += Counts[n];
            if (seen >= wanted)
            {
                return First + n == 0 ? LeastSeconds : Math.Round(LeastSeconds * Math.Pow(2, (First + n - 0.5) / StepsPerOctave), 3);
            }
        }

        return null;
    }

    public bool Equals(DelayHistogram? other) => other is not null && First == other.First && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan());

    public override int GetHashCode() => HashCode.Combine(First, Total);

    private void AddTo(long[] steps)
    {
        for (var n = 0; n < Counts.Length; n++)
        {
            steps[Math.Min(Last, First + n)] += Counts[n];
        }
    }
}
