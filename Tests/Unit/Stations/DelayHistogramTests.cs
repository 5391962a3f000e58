using CsCheck;
using Svom.Stations;

namespace Svom.Unit.Stations;

public sealed class DelayHistogramTests
{
    private static readonly Gen<double[]> Delays = Gen.Double[-5, 12].Select(static power => Math.Pow(10, power / 2)).Array[0, 60];

    [Fact]
    public void Sums_do_not_depend_on_order_or_pieces() => Gen.Select(Delays, Delays, Delays).Sample(static (one, two, three) =>
    {
        var whole = Of([.. one, .. two, .. three]);
        Assert.Equal(whole, Of(one) + Of(two) + Of(three));
        Assert.Equal(whole, Of(three) + (Of(two) + Of(one)));
        Assert.Equal(one.Length + two.Length + three.Length, whole.Total);
    });

    [Fact]
    public void A_quantile_is_good_to_nine_percent() => Gen.Select(Delays.Where(static delays => delays.Length > 0), Gen.Double[0.01, 1]).Sample(static (delays, share) =>
    {
        var sorted = delays.Order().ToArray();
        var exact = Math.Clamp(sorted[Math.Max(1, (int)Math.Ceiling(share * sorted.Length)) - 1], 0.1, 0.1 * Math.Pow(2, 86.5 / 4));
        Assert.InRange(Of(delays).QuantileSeconds(share)!.Value / exact, 1 / 1.1, 1.1);
    });

    [Fact]
    public void A_clock_that_is_ahead_and_an_archive_of_years_are_counted_too()
    {
        Assert.Equal(0, DelayHistogram.StepOf(TimeSpan.FromSeconds(-5)));
        Assert.Equal(DelayHistogram.StepOf(TimeSpan.FromDays(1000)), DelayHistogram.StepOf(TimeSpan.FromDays(5)));
        Assert.Null(DelayHistogram.Empty.QuantileSeconds(0.5));
    }

    private static DelayHistogram Of(double[] seconds)
    {
        var steps = DelayHistogram.NewSteps();
        foreach (var delay in seconds)
        {
            steps[DelayHistogram.StepOf(TimeSpan.FromSeconds(delay))]++;
        }

        return DelayHistogram.Of(steps);
    }
}
