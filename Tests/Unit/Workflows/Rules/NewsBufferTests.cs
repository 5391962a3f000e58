namespace Svom.Workflows;

public sealed class NewsBufferTests
{
    private const string Triple = "Started TaskScheduled TaskStarted>2 TaskCompleted>2,3";

    [Fact]
    public void News_while_the_code_runs_waits_for_its_end() =>
        RunStory.Begin().BeginTask().Signal().Holds("Started TaskScheduled TaskStarted>2")
            .Finish(Ask.Timer()).Holds($"{Triple} TimerStarted Signaled TaskScheduled");

    [Fact]
    public void Ends_of_activities_stand_behind_other_news_and_know_their_start() =>
        RunStory.Of(Ask.Activity("a"), Ask.Activity("b")).Attempt(5).Attempt(6).Signal().BeginTask().Succeed(5).Signal().Succeed(6).Signal()
            .Finish().Adds(8, "TaskStarted>8 TaskCompleted>8,9 ActivityStarted>5 Signaled ActivityStarted>6 Signaled ActivityCompleted>5,11 ActivityCompleted>6,13 TaskScheduled");

    [Fact]
    public void Ends_of_children_stand_behind_other_news_and_know_their_start() =>
        RunStory.Of(Ask.Child()).Signal().BeginTask().Do(new ChildBegan(5, "child-run")).Do(Closed(5)).Signal()
            .Finish().Adds(7, "TaskStarted>7 TaskCompleted>7,8 ChildStarted>5 Signaled ChildCompleted>5,10 TaskScheduled");

    [Fact]
    public void Every_end_of_a_child_stands_behind_other_news()
    {
        EventAttributes[] ends =
        [
            new WorkflowExecutionCompleted([], 9), new WorkflowExecutionFailed(Ask.Failure(), RetryState.Timeout, 9), new WorkflowExecutionCanceled([], 9),
            new WorkflowExecutionTimedOut(RetryState.Timeout), new WorkflowExecutionTerminated("enough", [], "scientist"),
        ];
        foreach (var end in ends)
        {
            var story = RunStory.Of(Ask.Child()).Signal().BeginTask().Do(new ChildClosed(5, "child-run", end)).Signal().Finish();
            Assert.Equal($"ChildStarted>5 Signaled Child{EventText.Kind(end)}>5,10 TaskScheduled", story.After(9));
        }
    }

    [Fact]
    public void A_child_that_began_before_the_task_keeps_the_number_of_its_start() =>
        RunStory.Of(Ask.Child()).Do(new ChildBegan(5, "child-run")).BeginTask().Do(Closed(5)).Finish()
            .Adds(5, "ChildStarted>5 TaskScheduled TaskStarted>7 TaskCompleted>7,8 ChildCompleted>5,6 TaskScheduled");

    [Fact]
    public void An_activity_that_ended_is_over_before_its_end_is_written() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Signal().BeginTask().Succeed(5).Succeed(5).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void Waiting_news_is_written_at_the_time_of_the_task_that_held_it_back()
    {
        var story = RunStory.Begin().BeginTask().Signal().Wait(5).Finish();
        Assert.Equal(story.Now, story.Events()[4].Time);
    }

    [Fact]
    public void Waiting_news_survives_a_failed_task() =>
        RunStory.Begin().BeginTask().Signal().Fail().Holds("Started TaskScheduled TaskStarted>2 TaskFailed>2,3:WorkflowWorkerUnhandledFailure Signaled TaskScheduled");

    [Fact]
    public void A_run_does_not_close_over_news_that_its_code_has_not_seen() =>
        RunStory.Begin().BeginTask().Signal().Finish(Ask.Marker(), Ask.Complete())
            .Holds("Started TaskScheduled TaskStarted>2 TaskFailed>2,3:UnhandledCommand Signaled TaskScheduled")
            .Task(Ask.Complete()).Adds(6, "TaskStarted>6 TaskCompleted>6,7 Completed");

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void No_closing_command_passes_over_news(int which) =>
        Assert.Equal(
            WorkflowTaskFailedCause.UnhandledCommand,
            RunStory.Begin().BeginTask().Signal().Finish(((Command[])[Ask.Complete(), Ask.FailRun(), new CancelWorkflow([]), Ask.Next()])[which]).Event<WorkflowTaskFailed>().Cause);

    [Fact]
    public void A_further_attempt_that_would_close_over_news_writes_only_the_news() =>
        RunStory.Begin().BeginTask().Fail().Pass(1).BeginTask().Signal().Finish(Ask.Complete()).Adds(4, "Signaled TaskScheduled");

    [Fact]
    public void A_speculative_task_that_would_close_over_news_fails_with_its_events() =>
        RunStory.Of().BeginTask().Signal().Finish(Ask.Complete()).Adds(4, "TaskScheduled TaskStarted>5 TaskFailed>5,6:UnhandledCommand Signaled TaskScheduled");

    [Fact]
    public void News_that_the_commands_make_themselves_does_not_keep_the_run_open() =>
        RunStory.Of(Ask.Activity()).Signal().Task(new RequestCancelActivityTask(5), Ask.Complete())
            .Adds(7, "TaskStarted>7 TaskCompleted>7,8 ActivityCancelRequested>5 Completed");

    [Fact]
    public void Cancelling_a_timer_takes_back_that_it_fired() =>
        RunStory.Of(Ask.Timer()).Signal().BeginTask().Pass(60).Finish(new CancelTimer("t"))
            .Adds(7, "TaskStarted>7 TaskCompleted>7,8 TimerCanceled>5");

    [Fact]
    public void A_run_closes_when_cancelling_a_timer_took_back_the_only_news() =>
        RunStory.Of(Ask.Timer()).Signal().BeginTask().Pass(60).Finish(new CancelTimer("t"), Ask.Complete())
            .Adds(7, "TaskStarted>7 TaskCompleted>7,8 TimerCanceled>5 Completed");

    [Fact]
    public void Cancelling_one_timer_leaves_the_news_of_another() =>
        RunStory.Of(Ask.Timer("s", 30), Ask.Timer("t", 60)).Signal().BeginTask().Pass(60).Finish(new CancelTimer("t"))
            .Adds(8, "TaskStarted>8 TaskCompleted>8,9 TimerCanceled>6 TimerFired>5 TaskScheduled");

    [Fact]
    public void A_failed_task_does_not_take_back_that_a_timer_fired() =>
        RunStory.Of(Ask.Timer()).Signal().BeginTask().Pass(60).Finish(new CancelTimer("t"), new CancelTimer("t"))
            .Adds(7, "TaskStarted>7 TaskFailed>7,8:BadCancelTimerAttributes TimerFired>5 TaskScheduled");

    [Fact]
    public void A_timer_id_may_be_used_again_while_the_news_of_the_first_waits()
    {
        var story = RunStory.Of(Ask.Timer()).Signal().BeginTask().Pass(60).Finish(Ask.Timer());
        story.Adds(7, "TaskStarted>7 TaskCompleted>7,8 TimerStarted TimerFired>5 TaskScheduled");
        Assert.Equal(10, story.Run.Timers["t"].StartedEventId);
        story.Pass(60).Adds(12, "TimerFired>10");
    }

    [Fact]
    public void A_termination_writes_what_waits_before_it_closes() =>
        RunStory.Begin().BeginTask().Signal().Do(Ask.Terminate()).Holds("Started TaskScheduled TaskStarted>2 TaskFailed>2,3:ForceCloseCommand Signaled Terminated");

    [Fact]
    public void The_end_of_the_run_s_time_writes_what_waits_before_it_closes() =>
        RunStory.Begin(Ask.Start(run: 60)).BeginTask().Signal().Pass(60).Adds(3, "TaskFailed>2,3:ForceCloseCommand Signaled TimedOut:RetryPolicyNotSet");

    [Fact]
    public void A_termination_during_a_further_attempt_leaves_no_trace_of_it() =>
        RunStory.Begin().BeginTask().Fail().Pass(1).BeginTask().Do(Ask.Terminate()).Adds(4, "Terminated");

    [Fact]
    public void A_termination_during_a_speculative_task_leaves_no_trace_of_it() => RunStory.Of().BeginTask().Do(Ask.Terminate()).Adds(4, "Terminated");

    [Fact]
    public void Answers_of_others_wait_too() =>
        RunStory.Of(Ask.Outward(), Ask.CancelOther()).Signal().BeginTask()
            .Do(new ExternalSignalAnswered(5, null)).Do(new ExternalCancelAnswered(6, ExternalFailedCause.WorkflowNotFound))
            .Do(new ExternalSignalAnswered(5, null)).Unchanged().Finish()
            .Adds(8, "TaskStarted>8 TaskCompleted>8,9 ExternalSignaled>5 RequestCancelExternalFailed>6:WorkflowNotFound TaskScheduled");

    [Fact]
    public void A_request_to_stop_waits_and_counts_once() =>
        RunStory.Begin().BeginTask().Do(Ask.Cancel()).Do(Ask.Cancel()).Unchanged().Finish().Holds($"{Triple} CancelRequested TaskScheduled");

    private static ChildClosed Closed(long initiated) => new(initiated, "child-run", new WorkflowExecutionCompleted([], 9));
}
