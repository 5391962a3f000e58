using CsCheck;

namespace Svom.Workflows;

public sealed class ActivityTimeoutsTests
{
    private static readonly Gen<TimeSpan?> Times = Gen.Int[0, 1_000].Select(static seconds => seconds == 0 ? (TimeSpan?)null : TimeSpan.FromSeconds(seconds));

    [Fact]
    public void The_time_for_all_attempts_gives_the_times_that_were_left_out() =>
        Assert.Equal(Of(60, 60, 60, null), Of(60, null, null, null).Within(null));

    [Fact]
    public void The_time_of_the_run_gives_the_time_for_all_attempts() =>
        Assert.Equal(Of(600, 600, 30, null), Of(null, null, 30, null).Within(TimeSpan.FromSeconds(600)));

    [Fact]
    public void Without_any_end_only_one_attempt_has_its_time() => Assert.Equal(Of(null, null, 30, null), Of(null, null, 30, null).Within(null));

    [Fact]
    public void Signs_of_life_come_within_an_attempt() => Assert.Equal(Of(60, 60, 20, 20), Of(60, null, 20, 30).Within(null));

    [Fact]
    public void Zero_means_not_said() => Assert.Equal(Of(60, 60, 60, null), Of(60, 0, 0, 0).Within(TimeSpan.Zero));

    [Fact] // Property: over everything an author may ask for.
    public void No_time_is_longer_than_what_holds_it() =>
        Gen.Select(Gen.Select(Times, Times, Times, Times), Times).Sample((asked, run) =>
        {
            var times = new ActivityTimeouts(asked.Item1, asked.Item2, asked.Item3, asked.Item4);
            if (times.Fault() is not null)
            {
                Assert.Null(asked.Item1 ?? asked.Item3);
                return;
            }

            var said = times.Within(run);
            Assert.NotNull(said.StartToClose);
            Holds(run, said.ScheduleToClose);
            Holds(said.ScheduleToClose, said.ScheduleToStart);
            Holds(said.ScheduleToClose, said.StartToClose);
            Holds(said.StartToClose, said.Heartbeat ?? said.StartToClose);
            Assert.Equal(asked.Item4 is null, said.Heartbeat is null);
            Assert.Equal(said, said.Within(run));
        });

    [Fact]
    public void An_activity_without_any_end_is_refused()
    {
        Assert.NotNull(Of(null, 10, null, 10).Fault());
        Assert.NotNull(Of(0, null, 0, null).Fault());
        Assert.NotNull(Of(10, -1, null, null).Fault());
        Assert.Null(Of(null, null, 1, null).Fault());
    }

    private static void Holds(TimeSpan? outer, TimeSpan? inner) => Assert.True(outer is null || inner <= outer, $"{inner} within {outer}");

    private static ActivityTimeouts Of(int? all, int? toStart, int? attempt, int? beat) => new(Seconds(all), Seconds(toStart), Seconds(attempt), Seconds(beat));

    private static TimeSpan? Seconds(int? seconds) => seconds is { } number ? TimeSpan.FromSeconds(number) : null;
}
