namespace Svom.Workflows;

public sealed class ActivityRulesTests
{
    [Fact]
    public void A_scheduled_activity_is_offered() => RunStory.Of(Ask.Activity("a"), Ask.Activity("b")).Owes("Offer5#1 Offer6#1");

    [Fact]
    public void An_activity_shows_how_it_ended_and_no_more() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Adds(5, "").Succeed(5).Adds(5, "ActivityStarted>5 ActivityCompleted>5,6 TaskScheduled");

    [Fact]
    public void What_began_it_and_when_stands_in_the_started_event()
    {
        var story = RunStory.Of(Ask.Activity()).Wait(3).Attempt(5, "take-7");
        var begun = story.Now;
        story.Wait(20).Succeed(5);
        Assert.Equal(new(5, "silo-1", "take-7", 1, null), story.Event<ActivityTaskStarted>());
        Assert.Equal(begun, story.Events()[5].Time);
        Assert.Equal(story.Now, story.Events()[6].Time);
    }

    [Fact]
    public void Who_takes_an_attempt_twice_has_it_once() => RunStory.Of(Ask.Activity()).Attempt(5).Attempt(5).Taken().Unchanged();

    [Fact]
    public void An_attempt_that_another_took_is_refused() => RunStory.Of(Ask.Activity()).Attempt(5, "one").Attempt(5, "two").Refused(WorkflowRefusalCode.Stale);

    [Theory, InlineData(5, 2), InlineData(6, 1), InlineData(4, 1)]
    public void An_attempt_that_nobody_offers_is_refused(long scheduled, int attempt) =>
        RunStory.Of(Ask.Activity()).Do(new BeginAttempt(scheduled, attempt, "silo", "take")).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void A_result_without_an_attempt_is_refused() => RunStory.Of(Ask.Activity()).Succeed(5).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void A_result_counts_once() => RunStory.Of(Ask.Activity()).Attempt(5).Succeed(5).Succeed(5).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void A_failed_attempt_leaves_no_event_and_the_next_waits_a_second()
    {
        var story = RunStory.Of(Ask.Activity()).Attempt(5).Break(5).Adds(5, "").Owes("");
        Assert.Equal((2, true), (story.Run.Activities[5].Attempt, story.Run.Activities[5].Pausing));
        story.Attempt(5).Refused(WorkflowRefusalCode.Stale).Pass(1).Owes("Offer5#2").Adds(5, "").Attempt(5).Taken();
        story.Succeed(5).Adds(5, "ActivityStarted>5#2 ActivityCompleted>5,6 TaskScheduled");
        Assert.Equal(Ask.Failure().Message, story.Event<ActivityTaskStarted>().LastFailure?.Message);
    }

    [Fact]
    public void The_result_of_an_old_attempt_is_refused() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Break(5).Pass(1).Attempt(5).Succeed(5, attempt: 1).Refused(WorkflowRefusalCode.Stale).Succeed(5, attempt: 2).Taken();

    [Fact]
    public void A_result_during_the_pause_is_refused() => RunStory.Of(Ask.Activity()).Attempt(5).Break(5).Succeed(5).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void A_result_for_the_same_number_in_an_earlier_run_is_refused() =>
        RunStory.Of(Ask.Next()).Task(Ask.Activity()).Attempt(5)
            .Do(new AttemptSucceeded(5, 1, "silo-1", []) { RunId = "run-1" }).Refused(WorkflowRefusalCode.Stale)
            .Do(new AttemptSucceeded(5, 1, "silo-1", []) { RunId = "run-2" }).Taken();

    [Fact]
    public void An_attempt_of_an_earlier_run_does_not_begin() =>
        RunStory.Of(Ask.Next()).Task(Ask.Activity()).Do(new BeginAttempt(5, 1, "silo", "take", "run-1")).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void Attempts_end_at_their_number() =>
        RunStory.Of(Ask.Activity(retry: new() { MaximumAttempts = 2 })).Attempt(5).Break(5).Pass(1).Attempt(5).Break(5)
            .Adds(5, "ActivityStarted>5#2 ActivityFailed>5,6:MaximumAttemptsReached TaskScheduled");

    [Fact]
    public void A_failure_that_the_author_calls_final_is_not_tried_again() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Break(5, new ApplicationFailure("No.", "Final", NonRetryable: true, []))
            .Adds(5, "ActivityStarted>5 ActivityFailed>5,6:NonRetryableFailure TaskScheduled");

    [Fact]
    public void A_failure_of_a_final_type_is_not_tried_again() =>
        RunStory.Of(Ask.Activity(retry: new() { NonRetryableErrorTypes = ["Silence"] })).Attempt(5).Break(5)
            .Adds(5, "ActivityStarted>5 ActivityFailed>5,6:NonRetryableFailure TaskScheduled");

    [Fact]
    public void A_failure_may_say_when_to_try_again()
    {
        var story = RunStory.Of(Ask.Activity()).Attempt(5).Break(5, new ApplicationFailure("Later.", "Busy", false, [], TimeSpan.FromSeconds(30)));
        Assert.Equal(story.Now.AddSeconds(30), story.Run.Activities[5].ReadyAt);
    }

    [Fact]
    public void Without_a_pause_the_next_attempt_is_offered_at_once() =>
        RunStory.Of(Ask.Activity(retry: new() { InitialInterval = TimeSpan.Zero })).Attempt(5).Break(5).Owes("Offer5#2").Attempt(5).Taken();

    [Fact]
    public void Without_a_policy_it_is_tried_without_end()
    {
        var story = RunStory.Of(Ask.Activity());
        Assert.Equal(new RetryPolicy(), story.Event<ActivityTaskScheduled>().RetryPolicy);
        for (var attempt = 1; attempt <= 30; attempt++)
        {
            story.Attempt(5).Break(5).Pass(100);
        }

        Assert.Equal(31, story.Run.Activities[5].Attempt);
        story.Adds(5, "");
    }

    [Fact]
    public void A_lost_attempt_is_followed_by_the_next_at_once()
    {
        var story = RunStory.Of(Ask.Activity()).Attempt(5).Do(new AttemptLost(5, 1, "silo-2")).Owes("Offer5#2").Adds(5, "");
        Assert.Equal(ActivityRules.WorkerLost, Assert.IsType<ApplicationFailure>(story.Run.Activities[5].LastFailure).Type);
        story.Attempt(5).Succeed(5, attempt: 1).Refused(WorkflowRefusalCode.Stale).Succeed(5).Adds(5, "ActivityStarted>5#2 ActivityCompleted>5,6 TaskScheduled");
    }

    [Fact]
    public void A_lost_attempt_counts_as_an_attempt() =>
        RunStory.Of(Ask.Activity(retry: new() { MaximumAttempts = 1 })).Attempt(5).Do(new AttemptLost(5, 1, "silo-2"))
            .Adds(5, "ActivityStarted>5 ActivityFailed>5,6:MaximumAttemptsReached TaskScheduled");

    [Fact]
    public void A_lost_attempt_of_what_was_asked_to_stop_is_the_last() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Signal().Task(new RequestCancelActivityTask(5)).Do(new AttemptLost(5, 1, "silo-2"))
            .Adds(10, "ActivityStarted>5 ActivityFailed>5,11:CancelRequested TaskScheduled");

    [Fact]
    public void An_attempt_that_was_lost_earlier_is_lost_no_more() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Do(new AttemptLost(5, 1, "silo-2")).Attempt(5).Do(new AttemptLost(5, 1, "silo-2")).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void A_request_to_stop_ends_what_nobody_began() =>
        RunStory.Of(Ask.Activity()).Signal().Task(new RequestCancelActivityTask(5)).Owes("")
            .Adds(7, "TaskStarted>7 TaskCompleted>7,8 ActivityCancelRequested>5 ActivityCanceled>5,0 TaskScheduled");

    [Fact]
    public void A_request_to_stop_in_the_task_that_schedules_ends_it_at_once() =>
        RunStory.Of(Ask.Activity(), new RequestCancelActivityTask(5)).Adds(5, "ActivityCancelRequested>5 ActivityCanceled>5,0 TaskScheduled");

    [Fact]
    public void A_request_to_stop_ends_the_pause_before_an_attempt() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Break(5).Signal().Task(new RequestCancelActivityTask(5))
            .Adds(9, "ActivityCancelRequested>5 ActivityCanceled>5,0 TaskScheduled").Pass(10).Unchanged();

    [Fact]
    public void A_request_to_stop_reaches_what_runs() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Signal().Task(new RequestCancelActivityTask(5)).Owes("Stop5#1").Adds(9, "ActivityCancelRequested>5")
            .Do(new AttemptCanceled(5, 1, "silo-1", [])).Adds(10, "ActivityStarted>5 ActivityCanceled>5,11 TaskScheduled");

    [Fact]
    public void A_sign_of_life_learns_that_it_should_stop()
    {
        var story = RunStory.Of(Ask.Activity(beat: 10)).Attempt(5).Signal().Task(new RequestCancelActivityTask(5)).Beat(5).Taken();
        Assert.Equal(10, story.Run.Activities[5].CancelRequestedEventId);
    }

    [Fact]
    public void What_was_asked_to_stop_may_still_succeed() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Signal().Task(new RequestCancelActivityTask(5)).Succeed(5).Adds(10, "ActivityStarted>5 ActivityCompleted>5,11 TaskScheduled");

    [Fact]
    public void What_was_asked_to_stop_and_fails_is_not_tried_again() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Signal().Task(new RequestCancelActivityTask(5)).Break(5)
            .Adds(10, "ActivityStarted>5 ActivityFailed>5,11:CancelRequested TaskScheduled");

    [Fact]
    public void Who_stops_unasked_has_failed() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Do(new AttemptCanceled(5, 1, "silo-1", [])).Adds(5, "ActivityStarted>5 ActivityFailed>5,6:NonRetryableFailure TaskScheduled");

    [Fact]
    public void A_second_request_to_stop_fails_the_task() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Signal().Task(new RequestCancelActivityTask(5)).Signal().Task(new RequestCancelActivityTask(5))
            .Adds(12, "TaskStarted>12 TaskFailed>12,13:BadRequestCancelActivityAttributes");

    [Fact]
    public void A_request_to_stop_what_never_was_fails_the_task() => RunStory.Of(new RequestCancelActivityTask(9)).Adds(3, "TaskFailed>2,3:BadRequestCancelActivityAttributes");

    [Fact]
    public void A_request_to_stop_what_ended_meanwhile_is_written_and_the_end_follows() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Signal().BeginTask().Succeed(5).Finish(new RequestCancelActivityTask(5))
            .Adds(8, "TaskCompleted>7,8 ActivityCancelRequested>5 ActivityStarted>5 ActivityCompleted>5,11 TaskScheduled");

    [Fact]
    public void Progress_survives_into_the_next_attempt()
    {
        var story = RunStory.Of(Ask.Activity(beat: 10)).Attempt(5).Beat(5, "half").Break(5).Pass(1).Attempt(5);
        Assert.Equal([Ask.Payload("half")], story.Run.Activities[5].HeartbeatDetails);
        Assert.Null(story.Run.Activities[5].LastHeartbeat);
    }

    [Fact]
    public void A_failure_may_bring_the_last_progress()
    {
        var story = RunStory.Of(Ask.Activity()).Attempt(5).Do(new AttemptFailed(5, 1, "silo-1", Ask.Failure(), [Ask.Payload("most")]));
        Assert.Equal([Ask.Payload("most")], story.Run.Activities[5].HeartbeatDetails);
    }

    [Fact]
    public void An_activity_id_may_be_used_again_when_the_first_is_over() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Succeed(5).Task(Ask.Activity()).Adds(10, "ActivityScheduled");

    [Fact]
    public void The_task_queue_is_the_workflow_s_own_unless_another_is_named()
    {
        Assert.Equal("science", RunStory.Of(Ask.Activity()).Event<ActivityTaskScheduled>().TaskQueue);
        Assert.Equal("maps", RunStory.Of(Ask.Activity() with { TaskQueue = "maps" }).Event<ActivityTaskScheduled>().TaskQueue);
    }

    [Fact]
    public void Runs_that_close_stop_what_runs() =>
        RunStory.Of(Ask.Activity("a"), Ask.Activity("b")).Attempt(5).Do(Ask.Terminate()).Owes("Stop5#1 Closed(run-1)").Succeed(5).Refused(WorkflowRefusalCode.Stale);
}
