using CsCheck;

namespace Svom.Workflows;

public sealed class DeadlineListTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Deadline> Deadlines = Gen.Select(
        Gen.Int[0, 5], Gen.OneOf(Enum.GetValues<DeadlineKind>().Select(static kind => Gen.Const(kind)).ToArray()), Gen.Int[0, 3], Gen.Int[1, 2], static (seconds, kind, id, attempt) => new Deadline(Noon.AddSeconds(seconds), kind, id, attempt));

    [Fact]
    public void Of_an_activity_that_nobody_began_the_time_to_start_runs_out_first() =>
        Assert.Equal(DeadlineKind.ActivityScheduleToStart, First(DeadlineKind.ActivityScheduleToClose, DeadlineKind.ActivityScheduleToStart));

    [Fact]
    public void Of_an_activity_that_runs_the_time_for_all_attempts_runs_out_before_the_time_of_one() =>
        Assert.Equal(DeadlineKind.ActivityScheduleToClose, First(DeadlineKind.ActivityHeartbeat, DeadlineKind.ActivityStartToClose, DeadlineKind.ActivityScheduleToClose));

    [Fact]
    public void A_run_that_is_over_hears_of_no_timer() =>
        Assert.Equal(DeadlineKind.RunTimeout, First(DeadlineKind.Timer, DeadlineKind.WorkflowTaskTimeout, DeadlineKind.RunTimeout));

    [Fact] // Property: the order in which deadlines were made never shows.
    public void The_same_deadlines_run_out_in_the_same_order() =>
        Deadlines.Array[0, 12].SelectMany(all => Gen.Shuffle(all).Select(shuffled => (all, shuffled))).Sample(drawn =>
        {
            var (one, other) = (Fill(drawn.all), Fill(drawn.shuffled));
            Assert.Equal(one, other);
            Assert.Equal(Drain(one), Drain(other));
            Assert.Equal(drawn.all.Distinct().Order(), Drain(one));
        });

    [Fact]
    public void What_belongs_to_an_event_goes_with_it() =>
        Deadlines.Array[0, 12].Sample(all =>
        {
            Assert.Equal(all.Where(static one => one.EventId != 2).Distinct().Order(), Drain(Fill(all).WithoutEvent(2)));
            Assert.Equal(
                all.Where(static one => (one.Kind, one.EventId) != (DeadlineKind.Timer, 2)).Distinct().Order(), Drain(Fill(all).Without(DeadlineKind.Timer, 2)));
        });

    [Fact]
    public void Nothing_is_due_before_its_time()
    {
        var list = Fill([new(Noon, DeadlineKind.Timer, 5, 1)]);
        Assert.Null(list.Due(Noon.AddTicks(-1)));
        Assert.NotNull(list.Due(Noon));
        Assert.Equal(Noon, list.First);
        Assert.Null(DeadlineList.Empty.First);
    }

    private static DeadlineKind? First(params DeadlineKind[] kinds) => Fill([.. kinds.Select(static kind => new Deadline(Noon, kind, 5, 1))]).Due(Noon)?.Kind;

    private static DeadlineList Fill(Deadline[] deadlines) => deadlines.Aggregate(DeadlineList.Empty, static (list, deadline) => list.With(deadline));

    private static List<Deadline> Drain(DeadlineList list)
    {
        var drained = new List<Deadline>();
        while (list.Due(DateTimeOffset.MaxValue) is { } due)
        {
            drained.Add(due);
            list = list.Without(due);
        }

        return drained;
    }
}
