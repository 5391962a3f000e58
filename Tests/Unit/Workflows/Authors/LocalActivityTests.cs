namespace Svom.Workflows;

public sealed class LocalActivityTests
{
    private static Task<string> Local(string name, LocalActivityOptions? options = null) => Workflow.ExecuteLocalActivityAsync<string>(name, [name], options ?? new());

    [Fact]
    public void What_is_to_be_run_is_handed_out_as_the_author_said_it()
    {
        using var server = Scripted.Start(static _ => Local("Read", new() { ScheduleToCloseTimeout = TimeSpan.FromSeconds(9), StartToCloseTimeout = TimeSpan.FromSeconds(3), RetryPolicy = new() { MaximumAttempts = 2 } }));
        var request = Assert.Single(server.Task().ToRun);
        Assert.Equal((1, "Read", "Read"), (request.Sequence, request.ActivityType, FakeServer.Value<string>(request.Input)));
        Assert.Equal((TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(3), 2), (request.ScheduleToClose, request.StartToClose, request.RetryPolicy?.MaximumAttempts));
    }

    [Fact]
    public void A_time_limit_below_zero_is_refused_with_the_name_of_the_activity()
    {
        using var server = Scripted.Start(static _ => Local("Read", new() { StartToCloseTimeout = TimeSpan.FromSeconds(-1) }));
        Assert.StartsWith("Options of local activity 'Read': A time limit or pause of -00:00:01 can't be negative.", server.Task().Failed!.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_local_steps_is_one_task_with_a_marker_for_each()
    {
        using var server = Scripted.Start(static async _ => (object?)(await Local("A") + await Local("B") + await Local("C")));
        server.Task();
        server.EndLocal(1, "a");
        server.EndLocal(2, "b");
        server.EndLocal(3, "c");
        Assert.Equal("abc", server.Result<string>());
        Assert.Equal(3, server.Commands.OfType<RecordMarker>().Count());
        Assert.Single(server.History, static at => at.Attributes is WorkflowTaskCompleted);
        Assert.Null(FakeServer.Replay(typeof(Scripted), server.History).Failed);
    }

    [Fact]
    public void Parallel_steps_end_in_the_order_in_which_they_ended()
    {
        using var server = Scripted.Start(static async self =>
        {
            await Workflow.WhenAllAsync(Note("A"), Note("B"), Note("C"));

            async Task Note(string name) => self.Heard.Add(await Local(name));
        });
        Assert.Equal(3, server.Task().ToRun.Length);
        server.EndLocal(2, "b");
        server.EndLocal(3, "c");
        server.EndLocal(1, "a");
        Assert.Equal(["b", "c", "a"], server.Ask<string[]>("Words"));
        server.Forget();
        server.Compares = false;
        server.Begin();
        Assert.Equal(["b", "c", "a"], server.Ask<string[]>("Words"));
    }

    [Fact]
    public void Commands_stand_where_the_code_asked_for_them()
    {
        using var server = Scripted.Start(static async _ =>
        {
            var pause = Workflow.DelayAsync(TimeSpan.FromMinutes(1));
            await Local("A");
            await Workflow.ExecuteActivityAsync("Map", [], new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
            await pause;
        });
        server.Task();
        server.EndLocal(1, "a");
        Assert.Equal(["StartTimer", "RecordMarker", "ScheduleActivityTask"], server.Commands.Select(static command => command.GetType().Name));
    }

    [Fact]
    public void A_failure_reaches_the_author()
    {
        using var server = Scripted.Start(static async _ =>
        {
            var failure = await Assert.ThrowsAsync<ActivityFailureException>(static () => Local("A"));
            return (object?)((ApplicationFailureException)failure.InnerException!).ErrorType;
        });
        server.Task();
        server.EndLocal(1, null, new ApplicationFailure("No.", "Refused", NonRetryable: true, []));
        Assert.Equal("Refused", server.Result<string>());
        Assert.Null(FakeServer.Replay(typeof(Scripted), server.History).Failed);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void After_a_crash_the_durable_steps_are_not_run_again(int ended)
    {
        using var server = Scripted.Start(static async self =>
        {
            for (var step = 1; step <= 4; step++)
            {
                self.Heard.Add(await Local($"Step{step}"));
            }
        });
        server.Task();
        for (var step = 1; step <= ended; step++)
        {
            server.EndLocal(step, $"{step}");
        }

        var request = Assert.Single(server.Crash().ToRun);
        Assert.Equal(ended + 1, request.Sequence);
        for (var step = ended + 1; step <= 4; step++)
        {
            server.EndLocal(step, $"{step}");
        }

        Assert.Equal(["1", "2", "3", "4"], server.Ask<string[]>("Words"));
        Assert.Equal("end", server.Result<string>());
        Assert.Null(FakeServer.Replay(typeof(Scripted), server.History).Failed);
    }

    [Fact]
    public void A_durable_step_that_the_code_does_not_ask_for_is_another_way()
    {
        using var server = Scripted.Start(static async _ => (object?)(await Local("A") + await Local("B")));
        server.Task();
        server.EndLocal(1, "a");
        Scripted.Change(server, static _ => Local("Other"));
        var failed = server.Crash().Failed!;
        Assert.Equal(WorkflowTaskFailedCause.NonDeterministicError, failed.Cause);
        Assert.Contains("history has local activity 1 'A' where the code now asks for local activity 'Other'", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorded_step_that_the_code_does_not_ask_for_is_another_way()
    {
        using var server = Scripted.Start(static async _ => (object?)(await Local("A") + await Local("B")));
        server.Task();
        server.EndLocal(1, "a");
        server.EndLocal(2, "b");
        var failed = Scripted.Replay(server, static _ => Local("A")).Failed!;
        Assert.Equal(WorkflowTaskFailedCause.NonDeterministicError, failed.Cause);
        Assert.Contains("local activity 2 'B' ended, which the code did not ask for", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_may_be_finished_while_a_step_runs_on()
    {
        using var server = Scripted.Start(static async _ =>
        {
            var pause = Workflow.DelayAsync(TimeSpan.FromMinutes(1));
            var text = await Local("Long");
            await pause;
            return (object?)text;
        });
        server.Task();
        server.Finish();
        Assert.True(server.LastDone!.LocalWork);
        Assert.IsType<StartTimer>(Assert.Single(server.Commands));
        server.Compares = false;
        server.Begin();
        Assert.Empty(server.LastTurn!.ToRun);
        Assert.True(server.LastTurn.Waits);
        server.EndLocal(1, "long");
        server.Fire("1");
        server.Compares = true;
        server.Task();
        Assert.Equal("long", server.Result<string>());
    }

    [Fact]
    public void A_fresh_instance_asks_again_for_steps_that_ran_on()
    {
        using var server = Scripted.Start(static async _ => (object?)(await Local("Short") + await Local("Long")));
        server.Task();
        server.EndLocal(1, "short ");
        server.Finish();
        server.Forget();
        server.Locals.Clear();
        server.Compares = false;
        Assert.Equal(2, Assert.Single(server.Task().ToRun).Sequence);
        server.EndLocal(2, "long");
        Assert.Equal("short long", server.Result<string>());
    }

    [Fact]
    public void A_canceled_step_is_stopped_and_its_late_end_means_nothing()
    {
        using var server = Scripted.Start(static async self =>
        {
            using var scope = new CancellationTokenSource();
            var slow = Local("Slow", new() { CancellationToken = scope.Token });
            await Local("Quick");
            Scripted.Stop(scope);
            Assert.True(Workflow.IsCanceled(await Assert.ThrowsAsync<ActivityFailureException>(() => slow)));
            await Local("Then");
            self.Heard.Add("then");
        });
        server.Task();
        server.EndLocal(2, "quick");
        Assert.Equal([1], server.Stopped);
        server.EndLocal(1, null, new CancelledFailure("stopped", []));
        Assert.Empty(server.Ask<string[]>("Words"));
        server.EndLocal(3, "then");
        Assert.Equal("end", server.Result<string>());
        Assert.Equal(2, server.Commands.OfType<RecordMarker>().Count());
        Assert.Null(FakeServer.Replay(typeof(Scripted), server.History).Failed);
    }

    [Fact]
    public void A_canceled_step_may_be_waited_for()
    {
        using var server = Scripted.Start(static async _ =>
        {
            using var scope = new CancellationTokenSource();
            var slow = Local("Slow", new() { CancellationToken = scope.Token, CancellationType = ActivityCancellationType.WaitCancellationCompleted });
            await Local("Quick");
            Scripted.Stop(scope);
            return (object?)await slow;
        });
        server.Task();
        Assert.True(server.EndLocal(2, "quick").Waits);
        Assert.Equal([1], server.Stopped);
        server.EndLocal(1, "all the same");
        Assert.Equal("all the same", server.Result<string>());
        Assert.Null(FakeServer.Replay(typeof(Scripted), server.History).Failed);
    }

    [Fact]
    public void The_end_of_the_run_stops_what_still_runs()
    {
        using var server = Scripted.Start(static async self =>
        {
            _ = Local("Slow");
            await Local("Quick");
        });
        server.Task();
        var turn = server.EndLocal(2, "quick");
        Assert.False(turn.Waits);
        Assert.Equal([1], turn.ToStop);
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void News_that_came_during_a_local_step_is_told_in_the_next_task()
    {
        using var server = Scripted.Start(static async self =>
        {
            await Local("A");
            self.Heard.Add("after the step");
            await Workflow.WaitConditionAsync(() => self.Heard.Count > 1);
        });
        server.Task();
        server.Signal("Say", "during");
        server.EndLocal(1, "a");
        server.Task();
        Assert.Equal(["after the step", "during"], server.Ask<string[]>("Words"));
    }
}
