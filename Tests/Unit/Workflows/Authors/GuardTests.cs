namespace Svom.Workflows;

public sealed class GuardTests
{
    private static readonly ActivityOptions Minute = new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) };

    [Workflow]
    public sealed class Lonely
    {
        public static Func<Task> Code { get; set; } = static () => Task.CompletedTask;

        [WorkflowRun]
        public Task RunAsync() => Code();
    }

    private static string FailureOf(Func<Task> code)
    {
        Lonely.Code = code;
        using var server = new FakeServer(typeof(Lonely)) { Compares = false };
        var failed = server.Task().Failed;
        Assert.NotNull(failed);
        Assert.Equal(WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, failed.Cause);
        return failed.Failure.Message;
    }

    [Fact]
    public void A_delay_of_the_machine_is_found() =>
        Assert.StartsWith("Workflow 'Lonely' (sky-map-7) awaits Task.Delay: use Workflow.DelayAsync", FailureOf(static () => Task.Delay(TimeSpan.FromHours(1))), StringComparison.Ordinal);

    [Fact]
    public void A_delay_deep_in_the_code_is_found()
    {
        Assert.StartsWith("Workflow 'Lonely' (sky-map-7) awaits Task.Delay: use Workflow.DelayAsync", FailureOf(OuterAsync), StringComparison.Ordinal);

        static async Task OuterAsync() => await InnerAsync();

        static async Task<int> InnerAsync()
        {
            await Task.Delay(TimeSpan.FromHours(1), CancellationToken.None);
            return 1;
        }
    }

    [Fact]
    public void A_delay_of_the_machine_in_a_handler_is_found()
    {
        using var server = Scripted.Start(static self =>
        {
            self.OnSay = static _ => Task.Delay(TimeSpan.FromHours(1));
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Task();
        server.Signal("Say", "go");
        Assert.StartsWith("Workflow 'Scripted' (sky-map-7) awaits Task.Delay", server.Task().Failed!.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_on_another_thread_is_found()
    {
        using var gate = new ManualResetEventSlim();
        var message = FailureOf(async () => await Task.Run(gate.Wait));
        gate.Set();
        Assert.StartsWith("Workflow 'Lonely' (sky-map-7) awaits Task.Run or a task of its own", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_nothing_is_found() =>
        Assert.Contains("that is no step of the workflow", FailureOf(static () => new TaskCompletionSource().Task), StringComparison.Ordinal);

    [Fact] // A delay hides behind a step that is open.
    public void Code_that_comes_back_from_another_thread_is_found()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Lonely.Code = async () =>
        {
            _ = Workflow.DelayAsync(TimeSpan.FromMinutes(1));
            await WaitAsync();

            async Task WaitAsync() => await done.Task;
        };
        using var server = new FakeServer(typeof(Lonely)) { Compares = false };
        Assert.Null(server.Task().Failed);
        done.SetResult(); // Here, on the thread of the test: outside of the workflow's own.
        server.Fire("1");
        var failed = server.Task().Failed!;
        Assert.Contains("'WaitAsync' went on on a thread of its own", failed.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("Its code may await steps of the workflow only", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_asked_for_outside_the_context_is_refused_in_the_authors_face()
    {
        var message = FailureOf(static async () =>
        {
            await Workflow.RunTaskAsync(static () => Task.CompletedTask);
            SynchronizationContext.SetSynchronizationContext(null);
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        });
        Assert.StartsWith("This is no code of a workflow, or it has left the workflow's own context: through ConfigureAwait(false)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigureAwait_false_is_refused_at_the_next_step()
    {
        using var server = Scripted.Start(static async _ =>
        {
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        });
        server.Task();
        server.Fire("1");
        Assert.StartsWith("This is no code of a workflow, or it has left", server.Task().Failed!.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_cancels_by_the_clock_of_the_machine_is_found()
    {
        using var source = new CancellationTokenSource();
        Lonely.Code = () => Workflow.DelayAsync(TimeSpan.FromMinutes(1), source.Token);
        using var server = new FakeServer(typeof(Lonely)) { Compares = false };
        server.Task();
        source.Cancel(); // On a thread that is not the workflow's.
        server.Fire("1");
        Assert.Contains("a CancellationTokenSource was cancelled outside the workflow", server.Task().Failed!.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_is_refused_outside_a_workflow()
    {
        Assert.False(Workflow.InWorkflow);
        Action[] uses =
        [
            static () => _ = Workflow.Info, static () => _ = Workflow.UtcNow, static () => _ = Workflow.Random, static () => Workflow.NewGuid(),
            static () => _ = Workflow.CancellationToken, static () => _ = Workflow.AllHandlersFinished, static () => _ = Workflow.CurrentUpdateInfo,
            static () => _ = Workflow.Unsafe.IsReplaying, static () => Workflow.Patched("a"), static () => Workflow.DeprecatePatch("a"),
            static () => Workflow.SideEffect(static () => 1), static () => Workflow.UpsertMemo(new Dictionary<string, object?>()),
            static () => Workflow.GetExternalWorkflowHandle("x"), static () => Workflow.CreateContinueAsNewException("x", []),
            static () => _ = Workflow.DelayAsync(TimeSpan.FromSeconds(1)), static () => _ = Workflow.WaitConditionAsync(static () => true),
            static () => _ = Workflow.WhenAllAsync(Task.CompletedTask), static () => _ = Workflow.ExecuteActivityAsync(static () => Console.Beep(), Minute),
        ];
        Assert.All(uses, static use => Assert.StartsWith("This is no code of a workflow", Assert.Throws<InvalidOperationException>(use).Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asynchronous_steps_are_refused_outside_a_workflow()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(static () => Workflow.ExecuteActivityAsync<int>("A", [], Minute));
        await Assert.ThrowsAsync<InvalidOperationException>(static () => Workflow.ExecuteLocalActivityAsync<int>("A", [], new()));
        await Assert.ThrowsAsync<InvalidOperationException>(static () => Workflow.StartChildWorkflowAsync<int>("A", []));
        await Assert.ThrowsAsync<InvalidOperationException>(static () => Workflow.RunTaskAsync(static () => Task.CompletedTask));
    }

    [Fact]
    public void A_condition_may_not_ask_for_anything()
    {
        var message = FailureOf(static () => Workflow.WaitConditionAsync(static () => Workflow.NewGuid() != Guid.Empty));
        Assert.StartsWith("A condition may not ask", message, StringComparison.Ordinal);
    }

    [Workflow]
    public sealed class Eager
    {
        public Eager() => _ = Workflow.DelayAsync(TimeSpan.FromSeconds(1));

        [WorkflowRun]
        public Task RunAsync() => Task.CompletedTask;
    }

    [Fact]
    public void A_constructor_may_not_ask_for_anything()
    {
        using var server = new FakeServer(typeof(Eager));
        Assert.StartsWith("A constructor may not ask", server.Task().Failed!.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_context_of_the_caller_comes_back()
    {
        var before = SynchronizationContext.Current;
        using var server = Scripted.Start(static _ => Workflow.DelayAsync(TimeSpan.FromMinutes(1)));
        server.Task();
        Assert.Same(before, SynchronizationContext.Current);
    }

    [Theory] // A grain's turn has a scheduler of its own, to which continuations would go.
    [InlineData(false), InlineData(true)]
    public async Task The_scheduler_of_the_caller_changes_nothing(bool exclusive)
    {
        var scheduler = exclusive ? new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler : TaskScheduler.Default;
        await Task.Factory.StartNew(static () =>
        {
            using var server = Scripted.Start(static async self =>
            {
                self.Heard.Add($"{TaskScheduler.Current == TaskScheduler.Default}");
                await Workflow.WhenAllAsync(Workflow.DelayAsync(TimeSpan.FromSeconds(1)), Workflow.DelayAsync(TimeSpan.FromSeconds(2)));
                await PauseAsync();
            });
            server.Task();
            server.Fire("1");
            server.Fire("2");
            server.Task();
            server.Fire("3");
            server.Task();
            Assert.Equal("end", server.Result<string>());
            Assert.Equal(["True"], server.Ask<string[]>("Words"));
        }, CancellationToken.None, TaskCreationOptions.None, scheduler);

        static async Task PauseAsync() => await Workflow.DelayAsync(TimeSpan.FromSeconds(3)).ConfigureAwait(false);
    }

    [Fact]
    public void Values_of_a_flow_stay_in_it()
    {
        var flow = new AsyncLocal<string?>();
        using var server = Scripted.Start(self =>
        {
            self.OnSay = word => { flow.Value = word; return Task.CompletedTask; };
            return Workflow.WaitConditionAsync(() => self.Heard.Count > 1 && flow.Value is null);
        });
        server.Task();
        server.Signal("Say", "one");
        server.Signal("Say", "two");
        server.Task();
        Assert.Null(flow.Value);
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void Blocking_on_the_context_is_refused()
    {
        var message = FailureOf(static () =>
        {
            SynchronizationContext.Current!.Send(static _ => { }, null);
            return Task.CompletedTask;
        });
        Assert.StartsWith("Workflow code never blocks", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_without_an_end_is_found()
    {
        var message = FailureOf(static async () =>
        {
            while (Workflow.InWorkflow)
            {
                await Task.Yield();
            }
        });
        Assert.Contains("goes on and on without waiting for anything", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_in_the_events_is_refused()
    {
        using var server = Scripted.Start(static _ => Task.CompletedTask);
        server.History[0] = server.History[0] with { Id = 2 };
        Assert.Equal("Event 2 came where event 1 was due.", server.Task().Failed!.Failure.Message);
    }

    [Fact]
    public void An_instance_whose_commands_were_refused_is_of_no_more_use()
    {
        using var server = Scripted.Start(static _ => Workflow.DelayAsync(TimeSpan.FromSeconds(1)));
        server.Begin();
        server.Warm.Finish();
        server.Add(new WorkflowTaskFailed(2, 3, WorkflowTaskFailedCause.UnhandledCommand, null, "test"));
        Assert.Contains("the commands of its last task are not in its history", server.Warm.Begin(
            new([], FakeServer.Noon, 9, 0, SuggestContinueAsNew: false, [], [])).Failed!.Failure.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => server.Query("Words"));
    }

    [Fact]
    public void Changed_code_is_told_what_its_history_has()
    {
        using var server = Scripted.Start(static _ => Workflow.ExecuteActivityAsync("A", [], Minute));
        server.Task();
        server.Complete("1");
        Assert.Equal(
            "Workflow 'Scripted' (sky-map-7): history has ActivityTaskScheduled 'A' with id 1 as event 5 where the code now asks for timer 1.",
            Scripted.Replay(server, static _ => Workflow.DelayAsync(TimeSpan.FromSeconds(1))).Failed!.Failure.Message);
        Assert.Equal(
            "Workflow 'Scripted' (sky-map-7): history has ActivityTaskScheduled 'A' with id 1 as event 5 where the code now asks for completion of the workflow.",
            Scripted.Replay(server, static _ => Task.CompletedTask).Failed!.Failure.Message);
        Assert.Equal(
            "Workflow 'Scripted' (sky-map-7): history has ActivityTaskScheduled 'A' with id 1 as event 5 where the code now asks for nothing.",
            Scripted.Replay(server, static _ => Workflow.WaitConditionAsync(static () => false)).Failed!.Failure.Message);
        Assert.Equal(
            "Workflow 'Scripted' (sky-map-7): history has nothing more in the task of event 4 where the code now asks for timer 1.",
            Scripted.Replay(server, static _ => Task.WhenAll(Workflow.ExecuteActivityAsync("A", [], Minute), Workflow.DelayAsync(TimeSpan.FromSeconds(1)))).Failed!.Failure.Message);
    }

    [Fact]
    public void A_lost_side_effect_is_another_way_even_when_the_code_catches_everything()
    {
        using var server = Scripted.Start(static _ => Workflow.DelayAsync(TimeSpan.FromSeconds(1)));
        server.Task();
        server.Fire("1");
        var failed = Scripted.Replay(server, static async _ =>
        {
            try
            {
                Workflow.SideEffect(static () => 1);
            }
            catch (WorkflowNonDeterminismException)
            {
                await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            }
        }).Failed!;
        Assert.Equal(WorkflowTaskFailedCause.NonDeterministicError, failed.Cause);
    }

    [Fact]
    public void A_step_may_end_only_while_a_task_is_begun()
    {
        using var server = Scripted.Start(static _ => Workflow.ExecuteLocalActivityAsync<int>("A", [], new()));
        server.Task();
        server.Finish();
        Assert.Throws<InvalidOperationException>(() => server.Warm.EndLocalStep(new(1, "A", 1, [], null)));
        Assert.Throws<InvalidOperationException>(server.Warm.Finish);
    }
}
