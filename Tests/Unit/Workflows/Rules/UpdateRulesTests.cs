using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed class UpdateRulesTests
{
    private static readonly UpdateRequest U = Ask.Update();

    [Fact]
    public void An_accepted_update_is_written_and_told() =>
        RunStory.Of().BeginTask().Say([new PlaceMessage("m1")], [Accept()], U).Owes("Update(u:accepted)")
            .Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6 UpdateAccepted");

    [Fact]
    public void An_accepted_update_says_what_was_asked()
    {
        var accepted = RunStory.Of().BeginTask().Say([], [Accept()], U).Event<WorkflowExecutionUpdateAccepted>();
        Assert.Equal(("u", "u/request", 4L), (accepted.ProtocolInstanceId, accepted.AcceptedRequestMessageId, accepted.AcceptedRequestSequencingEventId));
        Assert.Same(U, accepted.AcceptedRequest);
    }

    [Fact]
    public void An_update_is_answered_in_one_task_or_in_two()
    {
        RunStory.Of().BeginTask().Say([], [Accept(), Complete()], U).Owes("Update(u:accepted) Update(u:completed)").Adds(7, "UpdateAccepted UpdateCompleted>8");
        var story = RunStory.Of().BeginTask().Say([Ask.Timer()], [Accept()], U).Pass(60).BeginTask().Say([], [Complete()]).Owes("Update(u:completed)");
        Assert.NotNull(story.Run.Updates["u"].Completed);
    }

    [Fact]
    public void A_failed_update_is_told() =>
        RunStory.Of().BeginTask().Say([], [Accept(), new UpdateDone("m2", "u", null, Ask.Failure())], U).Owes("Update(u:accepted) Update(u:failed)");

    [Fact]
    public void A_rejection_leaves_no_trace()
    {
        var story = RunStory.Of().BeginTask().Say([], [Reject()], U).Owes("Update(u:rejected)");
        Assert.Equal("TaskEnded", story.Written);
        story.Adds(4, "").BeginTask().Finish(Ask.Timer()).Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6 TimerStarted");
        Assert.Empty(story.Run.Updates);
    }

    [Fact]
    public void A_rejection_beside_an_acceptance_leaves_no_event() =>
        RunStory.Of().BeginTask().Say([], [Reject(), new UpdateAccepted("m2", "v", 4)], U, Ask.Update("v")).Owes("Update(u:rejected) Update(v:accepted)")
            .Adds(7, "UpdateAccepted");

    [Fact]
    public void A_rejection_during_a_task_with_news_leaves_the_task() =>
        RunStory.Of().Signal().BeginTask().Say([], [Reject()], U).Owes("Update(u:rejected)").Adds(4, "Signaled TaskScheduled TaskStarted>6 TaskCompleted>6,7");

    [Fact]
    public void A_rejection_while_news_comes_leaves_the_task_and_the_news() =>
        RunStory.Of().BeginTask().Signal().Say([], [Reject()], U).Owes("Update(u:rejected)").Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6 Signaled TaskScheduled");

    [Fact]
    public void A_rejection_beside_a_command_leaves_the_command() =>
        RunStory.Of().BeginTask().Say([Ask.Timer()], [Reject()], U).Adds(4, "TaskScheduled TaskStarted>5 TaskCompleted>5,6 TimerStarted");

    [Fact]
    public void Commands_say_where_messages_stand() =>
        RunStory.Of().BeginTask().Say([Ask.Timer("a"), new PlaceMessage("m1"), Ask.Timer("b"), new PlaceMessage("m2"), Ask.Timer("c")], [Complete(), Accept()], U)
            .Adds(7, "TimerStarted UpdateAccepted TimerStarted UpdateCompleted>9 TimerStarted");

    [Fact]
    public void Messages_without_a_place_come_behind_the_commands_and_before_the_close() =>
        RunStory.Of().BeginTask().Say([Ask.Timer(), Ask.Complete()], [Accept(), Complete()], U).Adds(7, "TimerStarted UpdateAccepted UpdateCompleted>9 Completed");

    [Fact]
    public void A_place_without_its_message_fails_the_task() => Bad(RunStory.Of().BeginTask().Say([new PlaceMessage("m9")], [Accept()], U));

    [Fact]
    public void A_place_said_twice_fails_the_task() => Bad(RunStory.Of().BeginTask().Say([new PlaceMessage("m1"), new PlaceMessage("m1")], [Accept()], U));

    [Fact]
    public void An_update_that_nobody_asked_for_is_not_accepted() => Bad(RunStory.Of().BeginTask().Say([], [Accept()]));

    [Fact]
    public void An_update_is_accepted_once() => Bad(RunStory.Of().BeginTask().Say([], [Accept()], U).Signal().BeginTask().Say([], [Accept()], U));

    [Fact]
    public void An_update_is_answered_once() =>
        Bad(RunStory.Of().BeginTask().Say([], [Accept(), Complete()], U).Signal().BeginTask().Say([], [Complete()]));

    [Fact]
    public void An_accepted_update_is_not_rejected() => Bad(RunStory.Of().BeginTask().Say([], [Accept()], U).BeginTask().Say([], [Reject()]));

    [Fact]
    public void An_update_that_is_not_accepted_is_not_answered() => Bad(RunStory.Of().BeginTask().Say([], [Complete()], U));

    [Fact]
    public void What_the_code_does_not_answer_is_rejected() => RunStory.Of().BeginTask().Say([], [], U).Owes("Update(u:rejected)").Adds(4, "");

    [Fact]
    public void A_failed_task_answers_no_update() => RunStory.Of().BeginTask().Do(new FinishTask(new TaskFailed("worker", WorkflowTaskFailedCause.NonDeterministicError, Ask.Failure()), [U])).Owes("");

    [Fact]
    public void A_bad_message_takes_back_what_was_said_before_it() => RunStory.Of().BeginTask().Say([], [Accept(), new UpdateDone("m2", "v", [], null)], U).Owes("").Adds(6, "TaskFailed>5,6:BadUpdateWorkflowExecutionMessage");

    [Fact]
    public void A_run_that_closes_answers_what_it_accepted() =>
        RunStory.Of().BeginTask().Say([], [Accept()], U).Do(Ask.Terminate()).Owes("Update(u:failed) Closed(run-1)");

    [Fact]
    public void A_run_that_goes_on_as_new_answers_what_it_accepted()
    {
        var story = RunStory.Of().BeginTask().Say([Ask.Next()], [Accept()], U).Owes("Update(u:accepted) Update(u:failed) Closed(run-1)");
        Assert.Empty(story.Run.Updates);
    }

    [Fact]
    public void A_closed_run_knows_its_answers()
    {
        var story = RunStory.Of().BeginTask().Say([Ask.Complete()], [Accept(), Complete()], U);
        Assert.Equal([Ask.Payload("ok")], story.Run.Updates["u"].Completed!.Result!.Value);
        Assert.Null(May(story, U));
        Assert.Equal(WorkflowRefusalCode.NotFound, May(story, Ask.Update("v"))?.Code);
    }

    [Fact]
    public void An_open_run_may_be_asked_up_to_its_limit()
    {
        var story = RunStory.Of().BeginTask().Say([], [Accept()], U);
        Assert.Null(May(story, Ask.Update("v"), limit: 3, waiting: 1));
        Assert.Equal(WorkflowRefusalCode.LimitExceeded, May(story, Ask.Update("v"), limit: 2, waiting: 1)?.Code);
        Assert.Null(May(story, U, limit: 1));
        Assert.Equal(WorkflowRefusalCode.Invalid, May(story, Ask.Update(""))?.Code);
        Assert.Equal(WorkflowRefusalCode.NotFound, May(story, U, runId: "run-0")?.Code);
        Assert.Equal(WorkflowRefusalCode.NotFound, May(new RunStory(), U)?.Code);
    }

    [Fact]
    public void A_further_attempt_may_answer_an_update() =>
        RunStory.Begin().BeginTask().Fail().Pass(1).BeginTask().Say([], [Accept()], U).Adds(4, "TaskScheduled#2 TaskStarted>5 TaskCompleted>5,6 UpdateAccepted");

    private static UpdateAccepted Accept() => new("m1", "u", 4);

    private static UpdateRejected Reject() => new("m1", "u", Ask.Failure());

    private static UpdateDone Complete() => new("m2", "u", ImmutableArray.Create(Ask.Payload("ok")), null);

    private static void Bad(RunStory story) => Assert.Equal(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, story.Event<WorkflowTaskFailed>().Cause);

    private static WorkflowRefusal? May(RunStory story, UpdateRequest request, int limit = 10, int waiting = 0, string? runId = null) =>
        WorkflowRules.MayAsk(story.State, request, runId, waiting, new() { Updates = limit });
}
