namespace Svom.Workflows;

public sealed class RunChainTests
{
    private static readonly RetryPolicy Twice = new() { MaximumAttempts = 2 };

    [Fact]
    public void A_run_goes_on_as_new_in_one_decision()
    {
        var story = RunStory.Begin(Ask.Start(execution: 1_000) with { Memo = Ask.None.Add("note", Ask.Payload("n")) }).BeginTask().Finish(Ask.Next());
        Assert.Equal("TaskCompleted>2,3 TaskEnded ContinuedAsNew RunBegan Started TaskScheduled", story.Written);
        Assert.Equal(("run-1", "run-2"), (story.Last.RunId, story.Run.RunId));
        var (first, second) = ((WorkflowExecutionStarted)story.Events("run-1")[0].Attributes, story.Run.Started);
        Assert.Equal(("run-1", "run-2", "run-1"), (second.FirstRunId, second.OriginalRunId, second.ContinuedRunId));
        Assert.Equal((ContinueInitiator.Workflow, 1), (second.Initiator, second.Attempt));
        Assert.Equal((first.ExecutionDeadline, first.WorkflowType, first.TaskQueue), (second.ExecutionDeadline, second.WorkflowType, second.TaskQueue));
        Assert.Equal([Ask.Payload("next")], second.Input);
        Assert.Equal("note", Assert.Single(story.Run.Memo).Key);
        Assert.Equal("run-2", ((WorkflowExecutionContinuedAsNew)story.Events("run-1")[^1].Attributes).NewRunId);
    }

    [Fact]
    public void What_the_next_run_is_to_have_else_is_said()
    {
        var next = Ask.Next() with { WorkflowType = "Other", TaskQueue = "maps", RunTimeout = TimeSpan.FromSeconds(9), TaskTimeout = TimeSpan.FromSeconds(3), Memo = Ask.None, RetryPolicy = Twice };
        var started = RunStory.Begin(Ask.Start() with { Memo = Ask.None.Add("note", Ask.Payload("n")) }).Task(next).Run.Started;
        Assert.Equal(("Other", "maps"), (started.WorkflowType, started.TaskQueue));
        Assert.Equal((TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(3)), (started.RunTimeout, started.TaskTimeout));
        Assert.Empty(started.Memo);
        Assert.Equal(Twice, started.RetryPolicy);
    }

    [Fact]
    public void The_next_run_takes_memo_and_search_attributes_as_they_became()
    {
        var story = RunStory.Of(
            new UpsertSearchAttributes(Ask.None.Add("Burst", Ask.Payload("2"))), new ModifyProperties(Ask.None.Add("note", Ask.Payload("n"))), Ask.Next());
        Assert.Equal("Burst", Assert.Single(story.Run.Started.SearchAttributes).Key);
        Assert.Equal("note", Assert.Single(story.Run.Started.Memo).Key);
    }

    [Fact]
    public void A_pause_before_the_next_run_is_not_cut_short_by_a_signal() =>
        RunStory.Of(Ask.Next(60)).Holds("Started").Signal().Holds("Started Signaled").Pass(60).Holds("Started Signaled TaskScheduled");

    [Fact]
    public void What_was_open_ends_with_the_run()
    {
        var story = RunStory.Of(Ask.Timer(), Ask.Activity(), Ask.Child()).Attempt(6).Signal().Task(Ask.Next()).Owes("Stop6#1 child-1!Terminate Closed(run-1)");
        Assert.Null(story.Run.Deadlines.First);
        Assert.Empty(story.Run.Activities);
        Assert.Empty(story.Run.Children);
        Assert.Empty(story.Run.Timers);
    }

    [Fact]
    public void A_request_to_stop_does_not_outlive_the_run() => Assert.False(RunStory.Begin().Do(Ask.Cancel()).Task(Ask.Next()).Run.CancelRequested);

    [Fact]
    public void A_signal_sent_twice_counts_once_on_both_sides_of_the_border() =>
        RunStory.Begin().Signal("news", "signal-1").Task(Ask.Next()).Signal("news", "signal-1").Taken().Unchanged();

    [Fact]
    public void The_chain_s_time_does_not_begin_anew() =>
        RunStory.Begin(Ask.Start(execution: 100)).Wait(60).Task(Ask.Next()).Pass(39).Unchanged().Pass(1).Adds(2, "TimedOut:Timeout");

    [Fact]
    public void A_failed_run_is_tried_again_as_its_policy_says()
    {
        var story = RunStory.Begin(Ask.Start(retry: Twice)).BeginTask().Finish(Ask.FailRun());
        Assert.Equal("TaskCompleted>2,3 TaskEnded Failed:InProgress RunBegan Started", story.Written);
        Assert.Equal("run-2", ((WorkflowExecutionFailed)story.Events("run-1")[^1].Attributes).NewRunId);
        var started = story.Run.Started;
        Assert.Equal((2, ContinueInitiator.Retry, "run-1", "run-1"), (started.Attempt, started.Initiator!.Value, started.ContinuedRunId, started.FirstRunId));
        Assert.Equal((TimeSpan.FromSeconds(1), Ask.Failure().Message), (started.FirstTaskBackoff!.Value, started.ContinuedFailure!.Message));
        story.Signal().Holds("Started Signaled").Pass(1).Adds(2, "TaskScheduled").Task(Ask.FailRun())
            .Adds(3, "TaskStarted>3 TaskCompleted>3,4 Failed:MaximumAttemptsReached").Owes("Closed(run-2)");
    }

    [Fact]
    public void A_run_that_goes_on_as_new_is_a_first_attempt_again() =>
        Assert.Equal(1, RunStory.Begin(Ask.Start(retry: Twice)).Task(Ask.FailRun()).Pass(1).Task(Ask.Next()).Run.Started.Attempt);

    [Fact]
    public void Without_a_policy_a_failed_run_stays_failed() => RunStory.Of(Ask.FailRun()).Adds(4, "Failed:RetryPolicyNotSet");

    [Fact]
    public void A_final_failure_stays() =>
        RunStory.Begin(Ask.Start(retry: Twice)).Task(Ask.FailRun(new ApplicationFailure("No.", "Final", NonRetryable: true, []))).Adds(4, "Failed:NonRetryableFailure");

    [Fact]
    public void No_run_begins_after_the_end_of_the_chain_s_time() =>
        RunStory.Begin(Ask.Start(execution: 10, retry: new() { InitialInterval = TimeSpan.FromSeconds(11) })).Task(Ask.FailRun()).Adds(4, "Failed:Timeout");

    [Fact]
    public void A_run_that_timed_out_is_tried_again()
    {
        var story = RunStory.Begin(Ask.Start(run: 10, retry: Twice)).Pass(10);
        Assert.Equal("TimedOut:InProgress RunBegan Started", story.Written);
        Assert.Equal(TimeoutKind.StartToClose, Assert.IsType<TimeoutFailure>(story.Run.Started.ContinuedFailure).Kind);
        story.Pass(1).Pass(10).Adds(2, "TimedOut:MaximumAttemptsReached");
    }

    [Fact]
    public void A_chain_that_timed_out_is_over() => RunStory.Begin(Ask.Start(execution: 10, retry: Twice)).Pass(10).Adds(2, "TimedOut:Timeout");

    [Fact]
    public void Of_equal_times_that_of_the_chain_counts() => RunStory.Begin(Ask.Start(execution: 10, run: 10, retry: Twice)).Pass(10).Adds(2, "TimedOut:Timeout");

    [Fact]
    public void A_run_whose_time_is_over_hears_of_no_timer() => RunStory.Begin(Ask.Start(run: 60)).Task(Ask.Timer()).Pass(60).Adds(5, "TimedOut:RetryPolicyNotSet");

    [Fact]
    public void A_timer_due_before_the_end_is_still_written() => RunStory.Begin(Ask.Start(run: 60)).Task(Ask.Timer("t", 59)).Pass(90).Adds(5, "TimerFired>5 TimedOut:RetryPolicyNotSet");

    [Fact]
    public void A_completed_run_is_not_tried_again() => Assert.Equal("run-1", RunStory.Begin(Ask.Start(retry: Twice)).Task(Ask.Complete()).Run.RunId);

    [Fact]
    public void A_terminated_run_is_not_tried_again() => Assert.Equal("run-1", RunStory.Begin(Ask.Start(retry: Twice)).Do(Ask.Terminate()).Run.RunId);

    [Fact]
    public void The_code_s_place_is_the_same_in_every_run() =>
        Assert.False(RunStory.Begin(Ask.Start() with { InProcess = false }).BeginTask(false).Finish(Ask.Next()).Run.InProcess);
}
