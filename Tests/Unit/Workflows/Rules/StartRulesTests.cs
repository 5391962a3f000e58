namespace Svom.Workflows;

public sealed class StartRulesTests
{
    [Fact]
    public void The_first_event_says_what_was_asked_for()
    {
        var story = RunStory.Begin(Ask.Start(execution: 100, run: 200, delay: 0) with { Memo = Ask.None.Add("note", Ask.Payload("n")) });
        var started = story.Event<WorkflowExecutionStarted>();
        Assert.Equal(("run-1", "run-1", 1), (started.FirstRunId, started.OriginalRunId, started.Attempt));
        Assert.Equal((null, null, null), (started.ContinuedRunId, started.Initiator, started.ContinuedFailure));
        Assert.Equal((TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(10)), (started.ExecutionTimeout, started.RunTimeout, started.TaskTimeout));
        Assert.Equal(story.Now.AddSeconds(100), started.ExecutionDeadline);
        Assert.Null(started.FirstTaskBackoff);
        Assert.Equal("note", Assert.Single(story.Run.Memo).Key);
        Assert.Equal("run-1", story.Last.RunId);
    }

    [Fact]
    public void Zero_means_that_no_time_was_said()
    {
        var started = RunStory.Begin(Ask.Start(execution: 0, run: 0)).Event<WorkflowExecutionStarted>();
        Assert.Equal((null, null, null), (started.ExecutionTimeout, started.RunTimeout, started.ExecutionDeadline));
    }

    [Fact]
    public void The_same_request_is_the_same_start()
    {
        var story = RunStory.Begin().Do(new Start(Ask.Start())).Taken().Unchanged();
        Assert.Equal("run-1", story.Last.RunId);
    }

    [Fact]
    public void The_same_request_is_the_same_start_after_the_run_closed_and_whatever_the_policy() =>
        Assert.Equal("run-1", RunStory.Of(Ask.Complete()).Do(new Start(Ask.Start(reuse: WorkflowIdReusePolicy.RejectDuplicate))).Taken().Unchanged().Last.RunId);

    [Fact]
    public void The_same_request_is_the_same_start_after_the_run_went_on_as_new() =>
        Assert.Equal("run-1", RunStory.Of(Ask.Next()).Do(new Start(Ask.Start())).Taken().Unchanged().Last.RunId);

    [Fact]
    public void The_same_request_is_the_same_start_after_others_came()
    {
        var story = RunStory.Of(Ask.Complete()).Do(new Start(Ask.Start("start-2"))).Task(Ask.Complete()).Do(new Start(Ask.Start("start-1")));
        Assert.Equal("run-1", story.Taken().Unchanged().Last.RunId);
        for (var n = 3; n < 40; n++)
        {
            story.Do(new Start(Ask.Start($"start-{n}"))).Task(Ask.Complete());
        }

        Assert.Equal(16, story.State.EarlierStarts.Count);
    }

    [Fact]
    public void An_open_run_is_in_the_way()
    {
        var story = RunStory.Begin().Do(new Start(Ask.Start("start-2"))).Refused(WorkflowRefusalCode.AlreadyStarted);
        Assert.Equal("run-1", story.Last.Refusal?.RunId);
    }

    [Fact]
    public void An_open_run_may_be_used_and_the_request_is_known_from_then_on()
    {
        var story = RunStory.Begin().Do(new Start(Ask.Start("start-2", conflict: WorkflowIdConflictPolicy.UseExisting))).Taken();
        Assert.Equal(("run-1", "RequestTaken"), (story.Last.RunId, story.Written));
        story.Task(Ask.Complete()).Do(new Start(Ask.Start("start-2", conflict: WorkflowIdConflictPolicy.UseExisting))).Taken().Unchanged();
    }

    [Theory, InlineData(WorkflowIdReusePolicy.AllowDuplicate, WorkflowIdConflictPolicy.TerminateExisting), InlineData(WorkflowIdReusePolicy.TerminateIfRunning, WorkflowIdConflictPolicy.Fail)]
    public void An_open_run_may_be_replaced_in_one_decision(WorkflowIdReusePolicy reuse, WorkflowIdConflictPolicy conflict)
    {
        var story = RunStory.Of(Ask.Activity()).Attempt(5).Do(new Start(Ask.Start("start-2", reuse, conflict)));
        Assert.Equal(("run-2", "Terminated RunBegan Started TaskScheduled"), (story.Last.RunId, story.Written));
        story.Owes("Stop5#1 Closed(run-1)");
    }

    [Fact]
    public void A_run_whose_code_runs_may_be_replaced() =>
        Assert.Equal(
            "TaskFailed>2,3:ForceCloseCommand TaskEnded Signaled BufferEmptied Terminated RunBegan Started TaskScheduled",
            RunStory.Begin().BeginTask().Signal().Do(new Start(Ask.Start("start-2", conflict: WorkflowIdConflictPolicy.TerminateExisting))).Written);

    [Theory]
    [InlineData("complete", WorkflowIdReusePolicy.AllowDuplicate, true), InlineData("complete", WorkflowIdReusePolicy.AllowDuplicateFailedOnly, false)]
    [InlineData("complete", WorkflowIdReusePolicy.RejectDuplicate, false), InlineData("complete", WorkflowIdReusePolicy.TerminateIfRunning, true)]
    [InlineData("fail", WorkflowIdReusePolicy.AllowDuplicate, true), InlineData("fail", WorkflowIdReusePolicy.AllowDuplicateFailedOnly, true)]
    [InlineData("fail", WorkflowIdReusePolicy.RejectDuplicate, false), InlineData("cancel", WorkflowIdReusePolicy.AllowDuplicateFailedOnly, true)]
    [InlineData("terminate", WorkflowIdReusePolicy.AllowDuplicateFailedOnly, true), InlineData("terminate", WorkflowIdReusePolicy.RejectDuplicate, false)]
    public void A_closed_run_s_id_is_used_again_as_the_policy_says(string end, WorkflowIdReusePolicy policy, bool allowed)
    {
        var story = end switch
        {
            "complete" => RunStory.Of(Ask.Complete()),
            "fail" => RunStory.Of(Ask.FailRun()),
            "cancel" => RunStory.Of(new CancelWorkflow([])),
            _ => RunStory.Begin().Do(Ask.Terminate()),
        };
        story.Do(new Start(Ask.Start("start-2", policy)));
        Assert.Equal(allowed ? null : WorkflowRefusalCode.AlreadyStarted, story.Last.Refusal?.Code);
        Assert.Equal(allowed ? "run-2" : "run-1", story.Last.RunId);
    }

    [Fact]
    public void A_run_that_timed_out_counts_as_failed() =>
        RunStory.Begin(Ask.Start(run: 10)).Pass(10).Do(new Start(Ask.Start("start-2", WorkflowIdReusePolicy.AllowDuplicateFailedOnly))).Taken();

    [Fact]
    public void A_new_run_of_the_same_id_knows_nothing_of_the_old()
    {
        var story = RunStory.Begin().Signal("news", "signal-1").Task(Ask.Timer(), Ask.Complete()).Do(new Start(Ask.Start("start-2")));
        Assert.Empty(story.Run.RequestIds);
        Assert.Empty(story.Run.EarlierRequestIds);
        Assert.Null(story.Run.Deadlines.First);
        story.Signal("news", "signal-1").Holds("Started TaskScheduled Signaled");
    }

    [Fact]
    public void A_start_may_wait()
    {
        var story = RunStory.Begin(Ask.Start(delay: 60)).Holds("Started");
        Assert.Equal(TimeSpan.FromSeconds(60), story.Run.Started.FirstTaskBackoff);
        story.BeginTask().Refused(WorkflowRefusalCode.Stale).Pass(59).Unchanged().Pass(1).Holds("Started TaskScheduled").BeginTask().Taken();
    }

    [Fact]
    public void A_signal_ends_the_wait_of_a_start() => RunStory.Begin(Ask.Start(delay: 60)).Signal().Holds("Started Signaled TaskScheduled").Pass(60).Unchanged();

    [Fact]
    public void A_request_to_stop_ends_the_wait_of_a_start() => RunStory.Begin(Ask.Start(delay: 60)).Do(Ask.Cancel()).Holds("Started CancelRequested TaskScheduled");

    [Fact]
    public void The_run_s_times_begin_after_the_wait()
    {
        var story = RunStory.Begin(Ask.Start(execution: 100, run: 10, delay: 60));
        Assert.Equal(story.Now.AddSeconds(160), story.Run.Started.ExecutionDeadline);
        story.Pass(60).Pass(9).Unchanged().Pass(1).Adds(2, "TimedOut:RetryPolicyNotSet");
    }

    [Fact]
    public void A_signal_that_starts_comes_before_the_first_task() =>
        new RunStory().Do(new Start(Ask.Start(), Ask.Signal())).Holds("Started Signaled TaskScheduled");

    [Fact]
    public void A_signal_that_starts_waits_with_the_start() =>
        new RunStory().Do(new Start(Ask.Start(delay: 60), Ask.Signal())).Holds("Started Signaled").Pass(60).Holds("Started Signaled TaskScheduled");

    [Theory, InlineData(WorkflowIdConflictPolicy.Fail), InlineData(WorkflowIdConflictPolicy.UseExisting)]
    public void A_signal_that_would_start_goes_to_the_open_run(WorkflowIdConflictPolicy conflict)
    {
        var story = RunStory.Of().Do(new Start(Ask.Start("start-2", conflict: conflict), Ask.Signal())).Taken().Adds(4, "Signaled TaskScheduled");
        Assert.Equal("run-1", story.Last.RunId);
        story.Do(new Start(Ask.Start("start-2", conflict: conflict), Ask.Signal())).Taken().Unchanged();
    }

    [Fact]
    public void A_signal_that_would_start_waits_while_the_code_runs() =>
        RunStory.Begin().BeginTask().Do(new Start(Ask.Start("start-2"), Ask.Signal())).Finish().Adds(4, "Signaled TaskScheduled");

    [Fact]
    public void A_signal_that_starts_counts_once() =>
        new RunStory().Do(new Start(Ask.Start(), Ask.Signal())).Do(new Start(Ask.Start(), Ask.Signal())).Taken().Unchanged();

    [Fact]
    public void A_signal_may_replace_the_open_run() =>
        Assert.Equal(
            "Terminated RunBegan Started Signaled TaskScheduled",
            RunStory.Of().Do(new Start(Ask.Start("start-2", conflict: WorkflowIdConflictPolicy.TerminateExisting), Ask.Signal())).Written);

    [Fact]
    public void A_signal_does_not_start_what_the_reuse_policy_forbids() =>
        RunStory.Of(Ask.Complete()).Do(new Start(Ask.Start("start-2", WorkflowIdReusePolicy.RejectDuplicate), Ask.Signal())).Refused(WorkflowRefusalCode.AlreadyStarted);

    [Fact]
    public void A_signal_that_would_start_finds_the_run_full()
    {
        var story = new RunStory { Limits = new() { Signals = 1 } }.Do(new Start(Ask.Start(), Ask.Signal()));
        story.Do(new Start(Ask.Start("start-2"), Ask.Signal())).Refused(WorkflowRefusalCode.LimitExceeded);
    }

    public static TheoryData<string> Wrong => ["type", "queue", "request", "time", "delay", "retry", "reuse", "conflict"];

    [Theory, MemberData(nameof(Wrong))]
    public void A_start_that_makes_no_sense_is_refused(string what)
    {
        var sound = Ask.Start();
        var request = what switch
        {
            "type" => sound with { WorkflowType = "" },
            "queue" => sound with { TaskQueue = "" },
            "request" => sound with { RequestId = "" },
            "time" => sound with { RunTimeout = TimeSpan.FromSeconds(-1) },
            "delay" => sound with { Delay = TimeSpan.FromSeconds(-1) },
            "retry" => sound with { RetryPolicy = new() { MaximumAttempts = -1 } },
            "reuse" => sound with { IdReusePolicy = (WorkflowIdReusePolicy)0 },
            _ => sound with { IdConflictPolicy = (WorkflowIdConflictPolicy)9 },
        };
        new RunStory().Do(new Start(request)).Refused(WorkflowRefusalCode.Invalid);
    }

    [Fact]
    public void A_start_far_beyond_the_calendar_is_a_start() =>
        RunStory.Begin(Ask.Start() with { ExecutionTimeout = TimeSpan.MaxValue, RunTimeout = TimeSpan.MaxValue, Delay = TimeSpan.MaxValue }).Taken().Pass(1e9).Unchanged();
}
