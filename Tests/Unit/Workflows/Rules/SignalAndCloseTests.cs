namespace Svom.Workflows;

public sealed class SignalAndCloseTests
{
    private static readonly WorkflowRunKey Parent = new("parent-1", "parent-run");
    private static readonly ParentReference Reference = new("science", Parent, 5);

    [Fact]
    public void A_signal_brings_a_task() => RunStory.Of().Signal().Adds(4, "Signaled TaskScheduled").Signal().Adds(6, "Signaled");

    [Fact]
    public void A_signal_counts_once_by_its_request() => RunStory.Begin().Signal("news", "signal-1").Signal("news", "signal-1").Taken().Unchanged();

    [Fact]
    public void A_waiting_signal_counts_once_by_its_request() =>
        RunStory.Begin().BeginTask().Signal("news", "signal-1").Signal("news", "signal-1").Unchanged().Finish().Signal("news", "signal-1").Unchanged();

    [Fact]
    public void A_signal_said_again_after_the_close_was_heard() =>
        RunStory.Begin().Signal("news", "signal-1").Task(Ask.Complete()).Signal("news", "signal-1").Taken().Unchanged().Signal("news", "signal-2").Refused(WorkflowRefusalCode.NotFound);

    [Fact]
    public void Signals_without_a_request_all_count() => Assert.Equal(2, RunStory.Begin().Signal().Signal().Run.SignalCount);

    [Fact]
    public void A_signal_needs_a_name() => RunStory.Begin().Signal("").Refused(WorkflowRefusalCode.Invalid);

    [Fact]
    public void A_run_takes_only_so_many_signals_waiting_ones_included()
    {
        var story = new RunStory { Limits = new() { Signals = 2 } }.Do(new Start(Ask.Start())).Signal().BeginTask().Do(Ask.Cancel()).Signal().Taken();
        story.Signal().Refused(WorkflowRefusalCode.LimitExceeded).Finish().Signal().Refused(WorkflowRefusalCode.LimitExceeded);
        Assert.Equal(2, story.Run.SignalCount);
    }

    [Fact]
    public void A_request_to_stop_brings_a_task_once()
    {
        var story = RunStory.Of().Do(Ask.Cancel()).Adds(4, "CancelRequested TaskScheduled").Do(Ask.Cancel("other")).Taken();
        Assert.Equal("RequestTaken", story.Written); // Remembered, so that it was heard when it is said again after the close.
    }

    [Fact]
    public void A_workflow_that_nobody_started_hears_nothing()
    {
        var story = new RunStory();
        story.Signal().Refused(WorkflowRefusalCode.NotFound).Do(Ask.Cancel()).Refused(WorkflowRefusalCode.NotFound).Do(Ask.Terminate()).Refused(WorkflowRefusalCode.NotFound);
        story.Do(new TimeDue()).Taken().Unchanged();
    }

    [Fact]
    public void A_closed_run_hears_nothing()
    {
        var story = RunStory.Of(Ask.Complete());
        story.Signal().Refused(WorkflowRefusalCode.NotFound).Do(Ask.Cancel()).Refused(WorkflowRefusalCode.NotFound).Do(Ask.Terminate()).Refused(WorkflowRefusalCode.NotFound);
        story.BeginTask().Refused(WorkflowRefusalCode.NotFound).Pass(1e6).Taken().Unchanged();
    }

    [Fact]
    public void What_is_meant_for_another_run_is_refused()
    {
        var story = RunStory.Of(Ask.Next());
        story.Do(Ask.Signal() with { RunId = "run-1" }).Refused(WorkflowRefusalCode.NotFound);
        story.Do(Ask.Cancel() with { RunId = "run-1" }).Refused(WorkflowRefusalCode.NotFound);
        story.Do(Ask.Terminate() with { RunId = "run-1" }).Refused(WorkflowRefusalCode.NotFound);
        story.Do(Ask.Signal() with { RunId = "run-2" }).Taken().Do(Ask.Terminate() with { RunId = "" }).Taken();
    }

    [Fact]
    public void A_parent_reaches_its_child_whatever_run_the_child_is_in()
    {
        var story = RunStory.Begin(Ask.Start(parent: Reference)).Task(Ask.Next());
        story.Do(Ask.Signal() with { RunId = "run-1", ChildOf = Parent }).Taken();
        story.Do(Ask.Cancel() with { RunId = "run-1", ChildOf = Parent }).Taken();
        story.Do(Ask.Terminate() with { RunId = "run-1", ChildOf = Parent }).Taken();
    }

    [Fact]
    public void Who_is_not_the_parent_does_not_reach_a_child()
    {
        var stranger = Parent with { RunId = "another-run" };
        foreach (var story in (RunStory[])[RunStory.Begin(), RunStory.Begin(Ask.Start(parent: Reference))])
        {
            story.Do(Ask.Signal() with { ChildOf = stranger }).Refused(WorkflowRefusalCode.NotFound);
            story.Do(Ask.Cancel() with { ChildOf = stranger }).Refused(WorkflowRefusalCode.NotFound);
            story.Do(Ask.Terminate() with { ChildOf = stranger }).Refused(WorkflowRefusalCode.NotFound);
        }
    }

    [Theory, InlineData(0, RunStatus.Completed), InlineData(1, RunStatus.Failed), InlineData(2, RunStatus.Canceled)]
    public void A_run_closes_as_its_code_says(int which, RunStatus status)
    {
        var story = RunStory.Of(((Command[])[Ask.Complete(), Ask.FailRun(), new CancelWorkflow([])])[which]).Owes("Closed(run-1)");
        Assert.Equal((status, story.Now), (story.Run.Status, story.Run.ClosedAt));
        Assert.Same(story.Events()[^1].Attributes, story.Run.Outcome);
        Assert.Null(story.Run.Task);
        Assert.Null(story.Run.Deadlines.First);
    }

    [Fact]
    public void A_termination_needs_no_task() => RunStory.Begin().Do(Ask.Terminate()).Holds("Started TaskScheduled Terminated").Owes("Closed(run-1)");

    [Fact]
    public void A_run_may_close_while_everything_is_open() =>
        RunStory.Of(Ask.Timer(), Ask.Activity(), Ask.Outward(), Ask.CancelOther(), Ask.Child("c", ParentClosePolicy.Abandon)).Signal().Task(Ask.Complete())
            .Owes("Closed(run-1)").Do(new ExternalSignalAnswered(7, null)).Taken().Unchanged().Do(new ChildBegan(9, "child-run")).Taken().Unchanged();
}
