namespace Svom.Workflows;

public sealed class OtherWorkflowRulesTests
{
    private const string ChildRun = "child-run";

    [Fact]
    public void A_child_is_asked_for_with_an_id_that_follows_from_run_and_event()
    {
        var story = RunStory.Of(Ask.Child()).Adds(4, "StartChildInitiated").Owes("child-1!StartChild");
        var tell = Assert.IsType<Tell>(Assert.Single(story.Last.Effects));
        var request = Assert.IsType<StartChildMessage>(tell.Message).Request;
        Assert.Equal(("science", "run-1:5", "science"), (tell.Namespace, request.RequestId, request.TaskQueue));
        Assert.Equal(new ParentReference("science", new("burst-1", "run-1"), 5), request.Parent);
    }

    [Fact]
    public void A_child_of_another_namespace_is_asked_for_there() =>
        Assert.Equal("archive", Assert.IsType<Tell>(Assert.Single(RunStory.Of(Ask.Child() with { Namespace = "archive" }).Last.Effects)).Namespace);

    [Fact]
    public void A_child_begins_and_completes() =>
        RunStory.Of(Ask.Child()).Do(new ChildBegan(5, ChildRun)).Adds(5, "ChildStarted>5 TaskScheduled").Task()
            .Do(Closed(new WorkflowExecutionCompleted([], 9))).Adds(9, "ChildCompleted>5,6 TaskScheduled");

    [Fact]
    public void Each_end_of_a_child_has_its_event()
    {
        End(new WorkflowExecutionFailed(Ask.Failure(), RetryState.MaximumAttemptsReached, 9), "ChildFailed>5,6");
        End(new WorkflowExecutionCanceled([], 9), "ChildCanceled>5,6");
        End(new WorkflowExecutionTimedOut(RetryState.Timeout), "ChildTimedOut>5,6");
        End(new WorkflowExecutionTerminated("enough", [], "scientist"), "ChildTerminated>5,6");
    }

    [Fact]
    public void The_end_of_a_child_whose_beginning_is_not_yet_told_tells_both() =>
        RunStory.Of(Ask.Child()).Do(Closed(new WorkflowExecutionCompleted([], 9))).Adds(5, "ChildStarted>5 ChildCompleted>5,6 TaskScheduled")
            .Do(new ChildBegan(5, ChildRun)).Taken().Unchanged();

    [Fact]
    public void A_child_that_could_not_begin_is_told() =>
        RunStory.Of(Ask.Child()).Do(new ChildNotBegun(5, StartChildFailedCause.WorkflowAlreadyExists)).Adds(5, "StartChildFailed>5 TaskScheduled")
            .Do(new ChildNotBegun(5, StartChildFailedCause.WorkflowAlreadyExists)).Taken().Unchanged();

    [Fact]
    public void News_of_a_child_counts_once()
    {
        var story = RunStory.Of(Ask.Child()).Do(new ChildBegan(5, ChildRun)).Do(new ChildBegan(5, ChildRun)).Taken().Unchanged();
        story.Do(new ChildNotBegun(5, StartChildFailedCause.WorkflowAlreadyExists)).Taken().Unchanged();
        story.Do(Closed(new WorkflowExecutionCompleted([], 9))).Do(Closed(new WorkflowExecutionCompleted([], 9))).Taken().Unchanged();
    }

    [Fact]
    public void News_of_a_child_that_nobody_asked_for_is_dropped() =>
        RunStory.Of(Ask.Timer()).Do(new ChildBegan(5, ChildRun)).Taken().Unchanged().Do(Closed(new WorkflowExecutionCompleted([], 9))).Taken().Unchanged();

    [Fact]
    public void News_of_another_run_s_child_is_dropped()
    {
        var story = RunStory.Of(Ask.Next()).Task(Ask.Child());
        story.Do(new ChildBegan(5, ChildRun) { AskingRunId = "run-1" }).Taken().Unchanged().Do(new ChildBegan(5, ChildRun) { AskingRunId = "run-2" });
        story.Do(Closed(new WorkflowExecutionCompleted([], 9)) with { RunId = "another" }).Taken().Unchanged();
    }

    [Fact]
    public void A_child_that_goes_on_as_new_has_not_ended() =>
        RunStory.Of(Ask.Child()).Do(Closed(((WorkflowExecutionContinuedAsNew)RunStory.Of(Ask.Next()).Events("run-1")[^1].Attributes))).Taken().Unchanged();

    [Theory, InlineData(ParentClosePolicy.Terminate, " child-1!Terminate"), InlineData(ParentClosePolicy.RequestCancel, " child-1!RequestCancel"), InlineData(ParentClosePolicy.Abandon, "")]
    public void What_becomes_of_a_child_is_its_policy(ParentClosePolicy policy, string told)
    {
        RunStory.Of(Ask.Child(policy: policy)).Do(new ChildBegan(5, ChildRun)).Task(Ask.Complete()).Owes($"{told} Closed(run-1)".TrimStart());
        RunStory.Of(Ask.Child(policy: policy)).Do(Ask.Terminate()).Owes($"{told} Closed(run-1)".TrimStart());
    }

    [Fact]
    public void The_child_alone_hears_that_its_parent_closed()
    {
        var tell = Assert.IsType<Tell>(RunStory.Of(Ask.Child()).Do(new ChildBegan(5, ChildRun)).Do(Ask.Terminate()).Last.Effects[0]);
        var terminate = Assert.IsType<Terminate>(Assert.IsType<InputMessage>(tell.Message).Input);
        Assert.Equal((ChildRun, new("burst-1", "run-1")), (terminate.RunId, terminate.ChildOf));
    }

    [Fact]
    public void A_child_that_ended_hears_nothing() =>
        RunStory.Of(Ask.Child()).Do(new ChildBegan(5, ChildRun)).Do(Closed(new WorkflowExecutionCompleted([], 9))).Task(Ask.Complete()).Owes("Closed(run-1)");

    [Fact]
    public void Parent_and_child_speak_to_each_other()
    {
        var parent = RunStory.Of(Ask.Child());
        var request = Assert.IsType<StartChildMessage>(Assert.IsType<Tell>(parent.Last.Effects[0]).Message).Request;
        var child = RunStory.Begin(request).Owes("burst-1!ChildBegan");
        parent.Do(Heard(child)).Adds(5, "ChildStarted>5 TaskScheduled");
        child.Do(new Start(request)).Taken().Unchanged().Owes("burst-1!ChildBegan");
        parent.Do(Heard(child)).Unchanged();
        child.Task(Ask.Next()).Owes("Closed(run-1)").Task(Ask.Complete()).Owes("burst-1!ChildClosed Closed(run-2)");
        parent.Do(Heard(child)).Adds(7, "ChildCompleted>5,6");
    }

    [Fact]
    public void A_child_whose_id_is_taken_tells_its_parent()
    {
        var parent = RunStory.Of(Ask.Child());
        var other = RunStory.Begin().Do(new Start(Assert.IsType<StartChildMessage>(Assert.IsType<Tell>(parent.Last.Effects[0]).Message).Request));
        other.Taken().Owes("burst-1!ChildNotBegun");
        parent.Do(Heard(other)).Adds(5, "StartChildFailed>5 TaskScheduled");
    }

    [Fact]
    public void A_child_that_was_refused_stays_refused()
    {
        var start = new Start(Assert.IsType<StartChildMessage>(Assert.IsType<Tell>(RunStory.Of(Ask.Child()).Last.Effects[0]).Message).Request);
        var child = RunStory.Begin().Do(start).Taken().Owes("burst-1!ChildNotBegun");
        Assert.Equal(("StartRefused", null), (child.Written, child.Last.RunId));
        child.Do(Ask.Terminate()).Do(start).Taken().Unchanged().Owes("burst-1!ChildNotBegun"); // The same message again, once the id is free.
    }

    [Fact]
    public void A_child_that_makes_no_sense_is_refused_before_any_run()
    {
        var start = new Start(Assert.IsType<StartChildMessage>(Assert.IsType<Tell>(RunStory.Of(Ask.Child()).Last.Effects[0]).Message).Request with { WorkflowType = "" });
        var child = new RunStory().Do(start).Taken().Owes("burst-1!ChildNotBegun");
        Assert.Null(child.State.Run);
    }

    [Fact]
    public void A_child_that_is_tried_again_tells_its_parent_only_at_the_end()
    {
        var reference = new ParentReference("science", new("parent-1", "parent-run"), 5);
        RunStory.Begin(Ask.Start(retry: new() { MaximumAttempts = 2 }, parent: reference)).Task(Ask.FailRun()).Owes("Closed(run-1)")
            .Pass(1).Task(Ask.FailRun()).Owes("parent-1!ChildClosed Closed(run-2)");
    }

    [Fact]
    public void A_child_that_is_terminated_or_late_tells_its_parent()
    {
        var reference = new ParentReference("science", new("parent-1", "parent-run"), 5);
        RunStory.Begin(Ask.Start(parent: reference)).Do(Ask.Terminate()).Owes("parent-1!ChildClosed Closed(run-1)");
        RunStory.Begin(Ask.Start(run: 5, parent: reference)).Pass(5).Owes("parent-1!ChildClosed Closed(run-1)");
    }

    [Fact]
    public void A_signal_to_another_arrives_and_is_answered()
    {
        var sender = RunStory.Of(Ask.Outward()).Adds(4, "SignalExternalInitiated").Owes("other-1!Signal");
        var message = Assert.IsType<InputMessage>(Assert.IsType<Tell>(sender.Last.Effects[0]).Message);
        var receiver = RunStory.Of().Do(message.Input).Adds(4, "Signaled TaskScheduled");
        var answer = WorkflowRules.Answer(message.ReplyTo!, receiver.Last.Refusal);
        Assert.Equal("burst-1", answer.WorkflowId);
        sender.Do(InputOf(answer)).Adds(5, "ExternalSignaled>5 TaskScheduled").Do(InputOf(answer)).Taken().Unchanged();
        receiver.Do(message.Input).Taken().Unchanged();
    }

    [Fact]
    public void A_signal_to_nobody_is_answered()
    {
        var sender = RunStory.Of(Ask.Outward());
        var message = Assert.IsType<InputMessage>(Assert.IsType<Tell>(sender.Last.Effects[0]).Message);
        sender.Do(InputOf(WorkflowRules.Answer(message.ReplyTo!, new RunStory().Do(message.Input).Last.Refusal))).Adds(5, "SignalExternalFailed>5:WorkflowNotFound TaskScheduled");
    }

    [Fact]
    public void A_signal_to_one_that_takes_no_more_is_answered()
    {
        var sender = RunStory.Of(Ask.Outward());
        var message = Assert.IsType<InputMessage>(Assert.IsType<Tell>(sender.Last.Effects[0]).Message);
        var full = new RunStory { Limits = new() { Signals = 0 } }.Do(new Start(Ask.Start())).Do(message.Input);
        sender.Do(InputOf(WorkflowRules.Answer(message.ReplyTo!, full.Last.Refusal))).Adds(5, "SignalExternalFailed>5:SignalCountLimitExceeded TaskScheduled");
    }

    [Fact]
    public void A_request_to_another_to_stop_arrives_and_is_answered()
    {
        var sender = RunStory.Of(Ask.CancelOther()).Adds(4, "RequestCancelExternalInitiated").Owes("other-1!RequestCancel");
        var message = Assert.IsType<InputMessage>(Assert.IsType<Tell>(sender.Last.Effects[0]).Message);
        var receiver = RunStory.Of().Do(message.Input).Adds(4, "CancelRequested TaskScheduled");
        Assert.Equal(5, receiver.Event<WorkflowExecutionCancelRequested>().ExternalInitiatedEventId);
        sender.Do(InputOf(WorkflowRules.Answer(message.ReplyTo!, receiver.Last.Refusal))).Adds(5, "ExternalCancelRequested>5 TaskScheduled");
        receiver.Do(message.Input).Taken().Unchanged();
    }

    [Fact]
    public void A_request_to_nobody_to_stop_is_answered()
    {
        var sender = RunStory.Of(Ask.CancelOther());
        var message = Assert.IsType<InputMessage>(Assert.IsType<Tell>(sender.Last.Effects[0]).Message);
        sender.Do(InputOf(WorkflowRules.Answer(message.ReplyTo!, new RunStory().Do(message.Input).Last.Refusal))).Adds(5, "RequestCancelExternalFailed>5:WorkflowNotFound TaskScheduled");
    }

    [Fact]
    public void A_word_to_its_own_child_alone_names_the_parent()
    {
        var signal = Assert.IsType<InputMessage>(Assert.IsType<Tell>(RunStory.Of(Ask.Outward(childOnly: true)).Last.Effects[0]).Message).Input;
        Assert.Equal(new("burst-1", "run-1"), Assert.IsType<Signal>(signal).ChildOf);
        RunStory.Begin().Do(signal).Refused(WorkflowRefusalCode.NotFound);
        var cancel = Assert.IsType<InputMessage>(Assert.IsType<Tell>(RunStory.Of(Ask.CancelOther(childOnly: true)).Last.Effects[0]).Message).Input;
        Assert.Equal(new("burst-1", "run-1"), Assert.IsType<RequestCancel>(cancel).ChildOf);
    }

    [Fact]
    public void A_workflow_may_signal_itself()
    {
        var story = RunStory.Of(Ask.Outward("burst-1"));
        var message = Assert.IsType<InputMessage>(Assert.IsType<Tell>(story.Last.Effects[0]).Message);
        story.Do(message.Input).Adds(5, "Signaled TaskScheduled").Do(InputOf(WorkflowRules.Answer(message.ReplyTo!, story.Last.Refusal))).Adds(7, "ExternalSignaled>5");
    }

    [Fact]
    public void An_answer_to_an_earlier_run_is_dropped() =>
        RunStory.Of(Ask.Next()).Task(Ask.Outward()).Do(new ExternalSignalAnswered(5, null) { AskingRunId = "run-1" }).Taken().Unchanged()
            .Do(new ExternalSignalAnswered(5, null) { AskingRunId = "run-2" }).Adds(5, "ExternalSignaled>5 TaskScheduled");

    private static ChildClosed Closed(EventAttributes outcome) => new(5, ChildRun, outcome);

    private static void End(EventAttributes outcome, string told) =>
        RunStory.Of(Ask.Child()).Do(new ChildBegan(5, ChildRun)).Do(Closed(outcome)).Adds(5, $"ChildStarted>5 TaskScheduled {told}");

    private static WorkflowInput Heard(RunStory from) => InputOf(Assert.IsType<Tell>(from.Last.Effects[0]));

    private static WorkflowInput InputOf(Tell tell) => Assert.IsType<InputMessage>(tell.Message).Input;
}
