using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed class WorkflowTaskTests
{
    private const string Triple = "Started TaskScheduled TaskStarted>2 TaskCompleted>2,3";

    [Fact]
    public void A_start_schedules_the_first_task() => RunStory.Begin().Holds("Started TaskScheduled");

    [Fact]
    public void A_task_is_three_events_and_those_of_its_commands_follow_in_their_order() =>
        RunStory.Of(Ask.Timer(), Ask.Activity(), Ask.Marker()).Holds($"{Triple} TimerStarted ActivityScheduled MarkerRecorded");

    [Fact]
    public void The_silo_writes_a_task_as_it_goes()
    {
        var story = RunStory.Begin().BeginTask();
        Assert.Equal("TaskStarted>2 TaskBegun", story.Written);
        Assert.Equal("TaskCompleted>2,3 TimerStarted TaskEnded", story.Finish(Ask.Timer()).Written);
        Assert.Null(story.Run.Task);
    }

    [Fact]
    public void The_code_sees_the_time_of_the_started_event()
    {
        var story = RunStory.Begin().Wait(5).BeginTask();
        Assert.Equal(story.Now, story.Run.Task!.Begun!.At);
        Assert.Equal(story.Now, story.Events()[2].Time);
    }

    [Fact]
    public void A_clock_that_runs_backwards_does_not_turn_the_history_round()
    {
        var story = RunStory.Begin().Wait(-30).BeginTask();
        Assert.Equal(story.Events()[1].Time, story.Run.Task!.Begun!.At);
    }

    [Fact]
    public void A_worker_that_asks_again_for_its_task_has_it_already() => RunStory.Begin().BeginTask(inProcess: false).BeginTask(inProcess: false).Taken().Unchanged();

    [Fact]
    public void Another_worker_does_not_get_a_begun_task() =>
        RunStory.Begin().BeginTask(inProcess: false, "one").BeginTask(inProcess: false, "two").Refused(WorkflowRefusalCode.Stale);

    [Theory, InlineData(true), InlineData(false)]
    public void The_silo_and_a_worker_do_not_take_a_task_from_each_other(bool silo) =>
        RunStory.Begin().BeginTask(silo).BeginTask(!silo).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void A_task_whose_silo_died_begins_again_at_the_same_time_with_the_steps_it_had()
    {
        var story = RunStory.Begin().BeginTask();
        var begun = story.Run.Task!.Begun!;
        story.Do(new EndLocalStep(Step(1))).Wait(60).Do(new BeginTask("silo-2", "again", true));
        Assert.Equal("TaskBegun", story.Written);
        Assert.Equal(begun with { Identity = "silo-2", RequestId = "again" }, story.Run.Task!.Begun);
        Assert.Single(story.Run.LocalSteps);
        story.Holds("Started TaskScheduled TaskStarted>2").Finish().Holds(Triple);
    }

    [Fact]
    public void The_end_of_a_task_that_nobody_began_is_refused() => RunStory.Begin().Finish().Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void The_end_of_a_task_counts_once() => RunStory.Of(Ask.Timer()).Finish(Ask.Timer("other")).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void The_end_of_a_task_that_another_began_since_is_refused() =>
        RunStory.Begin().BeginTask(inProcess: false, "one").Pass(10).Pass(1).BeginTask(inProcess: false, "two")
            .Do(RunStory.Done() with { RequestId = "one" }).Refused(WorkflowRefusalCode.Stale)
            .Do(RunStory.Done() with { RequestId = "two" }).Taken();

    [Fact]
    public void The_end_of_a_task_of_a_run_that_is_over_is_refused() =>
        RunStory.Of(Ask.Next()).BeginTask().Do(RunStory.Done() with { RunId = "run-1" }).Refused(WorkflowRefusalCode.Stale)
            .Do(RunStory.Done() with { RunId = "run-2" }).Taken();

    [Fact]
    public void A_worker_has_ten_seconds() =>
        RunStory.Begin().BeginTask(inProcess: false).Pass(9.9).Unchanged().Pass(0.1).Holds("Started TaskScheduled TaskStarted>2 TaskTimedOut>2,3");

    [Fact]
    public void The_silo_itself_has_all_the_time() => RunStory.Begin().BeginTask().Pass(1_000).Unchanged();

    [Fact]
    public void A_failed_task_is_tried_again_after_a_second()
    {
        var story = RunStory.Begin().BeginTask().Fail().Holds("Started TaskScheduled TaskStarted>2 TaskFailed>2,3:WorkflowWorkerUnhandledFailure");
        Assert.Equal((2, story.Now.AddSeconds(1)), (story.Run.Task!.Attempt, story.Run.Task.NotBefore));
        story.BeginTask().Refused(WorkflowRefusalCode.Stale).Pass(1);
        Assert.Null(story.Run.Task!.NotBefore);
        story.BeginTask().Taken();
    }

    [Fact]
    public void A_further_attempt_may_begin_when_its_pause_is_over_even_before_time_is_told() => RunStory.Begin().BeginTask().Fail().Wait(1).BeginTask().Taken();

    [Fact]
    public void Further_failures_write_nothing_and_their_pauses_double_up_to_a_minute()
    {
        var story = RunStory.Begin().BeginTask().Fail();
        var events = story.Events().Count;
        foreach (var pause in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            Assert.Equal(story.Now.AddSeconds(pause), story.Run.Deadlines.First);
            story.Pass(pause).BeginTask().Fail();
        }

        Assert.Equal(events, story.Events().Count);
        Assert.Equal(10, story.Run.Task!.Attempt);
    }

    [Fact]
    public void A_further_attempt_is_written_once_it_completes()
    {
        var story = RunStory.Begin().BeginTask().Fail().Pass(1).BeginTask();
        Assert.Equal((0L, 6L), (story.Run.Task!.ScheduledEventId, story.Run.Task.StartedEventId));
        story.Wait(3).Finish(Ask.Timer()).Adds(4, "TaskScheduled#2 TaskStarted>5 TaskCompleted>5,6 TimerStarted");
        Assert.Equal(story.Now.AddSeconds(-3), story.Events()[5].Time);
    }

    [Fact]
    public void A_further_attempt_that_times_out_writes_nothing() =>
        RunStory.Begin().BeginTask(false).Pass(10).Pass(1).BeginTask(false).Pass(10).Adds(4, "").Pass(2).BeginTask().Finish().Adds(4, "TaskScheduled#3 TaskStarted>5 TaskCompleted>5,6");

    [Fact]
    public void News_before_a_further_attempt_makes_it_a_first_one_at_once() =>
        RunStory.Begin().BeginTask().Fail().Signal().Adds(4, "Signaled TaskScheduled").BeginTask().Taken()
            .Fail().Adds(6, "TaskStarted>6 TaskFailed>6,7:WorkflowWorkerUnhandledFailure");

    [Fact]
    public void News_after_the_pause_makes_a_further_attempt_a_first_one_too() =>
        RunStory.Begin().BeginTask().Fail().Pass(1).Signal().Adds(4, "Signaled TaskScheduled").Signal().Adds(6, "Signaled");

    [Fact]
    public void News_during_a_further_attempt_waits_and_follows_its_events() =>
        RunStory.Begin().BeginTask().Fail().Pass(1).BeginTask().Signal().Adds(4, "")
            .Finish(Ask.Timer()).Adds(4, "TaskScheduled#2 TaskStarted>5 TaskCompleted>5,6 TimerStarted Signaled TaskScheduled");

    [Fact]
    public void News_during_a_further_attempt_that_fails_gets_a_first_attempt() =>
        RunStory.Begin().BeginTask().Fail().Pass(1).BeginTask().Signal().Fail().Adds(4, "Signaled TaskScheduled");

    [Fact]
    public void News_during_a_worker_s_task_that_times_out_gets_a_first_attempt() =>
        RunStory.Begin().BeginTask(false).Signal().Pass(10).Adds(3, "TaskTimedOut>2,3 Signaled TaskScheduled");

    [Fact]
    public void Work_of_the_executor_itself_brings_the_next_task_at_once() =>
        RunStory.Begin().BeginTask().Do(new FinishTask(new TaskDone("worker", [], [], LocalWork: true), [])).Holds($"{Triple} TaskScheduled");

    [Fact]
    public void A_task_that_nobody_scheduled_leaves_no_trace_when_nothing_comes_of_it()
    {
        var story = RunStory.Of().BeginTask();
        Assert.Equal("TaskScheduled TaskBegun", story.Written);
        Assert.Equal(6, story.Run.Task!.StartedEventId);
        Assert.Equal("TaskEnded", story.Finish().Written);
        story.Holds(Triple);
    }

    [Fact]
    public void A_task_that_nobody_scheduled_is_written_when_a_command_comes_of_it() =>
        RunStory.Of().BeginTask().Finish(Ask.Timer()).Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6 TimerStarted");

    [Fact]
    public void A_task_that_nobody_scheduled_is_written_when_its_executor_goes_on_working() =>
        RunStory.Of().BeginTask().Do(new FinishTask(new TaskDone("worker", [], [], LocalWork: true), [])).Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6 TaskScheduled");

    [Fact]
    public void A_task_that_nobody_scheduled_is_written_when_it_is_kept() =>
        RunStory.Of().BeginTask().Do(new KeepTask()).Adds(4, "TaskScheduled TaskStarted>5").Do(new KeepTask()).Unchanged()
            .Finish().Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6");

    [Fact]
    public void A_task_that_nobody_scheduled_is_written_when_news_comes_meanwhile() =>
        RunStory.Of().BeginTask().Signal().Adds(4, "TaskScheduled TaskStarted>5")
            .Finish().Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6 Signaled TaskScheduled");

    [Fact]
    public void A_task_that_nobody_scheduled_is_written_when_it_fails() =>
        RunStory.Of().BeginTask().Fail().Adds(4, "TaskScheduled TaskStarted>5 TaskFailed>5,6:WorkflowWorkerUnhandledFailure");

    [Fact]
    public void A_task_that_nobody_scheduled_is_written_when_a_worker_s_time_for_it_runs_out() =>
        RunStory.Of().BeginTask(inProcess: false).Pass(10).Adds(4, "TaskScheduled TaskStarted>5 TaskTimedOut>5,6");

    [Fact]
    public void A_kept_task_is_begun_again_under_its_numbers() =>
        RunStory.Of().BeginTask().Do(new KeepTask()).Wait(30).BeginTask().Adds(4, "TaskScheduled TaskStarted>5").Finish(Ask.Timer())
            .Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6 TimerStarted");

    [Fact]
    public void A_written_task_is_kept_already() => RunStory.Begin().BeginTask().Do(new KeepTask()).Taken().Unchanged();

    [Fact]
    public void A_further_attempt_that_is_kept_stays_unwritten() => RunStory.Begin().BeginTask().Fail().Pass(1).BeginTask().Do(new KeepTask()).Taken().Unchanged();

    [Fact]
    public void A_task_that_is_not_begun_is_not_kept() => RunStory.Begin().Do(new KeepTask()).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void A_workflow_that_nobody_started_has_no_task() => new RunStory().BeginTask().Refused(WorkflowRefusalCode.NotFound);

    [Fact]
    public void The_code_is_told_the_length_of_the_history_as_it_stands_in_the_event()
    {
        var story = RunStory.Begin();
        var size = story.Run.HistorySize;
        story.BeginTask();
        Assert.Equal((size, false), (story.Run.Task!.Begun!.HistorySize, story.Run.Task.Begun.SuggestContinueAsNew));
        Assert.Equal((size, false), (story.Event<WorkflowTaskStarted>().HistorySize, story.Event<WorkflowTaskStarted>().SuggestContinueAsNew));
        Assert.True(size > 0);
        Assert.True(story.Run.HistorySize > size);
    }

    [Fact]
    public void A_further_attempt_shows_the_length_that_its_code_was_told()
    {
        var story = RunStory.Begin().BeginTask().Fail().Pass(1).BeginTask();
        var told = story.Run.Task!.Begun!.HistorySize;
        Assert.Equal(told, story.Finish().Event<WorkflowTaskStarted>().HistorySize);
    }

    [Theory, InlineData(5, true), InlineData(6, true), InlineData(7, false)]
    public void A_long_history_suggests_to_continue_as_new(int limit, bool suggests)
    {
        var story = new RunStory { Limits = new() { SuggestContinueAsNewEvents = limit } }.Do(new Start(Ask.Start()));
        story.Task().Signal().BeginTask(); // Six events lie before the second task's start.
        Assert.Equal(suggests, story.Event<WorkflowTaskStarted>().SuggestContinueAsNew);
    }

    [Fact]
    public void A_heavy_history_suggests_to_continue_as_new()
    {
        var story = new RunStory { Limits = new() { SuggestContinueAsNewOctets = 100 } }.Do(new Start(Ask.Start())).BeginTask();
        Assert.True(story.Event<WorkflowTaskStarted>().SuggestContinueAsNew);
    }

    [Fact]
    public void What_the_kit_says_of_itself_is_kept_octet_by_octet()
    {
        ReadOnlyMemory<byte> said = new byte[] { 8, 3, 255 };
        var story = RunStory.Begin().BeginTask().Do(new FinishTask(new TaskDone("worker", [], [], SdkMetadata: said), []));
        Assert.Equal(said.ToArray(), story.Event<WorkflowTaskCompleted>().SdkMetadata.ToArray());
    }

    [Fact]
    public void Words_for_people_stand_at_the_events()
    {
        var words = new UserMetadata(Ask.Payload("map"), null);
        var story = RunStory.Begin(Ask.Start() with { UserMetadata = words }).Task(Ask.Activity() with { UserMetadata = words }, Ask.Timer() with { UserMetadata = words });
        Assert.Equal([words, null, null, null, words, words], story.Events().Select(static one => one.UserMetadata));
    }

    [Fact]
    public void A_local_step_is_written_by_itself_and_counts_once()
    {
        var story = RunStory.Begin().BeginTask().Do(new EndLocalStep(Step(1)));
        Assert.Equal("LocalStepEnded", story.Written);
        story.Do(new EndLocalStep(Step(1))).Taken().Unchanged().Do(new EndLocalStep(Step(2)));
        Assert.Equal([1, 2], story.Run.LocalSteps.Select(static step => step.Sequence));
        story.Finish(Ask.Marker("LocalActivity"), Ask.Marker("LocalActivity"));
        Assert.Empty(story.Run.LocalSteps);
        story.Holds($"{Triple} MarkerRecorded MarkerRecorded");
    }

    [Fact]
    public void A_local_step_without_a_task_is_refused() => RunStory.Of().Do(new EndLocalStep(Step(1))).Refused(WorkflowRefusalCode.Stale);

    [Fact]
    public void A_local_step_writes_down_the_task_that_nobody_scheduled() =>
        RunStory.Of().BeginTask().Do(new EndLocalStep(Step(1))).Adds(4, "TaskScheduled TaskStarted>5");

    [Fact]
    public void News_between_local_steps_waits_for_the_end_of_the_task() =>
        RunStory.Begin().BeginTask().Do(new EndLocalStep(Step(1))).Signal().Do(new EndLocalStep(Step(2))).Finish(Ask.Marker()).Holds($"{Triple} MarkerRecorded Signaled TaskScheduled");

    private static LocalStep Step(int sequence) => new(sequence, "Measure", 1, ImmutableArray<Payload>.Empty, null);
}
