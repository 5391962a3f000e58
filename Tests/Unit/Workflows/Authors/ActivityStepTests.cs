namespace Svom.Workflows;

public sealed class ActivityStepTests
{
    private static readonly ActivityOptions Minute = new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) };
    private static readonly Failure NoStation = new ApplicationFailure("No station hears it.", "Silence", NonRetryable: true, FakeServer.Payloads(7));

    [Fact]
    public void Everything_an_author_says_stands_in_the_command()
    {
        var options = new ActivityOptions
        {
            ScheduleToCloseTimeout = TimeSpan.FromHours(1),
            ScheduleToStartTimeout = TimeSpan.FromMinutes(2),
            StartToCloseTimeout = TimeSpan.FromMinutes(3),
            HeartbeatTimeout = TimeSpan.FromSeconds(4),
            RetryPolicy = new() { MaximumAttempts = 5 },
            ActivityId = "mine",
            TaskQueue = "gpu",
            Summary = "The map",
        };
        using var server = Scripted.Start(_ => Workflow.ExecuteActivityAsync<string>("Map", ["b1", 3], options));
        server.Task();
        var command = Assert.IsType<ScheduleActivityTask>(Assert.Single(server.Commands));
        Assert.Equal(new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(4)), command.Timeouts);
        Assert.Equal(("mine", "Map", "gpu", 5), (command.ActivityId, command.ActivityType, command.TaskQueue, command.RetryPolicy?.MaximumAttempts));
        Assert.Equal(FakeServer.Payloads("b1", 3), command.Input);
        Assert.Equal("The map", JsonPayloadConverter.Default.ToValue<string>(command.UserMetadata!.Summary!));
    }

    [Fact]
    public void Activities_are_numbered_in_the_order_of_asking()
    {
        using var server = Scripted.Start(async _ => await Workflow.WhenAllAsync(
            Workflow.ExecuteActivityAsync<int>("A", [], Minute), Workflow.ExecuteActivityAsync<int>("B", [], Minute), Workflow.ExecuteActivityAsync<int>("C", [], Minute)));
        server.Task();
        Assert.Equal(["A1", "B2", "C3"], server.Commands.Cast<ScheduleActivityTask>().Select(static command => command.ActivityType + command.ActivityId));
    }

    [Fact]
    public void Parallel_activities_may_end_in_any_order()
    {
        using var server = Scripted.Start(async _ => (object?)await Workflow.WhenAllAsync(
            Workflow.ExecuteActivityAsync<int>("A", [], Minute), Workflow.ExecuteActivityAsync<int>("B", [], Minute)));
        server.Task();
        server.Complete("2", 20);
        server.Task();
        server.Complete("1", 10);
        server.Task();
        Assert.Equal([10, 20], server.Result<int[]>());
    }

    [Fact]
    public void The_first_of_several_can_be_waited_for()
    {
        using var server = Scripted.Start(async _ =>
        {
            var first = await Workflow.WhenAnyAsync(Workflow.ExecuteActivityAsync<int>("A", [], Minute), Workflow.ExecuteActivityAsync<int>("B", [], Minute));
            return (object?)await first;
        });
        server.Task();
        server.Complete("2", 20);
        server.Task();
        Assert.Equal(20, server.Result<int>());
    }

    [Fact]
    public void A_failure_reaches_the_author_with_its_cause()
    {
        ActivityFailureException? seen = null;
        using var server = Scripted.Start(async _ => seen = await Assert.ThrowsAsync<ActivityFailureException>(() => Workflow.ExecuteActivityAsync("Map", [], Minute)));
        server.Task();
        server.Fail("1", NoStation);
        server.Task();
        Assert.Equal(("Map", "1", RetryState.MaximumAttemptsReached), (seen!.ActivityType, seen.ActivityId, seen.RetryState));
        var cause = Assert.IsType<ApplicationFailureException>(seen.InnerException);
        Assert.Equal(("No station hears it.", "Silence", true), (cause.Message, cause.ErrorType, cause.NonRetryable));
        Assert.Equal(7, JsonPayloadConverter.Default.ToValue<int>(Assert.IsType<Payload>(cause.Details[0])));
    }

    [Fact]
    public void A_failure_that_nobody_catches_fails_the_run_with_the_whole_chain()
    {
        using var server = Scripted.Start(_ => Workflow.ExecuteActivityAsync("Map", [], Minute));
        server.Task();
        server.Fail("1", NoStation);
        server.Task();
        var failure = server.FailedWith<ActivityFailure>();
        Assert.Equal(("Map", "1", 5L), (failure.ActivityType, failure.ActivityId, failure.ScheduledEventId));
        Assert.Equal(NoStation, failure.Root);
    }

    [Fact]
    public void A_timeout_says_which_time_ran_out()
    {
        TimeoutFailureException? seen = null;
        using var server = Scripted.Start(async _ =>
            seen = (TimeoutFailureException?)(await Assert.ThrowsAsync<ActivityFailureException>(() => Workflow.ExecuteActivityAsync("Map", [], Minute))).InnerException);
        server.Task();
        server.TimeOut("1", TimeoutKind.Heartbeat);
        server.Task();
        Assert.Equal(TimeoutKind.Heartbeat, seen!.Kind);
    }

    [Fact]
    public void A_canceled_workflow_asks_its_activity_to_stop_and_goes_on_at_once()
    {
        using var server = Scripted.Start(_ => Workflow.ExecuteActivityAsync("Map", [], Minute));
        server.Task();
        server.Cancel();
        server.Task();
        Assert.Collection(server.Commands,
            static first => Assert.Equal(5, Assert.IsType<RequestCancelActivityTask>(first).ScheduledEventId),
            static second => Assert.IsType<CancelWorkflow>(second));
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void An_activity_may_be_waited_for_until_it_has_stopped()
    {
        using var server = Scripted.Start(_ => Workflow.ExecuteActivityAsync("Map", [], Minute with { CancellationType = ActivityCancellationType.WaitCancellationCompleted }));
        server.Task();
        server.Cancel();
        server.Task();
        Assert.IsType<RequestCancelActivityTask>(Assert.Single(server.Commands));
        server.ActivityCanceled("1");
        server.Task();
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void An_activity_that_was_asked_to_stop_may_yet_succeed()
    {
        using var server = Scripted.Start(async _ =>
            (object?)await Workflow.ExecuteActivityAsync<string>("Map", [], Minute with { CancellationType = ActivityCancellationType.WaitCancellationCompleted }));
        server.Task();
        server.Cancel();
        server.Task();
        server.Complete("1", "done all the same");
        server.Task();
        Assert.Equal("done all the same", server.Result<string>());
    }

    [Fact]
    public void An_abandoned_activity_is_not_asked_to_stop()
    {
        using var server = Scripted.Start(_ => Workflow.ExecuteActivityAsync("Map", [], Minute with { CancellationType = ActivityCancellationType.Abandon }));
        server.Task();
        server.Cancel();
        server.Task();
        Assert.IsType<CancelWorkflow>(Assert.Single(server.Commands));
    }

    [Fact]
    public void News_of_an_activity_that_nobody_waits_for_does_no_harm()
    {
        using var server = Scripted.Start(async _ =>
        {
            using var scope = new CancellationTokenSource();
            var map = Workflow.ExecuteActivityAsync("Map", [], Minute with { CancellationToken = scope.Token });
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            Scripted.Stop(scope);
            await Assert.ThrowsAsync<ActivityFailureException>(() => map);
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        });
        server.Task();
        server.Fire("1");
        server.Task();
        server.ActivityCanceled("1");
        server.Task();
        server.Fire("2");
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void An_activity_canceled_before_anybody_saw_it_was_never_asked_for()
    {
        using var server = Scripted.Start(async _ =>
        {
            using var scope = new CancellationTokenSource();
            var map = Workflow.ExecuteActivityAsync("Map", [], Minute with { CancellationToken = scope.Token });
            Scripted.Stop(scope);
            Assert.True(Workflow.IsCanceled(await Assert.ThrowsAsync<ActivityFailureException>(() => map)));
        });
        server.Task();
        Assert.IsType<CompleteWorkflow>(Assert.Single(server.Commands));
    }

    [Fact]
    public void A_canceled_token_asks_for_nothing()
    {
        using var server = Scripted.Start(async _ =>
        {
            var stopped = new CancellationToken(canceled: true);
            await Assert.ThrowsAsync<CanceledFailureException>(() => Workflow.ExecuteActivityAsync("Map", [], Minute with { CancellationToken = stopped }));
        });
        server.Task();
        Assert.IsType<CompleteWorkflow>(Assert.Single(server.Commands));
    }

    [Fact]
    public void A_linked_token_stops_with_either_of_its_sources()
    {
        using var server = Scripted.Start(async _ =>
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            await Workflow.ExecuteActivityAsync("Map", [], Minute with { CancellationToken = scope.Token });
        });
        server.Task();
        server.Cancel();
        server.Task();
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void Work_that_must_be_done_after_a_cancellation_takes_a_token_of_its_own()
    {
        using var server = Scripted.Start(async _ =>
        {
            try
            {
                await Workflow.ExecuteActivityAsync("Map", [], Minute);
            }
            finally
            {
                await Workflow.ExecuteActivityAsync("CleanUp", [], Minute with { CancellationToken = CancellationToken.None });
            }
        });
        server.Task();
        server.Cancel();
        server.Task();
        server.Complete("2");
        server.Task();
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void Options_without_a_time_are_refused_with_the_name_of_the_activity()
    {
        using var server = Scripted.Start(_ => Workflow.ExecuteActivityAsync("Map", [], new()));
        var failure = server.Task().Failed!;
        Assert.Equal(WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, failure.Cause);
        Assert.StartsWith("Options of activity 'Map': An activity needs StartToClose or ScheduleToClose.", failure.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_is_read_as_the_type_the_author_expects()
    {
        using var server = Scripted.Start(async _ => (object?)(await Workflow.ExecuteActivityAsync<List<double>>("Fit", [], Minute)).Sum());
        server.Task();
        server.Complete("1", new[] { 1.5, 2.5 });
        server.Task();
        Assert.Equal(4.0, server.Result<double>());
    }

    [Fact]
    public void A_result_that_cannot_be_read_fails_the_task_and_names_the_type()
    {
        using var server = Scripted.Start(async _ => (object?)await Workflow.ExecuteActivityAsync<int>("Fit", [], Minute));
        server.Task();
        server.Complete("1", "no number");
        var failed = server.Task().Failed!;
        Assert.Contains("can't be read as System.Int32", failed.Failure.Message, StringComparison.Ordinal);
    }
}
