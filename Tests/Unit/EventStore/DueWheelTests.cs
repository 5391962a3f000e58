using Microsoft.Extensions.Time.Testing;

namespace Svom.EventStore;

/// <summary>Wake-ups kept in memory: at their time, never before, and none lost to a scan that read what has changed since.</summary>
public sealed class DueWheelTests
{
    private const double Tick = 1e-7;

    [Fact]
    public async Task A_stream_is_woken_at_its_time_and_not_a_tick_before()
    {
        using var streams = new WokenStreams();
        streams.Commit("burst/a", "close", 1.5);
        streams.GoTo(1.5 - Tick);
        Assert.Equal(1, streams.Wheel.Waiting);
        streams.GoTo(1.5);
        Assert.Equal(WokenStreams.Row("burst/a", "close", 1.5), (await streams.NextAsync(1))[0].Row);
        Assert.Equal(0, streams.Wheel.Waiting);
    }

    [Fact]
    public async Task A_later_word_about_a_name_replaces_the_earlier_one()
    {
        using var streams = new WokenStreams();
        streams.Commit("burst/later", "close", 1);
        streams.Commit("burst/later", "close", 3);
        streams.Commit("burst/sooner", "close", 5);
        streams.Commit("burst/sooner", "close", 2);
        streams.Commit("burst/never", "close", 1);
        streams.Commit("burst/never", "close", null);
        streams.GoTo(2);
        Assert.Equal("burst/sooner", await streams.NextStreamAsync());
        streams.GoTo(3);
        Assert.Equal("burst/later", await streams.NextStreamAsync());
        Assert.Equal(0, streams.Wheel.Waiting);
    }

    [Fact]
    public void What_is_far_off_is_left_to_the_store()
    {
        using var streams = new WokenStreams();
        streams.Commit("burst/near", "close", 10);
        streams.Commit("burst/far", "close", 10 + Tick);
        Assert.Equal(1, streams.Wheel.Waiting);
        streams.Commit("burst/near", "close", 3600);
        Assert.Equal(0, streams.Wheel.Waiting);
    }

    [Fact]
    public async Task A_name_that_moves_ten_thousand_times_leaves_nothing_behind()
    {
        using var streams = new WokenStreams();
        for (var n = 0; n < 10_000; n++)
        {
            streams.Commit("burst/a", "close", 1 + (n * 1e-4));
        }

        streams.GoTo(9);
        Assert.Equal(WokenStreams.Noon.AddSeconds(1 + (9_999 * 1e-4)), (await streams.NextAsync(1))[0].Row.At, TimeSpan.FromTicks(1));
        Assert.Equal(0, streams.Wheel.Waiting);
    }

    [Fact]
    public async Task Streams_are_woken_side_by_side_and_the_names_of_one_after_another()
    {
        using var streams = new WokenStreams();
        var gate = new TaskCompletionSource();
        streams.Wake = _ => gate.Task;
        streams.Commit("burst/a", "one", 1);
        streams.Commit("burst/a", "two", 1);
        streams.Commit("burst/b", "one", 1);
        streams.GoTo(1);
        Assert.Equal(["burst/a", "burst/b"], (await streams.NextAsync(2)).Select(static woken => woken.Row.Stream.Value).Order(StringComparer.Ordinal));
        Assert.Equal(1, streams.Wheel.Waiting); // The second name of a.
        gate.SetResult();
        Assert.Equal("burst/a", await streams.NextStreamAsync());
    }

    [Fact]
    public async Task A_name_cleared_while_its_stream_is_woken_for_another_is_not_woken()
    {
        using var streams = new WokenStreams();
        streams.Wake = row =>
        {
            streams.Commit(row.Stream.Value, "one", null);
            streams.Commit(row.Stream.Value, "two", null);
            return Task.CompletedTask;
        };
        streams.Commit("burst/a", "one", 1);
        streams.Commit("burst/a", "two", 1);
        streams.Commit("burst/b", "one", 2);
        streams.GoTo(1);
        Assert.Equal("burst/a", await streams.NextStreamAsync());
        streams.GoTo(2);
        Assert.Equal("burst/b", await streams.NextStreamAsync());
    }

    [Fact]
    public async Task Only_so_many_streams_are_woken_at_once_and_the_rest_follow()
    {
        using var streams = new WokenStreams();
        var gate = new TaskCompletionSource();
        streams.Wake = _ => gate.Task;
        for (var n = 0; n < DueWheel.MostAtOnce + 10; n++)
        {
            streams.Commit($"burst/{n}", "close", 1);
        }

        streams.GoTo(1);
        await streams.NextAsync(DueWheel.MostAtOnce);
        Assert.Equal(10, streams.Wheel.Waiting);
        gate.SetResult();
        await streams.NextAsync(10);
    }

    [Fact]
    public async Task A_wake_up_that_fails_comes_again_with_the_next_scan()
    {
        using var streams = new WokenStreams();
        streams.Wake = static _ => throw new InvalidOperationException("not now");
        streams.Commit("burst/a", "close", 1);
        streams.GoTo(1);
        await streams.NextAsync(1);
        await UntilIdleAsync(streams);
        streams.GoTo(5);
        streams.Scan(WokenStreams.Row("burst/a", "close", 1));
        Assert.Equal("burst/a", await streams.NextStreamAsync());
    }

    [Fact]
    public async Task A_scan_does_not_bring_back_what_changed_while_it_read()
    {
        using var streams = new WokenStreams();
        streams.Commit("burst/cleared", "close", 1);
        streams.Commit("burst/moved", "close", 1);
        streams.Wheel.BeginScan();
        streams.Commit("burst/cleared", "close", null);
        streams.Commit("burst/moved", "close", 2);
        streams.Wheel.EndScan([WokenStreams.Row("burst/cleared", "close", 1), WokenStreams.Row("burst/moved", "close", 1)], whole: true);
        Assert.Equal(1, streams.Wheel.Waiting);
        streams.GoTo(2);
        Assert.Equal(WokenStreams.Row("burst/moved", "close", 2), (await streams.NextAsync(1))[0].Row);
    }

    [Fact]
    public async Task A_scan_finds_what_another_silo_set_moved_and_cleared()
    {
        using var streams = new WokenStreams();
        streams.Scan(WokenStreams.Row("burst/moved", "close", 1), WokenStreams.Row("burst/gone", "close", 1), WokenStreams.Row("burst/stays", "close", 1));
        streams.Scan(WokenStreams.Row("burst/moved", "close", 2), WokenStreams.Row("burst/stays", "close", 1));
        streams.GoTo(1);
        Assert.Equal("burst/stays", await streams.NextStreamAsync());
        streams.GoTo(2);
        Assert.Equal("burst/moved", await streams.NextStreamAsync());
    }

    [Fact]
    public void A_scan_that_saw_a_part_only_takes_nothing_away()
    {
        using var streams = new WokenStreams();
        streams.Scan(WokenStreams.Row("burst/a", "close", 1));
        streams.Wheel.BeginScan();
        streams.Wheel.EndScan([], whole: false);
        Assert.Equal(1, streams.Wheel.Waiting);
    }

    [Fact]
    public async Task What_is_overdue_by_a_moment_is_left_to_the_silo_that_committed_it()
    {
        using var streams = new WokenStreams();
        streams.GoTo(1);
        streams.Scan(WokenStreams.Row("burst/just-due", "close", 0.9), WokenStreams.Row("burst/long-due", "close", 0.5));
        Assert.Equal("burst/long-due", await streams.NextStreamAsync());
        streams.GoTo(0.9 + DueWheel.Grace.TotalSeconds);
        Assert.Equal("burst/just-due", await streams.NextStreamAsync());
    }

    [Fact]
    public async Task A_row_of_a_lost_shard_is_not_woken_and_an_own_commit_is()
    {
        using var streams = new WokenStreams();
        streams.Scan(WokenStreams.Row("burst/scanned", "close", 1));
        streams.Commit("burst/own", "close", 1);
        streams.Holds = static _ => false;
        streams.GoTo(1);
        Assert.Equal("burst/own", await streams.NextStreamAsync());
        Assert.Equal(0, streams.Wheel.Waiting);
    }

    [Fact]
    public async Task A_timer_that_fires_early_wakes_nobody_before_the_time()
    {
        var time = new EarlyTimers(WokenStreams.Noon);
        using var streams = new WokenStreams(time);
        streams.Commit("burst/a", "close", 1);
        time.Fire();
        time.Move(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        time.Fire();
        Assert.Equal(1, streams.Wheel.Waiting);
        time.Move(TimeSpan.FromTicks(1));
        time.Fire();
        Assert.Equal("burst/a", await streams.NextStreamAsync());
    }

    [Fact]
    public async Task Timers_of_the_exact_clock_fire_when_they_are_set_again_and_again()
    {
        var fired = new SemaphoreSlim(0);
        await using var timer = new ExactTime().CreateTimer(_ => fired.Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        for (var n = 0; n < 3; n++)
        {
            var set = TimeProvider.System.GetTimestamp();
            Assert.True(timer.Change(TimeSpan.FromMilliseconds(2), Timeout.InfiniteTimeSpan));
            Assert.True(await fired.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.True(TimeProvider.System.GetElapsedTime(set) >= TimeSpan.FromMilliseconds(2));
        }

        await timer.DisposeAsync();
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Waits until every wake-up that began has ended: the last one's end is not told otherwise.</summary>
    private static async Task UntilIdleAsync(WokenStreams streams)
    {
        while (streams.Wheel.Waking > 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>A clock whose timers fire when the test says, whatever they were set to.</summary>
    private sealed class EarlyTimers(DateTimeOffset start) : TimeProvider
    {
        private readonly FakeTimeProvider inner = new(start);
        private Action? fire;

        public void Fire() => fire?.Invoke();

        public void Move(TimeSpan by) => inner.Advance(by);

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            fire = () => callback(state);
            return inner.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
