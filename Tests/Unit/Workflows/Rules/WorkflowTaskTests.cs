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
    public void The_silo_begins_and_finishes_a_task_in_one_go() =>
        Assert.Equal("TaskStarted>2 TaskBegun TaskCompleted>2,3 TimerStarted TaskEnded", Twice(RunStory.Begin().BeginTask(), Ask.Timer()));

    [Fact]
    public void News_while_the_code_runs_waits_for_its_end() =>
        RunStory.Begin().BeginTask().Signal().Holds("Started TaskScheduled TaskStarted>2")
            .Finish(Ask.Timer()).Holds($"{Triple} TimerStarted Signaled TaskScheduled");

    [Fact]
    public void An_activity_shows_how_it_ended_and_no_more() =>
        RunStory.Of(Ask.Activity()).Attempt(5).Holds($"{Triple} ActivityScheduled")
            .Succeed(5).Adds(5, "ActivityStarted>5 ActivityCompleted>5,6 TaskScheduled");

    [Fact]
    public void A_timer_fires_when_it_is_due() => RunStory.Of(Ask.Timer()).Pass(59).Unchanged().Pass(1).Adds(5, "TimerFired>5 TaskScheduled");

    [Fact]
    public void A_run_closes_with_its_task() => RunStory.Of(Ask.Complete()).Holds($"{Triple} Completed").Owes("Closed(run-1)").Signal().Refused(WorkflowRefusalCode.NotFound);

    private static string Twice(RunStory story, params Command[] commands)
    {
        var first = story.Written;
        return $"{first} {story.Finish(commands).Written}";
    }
}
