namespace Svom.Workflows;

public sealed class CommandLimitTests
{
    public static TheoryData<string> Kinds => ["activity", "timer", "child", "signal", "cancel"];

    [Theory, MemberData(nameof(Kinds))]
    public void A_run_has_only_so_much_open_of_each_kind(string kind)
    {
        var (one, two, cause) = Of(kind);
        var limits = new WorkflowLimits { Pending = 1 };
        Assert.Null(Begin(limits).Task(one).Events().Select(static e => e.Attributes).OfType<WorkflowTaskFailed>().SingleOrDefault());
        Assert.Equal(cause, Begin(limits).Task(one, two).Event<WorkflowTaskFailed>().Cause);
    }

    [Fact]
    public void A_task_that_writes_more_than_one_may_fails_and_says_how_much()
    {
        var limits = new WorkflowLimits { TaskOctets = 1_000 };
        Assert.Empty(Begin(limits).Task(Ask.Timer("a"), Ask.Timer("b")).Events().Select(static e => e.Attributes).OfType<WorkflowTaskFailed>());
        var story = Begin(limits).Task([.. Enumerable.Range(0, 12).Select(static n => Ask.Timer($"t{n}"))]);
        Assert.Equal(WorkflowTaskFailedCause.PayloadsTooLarge, story.Event<WorkflowTaskFailed>().Cause);
        Assert.Contains("at most 1000 are taken", story.Event<WorkflowTaskFailed>().Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(story.Run.Timers);

        // The code was changed meanwhile: it goes on.
        story.Wait(60).Do(new TimeDue()).Task(Ask.Timer("a"));
        Assert.Single(story.Run.Timers);
    }

    [Fact]
    public void A_closing_task_that_writes_more_than_one_may_closes_nothing()
    {
        var story = Begin(new() { TaskOctets = 1_000 }).Task([.. Enumerable.Range(0, 12).Select(static n => (Command)Ask.Marker()), Ask.Next()]);
        Assert.Equal(WorkflowTaskFailedCause.PayloadsTooLarge, story.Event<WorkflowTaskFailed>().Cause);
        Assert.True(story.Run.IsOpen);
    }

    [Fact]
    public void An_activity_s_id_is_taken_while_it_is_open() => RunStory.Of(Ask.Activity(), Ask.Activity()).Adds(3, "TaskFailed>2,3:ScheduleActivityDuplicateId");

    [Fact]
    public void An_activity_needs_an_id_a_type_and_an_end()
    {
        Bad(Ask.Activity(""), WorkflowTaskFailedCause.BadScheduleActivityAttributes);
        Bad(Ask.Activity() with { ActivityType = "" }, WorkflowTaskFailedCause.BadScheduleActivityAttributes);
        Bad(Ask.Activity() with { Timeouts = new(null, null, null, null) }, WorkflowTaskFailedCause.BadScheduleActivityAttributes);
        Bad(Ask.Activity(beat: -1), WorkflowTaskFailedCause.BadScheduleActivityAttributes);
        Bad(Ask.Activity(retry: new() { BackoffCoefficient = 0.5 }), WorkflowTaskFailedCause.BadScheduleActivityAttributes);
    }

    [Fact]
    public void A_child_needs_an_id_and_a_type()
    {
        Bad(Ask.Child(""), WorkflowTaskFailedCause.BadStartChildExecutionAttributes);
        Bad(Ask.Child() with { WorkflowType = "" }, WorkflowTaskFailedCause.BadStartChildExecutionAttributes);
        Bad(Ask.Child() with { RunTimeout = TimeSpan.FromSeconds(-1) }, WorkflowTaskFailedCause.BadStartChildExecutionAttributes);
        Bad(Ask.Child() with { ParentClosePolicy = (ParentClosePolicy)0 }, WorkflowTaskFailedCause.BadStartChildExecutionAttributes);
        Bad(Ask.Child() with { IdReusePolicy = (WorkflowIdReusePolicy)0 }, WorkflowTaskFailedCause.BadStartChildExecutionAttributes);
    }

    [Fact]
    public void Words_to_others_need_an_address()
    {
        Bad(Ask.Outward(""), WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes);
        Bad(Ask.Outward() with { SignalName = "" }, WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes);
        Bad(Ask.CancelOther(""), WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes);
    }

    [Fact]
    public void A_next_run_needs_possible_times()
    {
        Bad(Ask.Next(-1), WorkflowTaskFailedCause.BadContinueAsNewAttributes);
        Bad(Ask.Next() with { RetryPolicy = new() { MaximumAttempts = -1 } }, WorkflowTaskFailedCause.BadContinueAsNewAttributes);
    }

    [Fact]
    public void A_closing_command_is_the_last()
    {
        RunStory.Of(Ask.Complete(), Ask.Timer()).Adds(3, "TaskFailed>2,3:BadCompleteWorkflowExecutionAttributes");
        RunStory.Of(Ask.FailRun(), Ask.Complete()).Adds(3, "TaskFailed>2,3:BadFailWorkflowExecutionAttributes");
        RunStory.Of(new CancelWorkflow([]), Ask.Timer()).Adds(3, "TaskFailed>2,3:BadCancelWorkflowExecutionAttributes");
        RunStory.Of(Ask.Next(), Ask.Timer()).Adds(3, "TaskFailed>2,3:BadContinueAsNewAttributes");
    }

    private static void Bad(Command command, WorkflowTaskFailedCause cause) =>
        RunStory.Of(Ask.Marker(), command).Adds(3, $"TaskFailed>2,3:{cause}");

    private static RunStory Begin(WorkflowLimits limits) => new RunStory { Limits = limits }.Do(new Start(Ask.Start()));

    private static (Command One, Command Two, WorkflowTaskFailedCause Cause) Of(string kind) => kind switch
    {
        "activity" => (Ask.Activity("a"), Ask.Activity("b"), WorkflowTaskFailedCause.PendingActivitiesLimitExceeded),
        "timer" => (Ask.Timer("a"), Ask.Timer("b"), WorkflowTaskFailedCause.BadStartTimerAttributes),
        "child" => (Ask.Child("a"), Ask.Child("b"), WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded),
        "signal" => (Ask.Outward("a"), Ask.Outward("b"), WorkflowTaskFailedCause.PendingSignalsLimitExceeded),
        _ => (Ask.CancelOther("a"), Ask.CancelOther("b"), WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded),
    };
}
