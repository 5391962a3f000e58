using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed class TimerAndMarkerTests
{
    [Fact]
    public void A_timer_fires_when_it_is_due() => RunStory.Of(Ask.Timer()).Pass(59).Unchanged().Pass(1).Adds(5, "TimerFired>5 TaskScheduled");

    [Fact]
    public void Timers_that_are_due_together_fire_in_one_task() =>
        RunStory.Of(Ask.Timer("b", 20), Ask.Timer("a", 10), Ask.Timer("c", 20)).Pass(20).Adds(7, "TimerFired>6 TimerFired>5 TimerFired>7 TaskScheduled");

    [Fact]
    public void A_timer_that_fires_joins_the_news_of_a_scheduled_task() => RunStory.Of(Ask.Timer()).Signal().Pass(60).Adds(5, "Signaled TaskScheduled TimerFired>5");

    [Fact]
    public void A_cancelled_timer_never_fires() =>
        RunStory.Of(Ask.Timer()).Signal().Task(new CancelTimer("t")).Adds(9, "TimerCanceled>5").Pass(60).Unchanged();

    [Fact]
    public void A_timer_may_be_cancelled_in_the_task_that_starts_it() => RunStory.Of(Ask.Timer(), new CancelTimer("t")).Adds(4, "TimerStarted TimerCanceled>5");

    [Fact]
    public void A_cancelled_timer_s_id_may_be_used_again() => RunStory.Of(Ask.Timer(), new CancelTimer("t"), Ask.Timer()).Adds(4, "TimerStarted TimerCanceled>5 TimerStarted");

    [Fact]
    public void An_open_timer_s_id_is_taken() => RunStory.Of(Ask.Timer(), Ask.Timer()).Adds(3, "TaskFailed>2,3:StartTimerDuplicateId");

    [Theory, InlineData("", 1), InlineData("t", 0), InlineData("t", -1)]
    public void A_timer_needs_an_id_and_a_time(string id, double seconds) => RunStory.Of(Ask.Timer(id, seconds)).Adds(3, "TaskFailed>2,3:BadStartTimerAttributes");

    [Fact]
    public void A_timer_that_never_was_is_not_cancelled() => RunStory.Of(new CancelTimer("t")).Adds(3, "TaskFailed>2,3:BadCancelTimerAttributes");

    [Fact]
    public void A_timer_that_fired_and_was_seen_is_not_cancelled() =>
        RunStory.Of(Ask.Timer()).Pass(60).Task(new CancelTimer("t")).Adds(7, "TaskStarted>7 TaskFailed>7,8:BadCancelTimerAttributes");

    [Fact]
    public void A_timer_beyond_the_calendar_waits_for_ever() => RunStory.Of(new StartTimer("t", TimeSpan.MaxValue)).Pass(1e9).Unchanged();

    [Fact]
    public void What_fails_a_task_leaves_nothing_of_its_commands()
    {
        var story = RunStory.Of(Ask.Activity(), Ask.Child(), Ask.Timer(""));
        story.Adds(3, "TaskFailed>2,3:BadStartTimerAttributes").Owes("");
        Assert.Empty(story.Run.Activities);
        Assert.Empty(story.Run.Children);
        Assert.Equal(1, story.Run.Deadlines.Count);
    }

    [Fact]
    public void A_marker_is_kept_as_it_is()
    {
        var details = ImmutableSortedDictionary<string, ImmutableArray<Payload>>.Empty.Add("version", [Ask.Payload("2")]);
        var marker = RunStory.Of(Ask.Marker() with { Details = details, Failure = Ask.Failure() }).Event<MarkerRecorded>();
        Assert.Same(details, marker.Details);
        Assert.NotNull(marker.Failure);
        Assert.Equal(4, marker.TaskCompletedEventId);
    }

    [Fact]
    public void A_marker_needs_a_name() => RunStory.Of(Ask.Marker("")).Adds(3, "TaskFailed>2,3:BadRecordMarkerAttributes");

    [Fact]
    public void Search_attributes_are_set_and_taken_away()
    {
        var story = RunStory.Begin(Ask.Start() with { SearchAttributes = Ask.None.Add("Burst", Ask.Payload("1")).Add("Team", Ask.Payload("a")) });
        story.Task(new UpsertSearchAttributes(Ask.None.Add("Burst", Ask.Payload("2")).Add("Team", new(Ask.Payload("").Metadata, default))));
        Assert.Equal(Ask.Payload("2"), Assert.Single(story.Run.SearchAttributes).Value);
        story.Adds(4, "UpsertSearchAttributes");
    }

    [Fact]
    public void A_memo_is_set_and_taken_away()
    {
        var story = RunStory.Begin(Ask.Start() with { Memo = Ask.None.Add("note", Ask.Payload("old")) });
        story.Task(new ModifyProperties(Ask.None.Add("note", new(Ask.Payload("").Metadata, default)).Add("more", Ask.Payload("new"))));
        Assert.Equal("more", Assert.Single(story.Run.Memo).Key);
        story.Adds(4, "PropertiesModified");
    }

    [Fact]
    public void Nothing_to_set_fails_the_task()
    {
        RunStory.Of(new UpsertSearchAttributes(Ask.None)).Adds(3, "TaskFailed>2,3:BadSearchAttributes");
        RunStory.Of(new ModifyProperties(Ask.None)).Adds(3, "TaskFailed>2,3:BadModifyWorkflowPropertiesAttributes");
    }
}
