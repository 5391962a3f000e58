using Svom.Packets;

namespace Svom.Unit.Packets;

public sealed class ReplayPaceTests
{
    private static readonly DateTimeOffset Night = new(2026, 3, 1, 4, 13, 22, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 3600)]
    [InlineData(60, 60)]
    [InlineData(0.5, 7200)]
    public void An_hour_of_the_mission_takes_an_hour_divided_by_the_speed(double speed, double seconds)
    {
        var pace = new ReplayPace(speed, new());
        Assert.Equal(TimeSpan.Zero, pace.Wait(1, Night, Night, TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), pace.Wait(2, Night, Night.AddHours(1), TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(seconds / 2), pace.Wait(2, Night, Night.AddHours(1), TimeSpan.FromSeconds(5 + (seconds / 2))));
        Assert.Equal(Night.AddMinutes(30), pace.At(TimeSpan.FromSeconds(5 + (seconds / 2))));
        Assert.Equal(TimeSpan.Zero, pace.Wait(2, Night, Night.AddHours(1), TimeSpan.FromSeconds(5 + seconds)));
    }

    [Fact]
    public void What_took_long_once_does_not_make_the_rest_late()
    {
        var pace = new ReplayPace(1, new());
        pace.Wait(1, Night, Night, TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, pace.Wait(2, Night, Night.AddSeconds(10), TimeSpan.FromSeconds(14)));
        Assert.Equal(TimeSpan.FromSeconds(6), pace.Wait(3, Night, Night.AddSeconds(20), TimeSpan.FromSeconds(14)));
    }

    [Fact]
    public void A_mission_time_that_goes_back_is_kept_anew_from_there()
    {
        var pace = new ReplayPace(1, new());
        pace.Wait(1, Night, Night, TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, pace.Wait(2, Night, Night.AddYears(-1), TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(30), pace.Wait(3, Night, Night.AddYears(-1).AddSeconds(30), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void What_is_not_of_the_paced_part_passes_and_time_is_kept_from_its_first_packet_on()
    {
        var pace = new ReplayPace(1, new(After: 2, Last: 5, From: Night));
        Assert.Equal(TimeSpan.Zero, pace.Wait(1, Night, Night, TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, pace.Wait(2, Night, Night.AddHours(1), TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, pace.Wait(3, Night.AddSeconds(-1), Night.AddHours(2), TimeSpan.Zero));
        Assert.Null(pace.At(TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, pace.Wait(4, Night, Night.AddHours(3), TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromHours(1), pace.Wait(5, Night, Night.AddHours(4), TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, pace.Wait(6, Night, Night.AddHours(9), TimeSpan.Zero));
    }

    [Fact]
    public void Before_there_is_a_mission_time_nothing_is_waited_for()
    {
        var pace = new ReplayPace(1, new());
        Assert.Equal(TimeSpan.Zero, pace.Wait(1, Night, null, TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, pace.Wait(2, Night, Night, TimeSpan.Zero));
    }

    [Fact]
    public void A_leap_of_decades_at_the_slowest_speed_is_a_wait_that_a_timer_takes()
    {
        var pace = new ReplayPace(ReplayRequest.Slowest, new());
        pace.Wait(1, Night, new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromDays(1), pace.Wait(2, Night, new(2099, 12, 31, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero));
    }

    [Theory]
    [InlineData(0.0), InlineData(-1.0), InlineData(0.0009), InlineData(1_000_001.0), InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity), InlineData(double.Epsilon)]
    public void A_speed_that_cannot_be_is_refused_with_its_bounds(double speed) =>
        Assert.Contains("from 0.001 to 1000000", ReplayRunner.Fault(new(ReplayMode.Replay, Speed: speed)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.001), InlineData(1.0), InlineData(1_000_000.0)]
    public void A_speed_within_the_bounds_is_taken(double speed) => Assert.Null(ReplayRunner.Fault(new(ReplayMode.Replay, Speed: speed)));
}
