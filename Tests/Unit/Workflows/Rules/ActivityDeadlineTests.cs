namespace Svom.Workflows;

public sealed class ActivityDeadlineTests
{
    [Fact]
    public void Nobody_began_it_in_time() =>
        RunStory.Of(Ask.Activity(all: 60, toStart: 10)).Pass(10).Adds(5, "ActivityTimedOut>5,0:ScheduleToStart,NonRetryableFailure TaskScheduled").Owes("");

    [Fact]
    public void An_attempt_that_takes_too_long_is_stopped_and_the_next_follows()
    {
        var story = RunStory.Of(Ask.Activity(attempt: 10)).Attempt(5).Pass(10).Owes("Stop5#1").Adds(5, "");
        Assert.Equal(TimeoutKind.StartToClose, Assert.IsType<TimeoutFailure>(story.Run.Activities[5].LastFailure).Kind);
        story.Succeed(5, attempt: 1).Refused(WorkflowRefusalCode.Stale).Pass(1).Owes("Offer5#2");
    }

    [Fact]
    public void A_silent_attempt_is_stopped_and_the_next_follows() =>
        RunStory.Of(Ask.Activity(attempt: 60, beat: 10)).Attempt(5).Pass(9).Beat(5).Pass(9).Unchanged().Pass(1).Owes("Stop5#1").Pass(1).Owes("Offer5#2");

    [Fact]
    public void A_sign_of_life_before_the_attempt_does_not_count_for_the_next() =>
        RunStory.Of(Ask.Activity(attempt: 60, beat: 10)).Attempt(5).Wait(5).Beat(5).Break(5).Pass(20).Attempt(5).Pass(9).Unchanged().Pass(1).Owes("Stop5#2");

    [Fact]
    public void The_last_attempt_that_times_out_ends_the_activity_with_its_progress()
    {
        var story = RunStory.Of(Ask.Activity(attempt: 60, beat: 10, retry: new() { MaximumAttempts = 1 })).Attempt(5).Beat(5, "half").Pass(10)
            .Adds(5, "ActivityStarted>5 ActivityTimedOut>5,6:Heartbeat,MaximumAttemptsReached TaskScheduled").Owes("Stop5#1");
        Assert.Equal([Ask.Payload("half")], Assert.IsType<TimeoutFailure>(story.Event<ActivityTaskTimedOut>().Failure).LastHeartbeatDetails);
    }

    [Fact]
    public void All_attempts_together_take_too_long_while_one_runs() =>
        RunStory.Of(Ask.Activity(all: 60, attempt: 50)).Wait(20).Attempt(5).Pass(40).Adds(5, "ActivityStarted>5 ActivityTimedOut>5,6:ScheduleToClose,Timeout TaskScheduled").Owes("Stop5#1");

    [Fact]
    public void All_attempts_together_take_too_long_during_a_pause()
    {
        var story = RunStory.Of(Ask.Activity(all: 10, retry: new() { InitialInterval = TimeSpan.FromSeconds(10) })).Attempt(5).Break(5);
        story.Pass(10).Adds(5, "ActivityTimedOut>5,0:ScheduleToClose,Timeout TaskScheduled"); // The retry at the very edge comes too late.
        Assert.Equal(Ask.Failure().Message, story.Event<ActivityTaskTimedOut>().Failure.Cause?.Message);
    }

    [Fact]
    public void A_failure_after_which_no_time_is_left_is_the_last() =>
        RunStory.Of(Ask.Activity(all: 10, retry: new() { InitialInterval = TimeSpan.FromSeconds(11) })).Attempt(5).Break(5)
            .Adds(5, "ActivityStarted>5 ActivityFailed>5,6:Timeout TaskScheduled");

    [Theory, InlineData(true, TimeoutKind.Heartbeat), InlineData(false, TimeoutKind.StartToClose)]
    public void A_timeout_after_which_no_time_is_left_becomes_that_of_all_attempts(bool beats, TimeoutKind cause)
    {
        var story = RunStory.Of(Ask.Activity(all: 30, attempt: 25, beat: beats ? 10 : null, retry: new() { InitialInterval = TimeSpan.FromSeconds(21) })).Attempt(5)
            .Pass(beats ? 10 : 25).Adds(5, "ActivityStarted>5 ActivityTimedOut>5,6:ScheduleToClose,Timeout TaskScheduled");
        Assert.Equal(cause, Assert.IsType<TimeoutFailure>(story.Event<ActivityTaskTimedOut>().Failure.Cause).Kind);
    }

    [Fact]
    public void Of_equal_times_of_one_that_nobody_began_the_time_to_start_counts() =>
        RunStory.Of(Ask.Activity(all: 10)).Pass(10).Adds(5, "ActivityTimedOut>5,0:ScheduleToStart,NonRetryableFailure TaskScheduled");

    [Fact]
    public void Of_equal_times_of_one_that_runs_the_time_for_all_attempts_counts() =>
        RunStory.Of(Ask.Activity(all: 0.3, attempt: 0.3)).Attempt(5).Pass(0.3).Adds(5, "ActivityStarted>5 ActivityTimedOut>5,6:ScheduleToClose,Timeout TaskScheduled");

    [Fact]
    public void Of_equal_times_of_one_that_is_silent_the_time_for_the_attempt_counts()
    {
        var story = RunStory.Of(Ask.Activity(attempt: 10, beat: 10, retry: new() { MaximumAttempts = 1 })).Attempt(5).Pass(10);
        Assert.Equal(TimeoutKind.StartToClose, Assert.IsType<TimeoutFailure>(story.Event<ActivityTaskTimedOut>().Failure).Kind);
    }

    [Fact]
    public void Where_the_time_is_told_late_no_attempt_begins_that_would_be_over_already()
    {
        var late = RunStory.Of(Ask.Activity(all: 10, attempt: 5), Ask.Timer("t", 3)).Attempt(5).Pass(1_000);
        late.Adds(6, "TimerFired>6 ActivityStarted>5 ActivityTimedOut>5,8:ScheduleToClose,Timeout TaskScheduled").Owes("Stop5#1");
        Assert.Null(late.Run.Deadlines.First);
    }

    [Fact]
    public void Each_attempt_has_its_own_time_to_start() =>
        RunStory.Of(Ask.Activity(all: 100, toStart: 10)).Wait(9).Attempt(5).Break(5).Pass(1).Pass(9.9).Unchanged()
            .Pass(0.1).Adds(5, "ActivityTimedOut>5,0:ScheduleToStart,NonRetryableFailure TaskScheduled");

    [Fact]
    public void A_lost_attempt_does_not_stretch_the_time_for_all() =>
        RunStory.Of(Ask.Activity(all: 10)).Attempt(5).Wait(6).Do(new AttemptLost(5, 1, "silo")).Attempt(5).Pass(4)
            .Adds(5, "ActivityStarted>5#2 ActivityTimedOut>5,6:ScheduleToClose,Timeout TaskScheduled");

    [Fact]
    public void Silence_of_what_was_asked_to_stop_is_the_last_word() =>
        RunStory.Of(Ask.Activity(attempt: 60, beat: 10)).Attempt(5).Signal().Task(new RequestCancelActivityTask(5)).Pass(10)
            .Adds(10, "ActivityStarted>5 ActivityTimedOut>5,11:Heartbeat,CancelRequested TaskScheduled");

    [Fact]
    public void No_time_of_an_activity_is_longer_than_the_run_s()
    {
        var story = RunStory.Begin(Ask.Start(run: 30)).Task(Ask.Activity(attempt: 60));
        Assert.Equal(TimeSpan.FromSeconds(30), story.Event<ActivityTaskScheduled>().Timeouts.StartToClose);
    }

    [Fact]
    public void A_time_that_runs_out_while_the_code_runs_waits_for_its_end() =>
        RunStory.Of(Ask.Activity(attempt: 10, retry: new() { MaximumAttempts = 1 })).Attempt(5).Signal().BeginTask().Pass(10).Owes("Stop5#1")
            .Finish().Adds(8, "TaskCompleted>7,8 ActivityStarted>5 ActivityTimedOut>5,10:StartToClose,MaximumAttemptsReached TaskScheduled");

    [Fact]
    public void Nothing_of_an_activity_becomes_due_once_it_is_over()
    {
        var story = RunStory.Of(Ask.Activity(all: 100, toStart: 10, attempt: 20, beat: 5)).Attempt(5).Beat(5).Succeed(5);
        Assert.Null(story.Run.Deadlines.First);
        Assert.Equal(0, story.Run.Deadlines.Count);
    }
}
