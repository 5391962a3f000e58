namespace Svom.Workflows;

public sealed class WaitTests
{
    [Fact]
    public void Timers_are_numbered_and_fire_on_their_own()
    {
        using var server = Scripted.Start(async self =>
        {
            await Workflow.WhenAllAsync(Pause(2), Pause(1));

            async Task Pause(int minutes)
            {
                await Workflow.DelayAsync(TimeSpan.FromMinutes(minutes));
                self.Heard.Add($"{minutes}");
            }
        });
        server.Task();
        Assert.Equal([("1", 2.0), ("2", 1.0)], server.Commands.Cast<StartTimer>().Select(static timer => (timer.TimerId, timer.StartToFire.TotalMinutes)));
        server.Fire("2");
        server.Task();
        server.Fire("1");
        server.Task();
        Assert.Equal(["1", "2"], server.Ask<string[]>("Words"));
    }

    [Fact]
    public void A_timer_without_length_is_a_millisecond_long()
    {
        using var server = Scripted.Start(_ => Workflow.DelayAsync(TimeSpan.Zero));
        server.Task();
        Assert.Equal(TimeSpan.FromMilliseconds(1), Assert.IsType<StartTimer>(Assert.Single(server.Commands)).StartToFire);
    }

    [Fact]
    public void A_canceled_timer_tells_the_server_and_the_author()
    {
        using var server = Scripted.Start(async _ =>
        {
            using var scope = new CancellationTokenSource();
            var pause = Workflow.DelayAsync(TimeSpan.FromMinutes(1), scope.Token);
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            Scripted.Stop(scope);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pause);
        });
        server.Task();
        server.Fire("2");
        server.Task();
        Assert.Collection(server.Commands,
            static first => Assert.Equal("1", Assert.IsType<CancelTimer>(first).TimerId),
            static second => Assert.IsType<CompleteWorkflow>(second));
    }

    [Fact]
    public void A_timer_canceled_at_once_was_never_started()
    {
        using var server = Scripted.Start(async _ =>
        {
            using var scope = new CancellationTokenSource();
            var pause = Workflow.DelayAsync(TimeSpan.FromMinutes(1), scope.Token);
            Scripted.Stop(scope);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pause);
            await Workflow.DelayAsync(TimeSpan.FromMinutes(2));
        });
        server.Task();
        Assert.Equal("2", Assert.IsType<StartTimer>(Assert.Single(server.Commands)).TimerId);
    }

    [Fact]
    public void A_wait_without_end_ends_with_the_workflow()
    {
        using var server = Scripted.Start(_ => Workflow.DelayAsync(Timeout.InfiniteTimeSpan));
        Assert.Null(server.Task().Failed);
        Assert.Empty(server.Commands);
        server.Cancel();
        server.Task();
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void A_negative_delay_is_refused()
    {
        using var server = Scripted.Start(_ => Workflow.DelayAsync(TimeSpan.FromSeconds(-5)));
        Assert.NotNull(server.Task().Failed);
    }

    [Fact]
    public void A_condition_that_holds_is_not_waited_for()
    {
        using var server = Scripted.Start(_ => Workflow.WaitConditionAsync(static () => true));
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void A_condition_is_asked_again_after_each_signal()
    {
        using var server = Scripted.Start(self => Workflow.WaitConditionAsync(() => self.Heard.Count >= 2));
        server.Task();
        server.Signal("Say", "one");
        server.Task();
        Assert.Empty(server.Commands);
        server.Signal("Say", "two");
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void A_condition_in_time_cancels_its_timer()
    {
        using var server = Scripted.Start(async self => (object?)await Workflow.WaitConditionAsync(() => self.Heard.Count > 0, TimeSpan.FromMinutes(1)));
        server.Task();
        Assert.IsType<StartTimer>(Assert.Single(server.Commands));
        server.Signal("Say", "go");
        server.Task();
        Assert.IsType<CancelTimer>(server.Commands.First());
        Assert.True(server.Result<bool>());
    }

    [Fact]
    public void A_condition_too_late_is_false()
    {
        using var server = Scripted.Start(async self => (object?)await Workflow.WaitConditionAsync(() => self.Heard.Count > 0, TimeSpan.FromMinutes(1)));
        server.Task();
        server.Fire("1");
        server.Signal("Say", "late");
        server.Task();
        Assert.False(server.Result<bool>());
    }

    [Fact]
    public void A_canceled_condition_throws_and_cancels_its_timer()
    {
        using var server = Scripted.Start(_ => Workflow.WaitConditionAsync(static () => false, TimeSpan.FromMinutes(1)));
        server.Task();
        server.Cancel();
        server.Task();
        Assert.Collection(server.Commands, static first => Assert.IsType<CancelTimer>(first), static second => Assert.IsType<CancelWorkflow>(second));
    }

    [Fact] // Else two would take one free place.
    public void One_condition_is_woken_at_a_time()
    {
        using var server = Scripted.Start(async self =>
        {
            var free = 0;
            self.OnSay = _ => { free++; return Task.CompletedTask; };
            await Workflow.WhenAllAsync(Take("a"), Take("b"));

            async Task Take(string name)
            {
                await Workflow.WaitConditionAsync(() => free > 0);
                free--;
                self.Heard.Add(name);
            }
        });
        server.Task();
        server.Signal("Say", "one place");
        server.Task();
        Assert.Equal(["one place", "a"], server.Ask<string[]>("Words"));
        server.Signal("Say", "another");
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void An_exception_of_a_condition_reaches_whoever_waits()
    {
        using var server = Scripted.Start(async self =>
        {
            await Assert.ThrowsAsync<FormatException>(() => Workflow.WaitConditionAsync(() => self.Heard.Count > 0 ? throw new FormatException("odd") : false));
        });
        server.Task();
        server.Signal("Say", "go");
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void News_is_told_in_its_order()
    {
        using var server = Scripted.Start(static self =>
        {
            Workflow.CancellationToken.Register(() => self.Heard.Add("cancel"));
            return Workflow.DelayAsync(TimeSpan.FromMinutes(1));
        });
        server.Task();
        server.Signal("Say", "before");
        server.Cancel();
        server.Signal("Say", "after");
        server.Task();
        Assert.Equal(["before", "cancel", "after"], server.Ask<string[]>("Words"));
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void Time_stands_still_within_a_task()
    {
        using var server = Scripted.Start(async self =>
        {
            self.Heard.Add($"{Workflow.UtcNow:HH:mm:ss}");
            await Workflow.DelayAsync(TimeSpan.FromMinutes(1));
            self.Heard.Add($"{Workflow.UtcNow:HH:mm:ss}");
        });
        server.Task();
        server.Now = FakeServer.Noon.AddSeconds(61);
        server.Fire("1");
        server.Now = FakeServer.Noon.AddSeconds(62);
        server.Task();
        Assert.Equal(["12:00:00", "12:01:02"], server.Ask<string[]>("Words"));
    }

    [Fact]
    public void Tasks_of_the_workflow_run_beside_each_other_in_turn()
    {
        using var server = Scripted.Start(async self =>
        {
            var side = Workflow.RunTaskAsync(() => { self.Heard.Add("side"); return Task.FromResult(5); });
            self.Heard.Add("main");
            var five = await side;
            self.Heard.Add($"{five}");
        });
        server.Task();
        Assert.Equal(["main", "side", "5"], server.Ask<string[]>("Words"));
    }

    [Fact]
    public void A_task_that_a_handler_sets_may_be_awaited()
    {
        using var server = Scripted.Start(async self =>
        {
            var heard = new TaskCompletionSource<string>();
            self.OnSay = word => { heard.SetResult(word); return Task.CompletedTask; };
            return (object?)await heard.Task;
        });
        Assert.Null(server.Task().Failed);
        server.Signal("Say", "now");
        server.Task();
        Assert.Equal("now", server.Result<string>());
    }

    [Fact]
    public void Semaphores_keep_their_order()
    {
        using var server = Scripted.Start(async self =>
        {
            using var gate = new SemaphoreSlim(1);
            await Workflow.WhenAllAsync(Enumerable.Range(1, 3).Select(Work));

            async Task Work(int number)
            {
                await gate.WaitAsync();
                await Workflow.DelayAsync(TimeSpan.FromSeconds(number));
                self.Heard.Add($"{number}");
                gate.Release();
            }
        });
        server.Task();
        for (var timer = 1; timer <= 3; timer++)
        {
            server.Fire($"{timer}");
            server.Task();
        }

        Assert.Equal(["1", "2", "3"], server.Ask<string[]>("Words"));
    }
}
