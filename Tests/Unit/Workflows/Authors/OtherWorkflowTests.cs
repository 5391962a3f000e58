namespace Svom.Workflows;

public sealed class OtherWorkflowTests
{
    [Workflow("child")]
    public interface IChild
    {
        [WorkflowRun]
        Task<int> RunAsync(int start);

        [WorkflowSignal("tell")]
        Task TellAsync(string word);
    }

    private static readonly string FirstChild = $"{FakeServer.Run.WorkflowId}_{FakeServer.Run.RunId[..8]}_1";

    [Fact]
    public void A_child_begins_and_gives_its_result()
    {
        using var server = Scripted.Start(static async _ =>
        {
            var child = await Workflow.StartChildWorkflowAsync((IChild workflow) => workflow.RunAsync(5), new() { Id = "c1", ParentClosePolicy = ParentClosePolicy.Abandon });
            return (object?)$"{child.Id} {child.FirstExecutionRunId} {await child.GetResultAsync()}";
        });
        server.Task();
        var command = Assert.IsType<StartChildWorkflow>(Assert.Single(server.Commands));
        Assert.Equal(("c1", "child", ParentClosePolicy.Abandon, 5), (command.WorkflowId, command.WorkflowType, command.ParentClosePolicy, FakeServer.Value<int>(command.Input)));
        server.BeginChild("c1");
        server.Task();
        server.EndChild("c1", 42);
        server.Task();
        Assert.Equal("c1 child-run 42", server.Result<string>());
    }

    [Fact]
    public void A_child_without_an_id_gets_one_of_its_run()
    {
        using var server = Scripted.Start(static _ => Workflow.ExecuteChildWorkflowAsync<int>("child", [1]));
        server.Task();
        Assert.Equal(FirstChild, Assert.IsType<StartChildWorkflow>(Assert.Single(server.Commands)).WorkflowId);
    }

    [Fact]
    public void A_child_whose_begin_and_end_come_together_is_no_surprise()
    {
        using var server = Scripted.Start(static async _ => (object?)await Workflow.ExecuteChildWorkflowAsync((IChild child) => child.RunAsync(1), new() { Id = "c1" }));
        server.Task();
        server.BeginChild("c1");
        server.EndChild("c1", 7);
        server.Task();
        Assert.Equal(7, server.Result<int>());
    }

    [Fact]
    public void A_taken_id_is_an_exception_of_its_own()
    {
        using var server = Scripted.Start(static async _ =>
            (object?)(await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(() => Workflow.StartChildWorkflowAsync<int>("child", [], new() { Id = "c1" }))).WorkflowId);
        server.Task();
        server.Add(new StartChildWorkflowExecutionFailed("orbit", "c1", "child", StartChildFailedCause.WorkflowAlreadyExists, server.Child("c1").Id, 4));
        server.Task();
        Assert.Equal("c1", server.Result<string>());
    }

    public static TheoryData<string, Type> Ends => new()
    {
        { "failed", typeof(ApplicationFailureException) }, { "canceled", typeof(CanceledFailureException) },
        { "timed out", typeof(TimeoutFailureException) }, { "terminated", typeof(TerminatedFailureException) },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Each_bad_end_of_a_child_has_its_cause(string end, Type cause)
    {
        Exception? seen = null;
        using var server = Scripted.Start(async _ =>
        {
            var failure = await Assert.ThrowsAsync<ChildWorkflowFailureException>(() => Workflow.ExecuteChildWorkflowAsync<int>("child", [], new() { Id = "c1" }));
            Assert.Equal(("c1", "child-run", "child"), (failure.WorkflowId, failure.RunId, failure.WorkflowType));
            seen = failure.InnerException;
        });
        server.Task();
        server.BeginChild("c1");
        server.Task();
        var (id, run) = (server.Child("c1").Id, new WorkflowRunKey("c1", "child-run"));
        server.Add(end switch
        {
            "failed" => new ChildWorkflowExecutionFailed("orbit", run, "child", id, 6, new ApplicationFailure("no", "No", NonRetryable: false, []), RetryState.RetryPolicyNotSet),
            "canceled" => new ChildWorkflowExecutionCanceled("orbit", run, "child", id, 6, []),
            "timed out" => new ChildWorkflowExecutionTimedOut("orbit", run, "child", id, 6, RetryState.Timeout),
            _ => new ChildWorkflowExecutionTerminated("orbit", run, "child", id, 6),
        });
        server.Task();
        Assert.Equal("end", server.Result<string>());
        Assert.IsType(cause, seen);
    }

    private static FakeServer Canceled(ChildWorkflowCancellationType type, bool begun = true)
    {
        var server = Scripted.Start(_ => Workflow.ExecuteChildWorkflowAsync<int>("child", [], new() { Id = "c1", CancellationType = type }));
        server.Task();
        if (begun)
        {
            server.BeginChild("c1");
            server.Task();
        }

        server.Cancel();
        server.Task();
        return server;
    }

    [Fact]
    public void A_canceled_parent_waits_for_its_child_to_end()
    {
        using var server = Canceled(ChildWorkflowCancellationType.WaitCancellationCompleted);
        var request = Assert.IsType<RequestCancelExternalWorkflow>(Assert.Single(server.Commands));
        Assert.Equal(("c1", "child-run", true), (request.WorkflowId, request.RunId, request.ChildOnly));
        server.Add(new ExternalWorkflowExecutionCancelRequested("orbit", "c1", "child-run", server.EventOf<RequestCancelExternalWorkflowExecutionInitiated>()));
        server.Task();
        Assert.Empty(server.Commands);
        server.Add(new ChildWorkflowExecutionCanceled("orbit", new("c1", "child-run"), "child", server.Child("c1").Id, 6, []));
        server.Task();
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void A_canceled_parent_may_wait_for_the_request_only()
    {
        using var server = Canceled(ChildWorkflowCancellationType.WaitCancellationRequested);
        Assert.IsType<RequestCancelExternalWorkflow>(Assert.Single(server.Commands));
        server.Add(new ExternalWorkflowExecutionCancelRequested("orbit", "c1", "child-run", server.EventOf<RequestCancelExternalWorkflowExecutionInitiated>()));
        server.Task();
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void A_canceled_parent_may_go_on_at_once()
    {
        using var server = Canceled(ChildWorkflowCancellationType.TryCancel);
        Assert.Equal(["RequestCancelExternalWorkflow", "CancelWorkflow"], server.Commands.Select(static command => command.GetType().Name));
    }

    [Fact]
    public void An_abandoned_child_is_not_asked_to_stop()
    {
        using var server = Canceled(ChildWorkflowCancellationType.Abandon);
        Assert.IsType<CancelWorkflow>(Assert.Single(server.Commands));
    }

    [Fact]
    public void A_child_that_has_not_begun_yet_is_canceled_by_its_id()
    {
        using var server = Canceled(ChildWorkflowCancellationType.TryCancel, begun: false);
        Assert.Null(Assert.IsType<RequestCancelExternalWorkflow>(server.Commands.First()).RunId);
        Assert.IsType<WorkflowExecutionCanceled>(server.Last);
    }

    [Fact]
    public void A_child_is_told_by_a_signal_to_children_only()
    {
        using var server = Scripted.Start(static async _ =>
        {
            var child = await Workflow.StartChildWorkflowAsync((IChild workflow) => workflow.RunAsync(5), new() { Id = "c1" });
            await child.SignalAsync((IChild workflow) => workflow.TellAsync("hello"));
        });
        server.Task();
        server.BeginChild("c1");
        server.Task();
        var signal = Assert.IsType<SignalExternalWorkflow>(Assert.Single(server.Commands));
        Assert.Equal(("c1", "tell", true, "hello"), (signal.WorkflowId, signal.SignalName, signal.ChildOnly, FakeServer.Value<string>(signal.Input)));
        server.Add(new ExternalWorkflowExecutionSignaled("orbit", "c1", null, server.EventOf<SignalExternalWorkflowExecutionInitiated>()));
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void Another_workflow_is_told_and_canceled()
    {
        using var server = Scripted.Start(static async _ =>
        {
            var other = Workflow.GetExternalWorkflowHandle("other", "run-9");
            await other.SignalAsync("tell", ["hello"]);
            await other.CancelAsync();
        });
        server.Task();
        var signal = Assert.IsType<SignalExternalWorkflow>(Assert.Single(server.Commands));
        Assert.Equal(("other", "run-9", false), (signal.WorkflowId, signal.RunId, signal.ChildOnly));
        server.Add(new ExternalWorkflowExecutionSignaled("orbit", "other", "run-9", server.EventOf<SignalExternalWorkflowExecutionInitiated>()));
        server.Task();
        Assert.False(Assert.IsType<RequestCancelExternalWorkflow>(Assert.Single(server.Commands)).ChildOnly);
        server.Add(new ExternalWorkflowExecutionCancelRequested("orbit", "other", "run-9", server.EventOf<RequestCancelExternalWorkflowExecutionInitiated>()));
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void A_word_to_nobody_is_a_failure()
    {
        using var server = Scripted.Start(static _ => Workflow.GetExternalWorkflowHandle("nobody").SignalAsync("tell", []));
        server.Task();
        server.Add(new SignalExternalWorkflowExecutionFailed("orbit", "nobody", null, ExternalFailedCause.WorkflowNotFound, server.EventOf<SignalExternalWorkflowExecutionInitiated>(), 4));
        server.Task();
        Assert.Equal("The signal 'tell' to workflow 'nobody' did not arrive: WorkflowNotFound.", server.FailedWith<ApplicationFailure>().Message);
    }

    [Fact]
    public void The_work_may_go_on_in_a_new_run()
    {
        using var server = Scripted.Start(static _ =>
            throw Workflow.CreateContinueAsNewException((IChild child) => child.RunAsync(6), new() { RunTimeout = TimeSpan.FromHours(2), Memo = new Dictionary<string, object?> { ["round"] = 2 } }));
        server.Task();
        var next = Assert.IsType<ContinueAsNew>(Assert.Single(server.Commands));
        Assert.Equal(("child", 6, TimeSpan.FromHours(2)), (next.WorkflowType, FakeServer.Value<int>(next.Input), next.RunTimeout));
        Assert.Equal(2, JsonPayloadConverter.Default.ToValue<int>(next.Memo!["round"]));
        Assert.Null(next.SearchAttributes);
        Assert.IsType<WorkflowExecutionContinuedAsNew>(server.Last);
    }
}
