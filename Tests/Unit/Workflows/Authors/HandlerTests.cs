using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed class HandlerTests
{
    private static readonly ActivityOptions Minute = new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) };

    [Fact]
    public void Signals_that_came_before_the_first_task_are_heard_before_the_code_begins()
    {
        using var server = Scripted.Start(self => Task.FromResult<object?>(self.Heard.ToArray()));
        server.Signal("Say", "early");
        server.Signal("Say", "too");
        server.Task();
        Assert.Equal(["early", "too"], server.Result<string[]>());
    }

    [Fact]
    public void Signals_are_heard_in_their_order()
    {
        using var server = Scripted.Start(async self =>
        {
            await Workflow.WaitConditionAsync(() => self.Heard.Count == 3);
            return (object?)self.Heard.ToArray();
        });
        server.Task();
        foreach (var word in (string[])["a", "b", "c"])
        {
            server.Signal("Say", word);
        }

        server.Task();
        Assert.Equal(["a", "b", "c"], server.Result<string[]>());
    }

    [Fact]
    public void An_unknown_signal_does_no_harm()
    {
        using var server = Scripted.Start(self => Workflow.WaitConditionAsync(() => self.Heard.Count > 0));
        server.Signal("Sing", "loud");
        Assert.Null(server.Task().Failed);
    }

    [Fact]
    public void A_signal_that_cannot_be_read_fails_the_task_and_names_the_handler()
    {
        using var server = Scripted.Start(self => Workflow.WaitConditionAsync(() => self.Heard.Count > 0));
        server.Task();
        server.Signal("Say", new[] { 1, 2 });
        var failed = server.Task().Failed!;
        Assert.Equal(WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, failed.Cause);
        Assert.StartsWith("'word' of Scripted.SayAsync: The payload can't be read as System.String", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_without_its_argument_fails_the_task()
    {
        using var server = Scripted.Start(self => Workflow.WaitConditionAsync(() => self.Heard.Count > 0));
        server.Task();
        server.Signal("Say");
        Assert.Equal("Scripted.SayAsync takes 1 arguments and got 0: 'word' is missing.", server.Task().Failed!.Failure.Message);
    }

    [Fact]
    public void A_handler_may_take_steps_of_its_own()
    {
        using var server = Scripted.Start(self =>
        {
            self.OnSay = async word => self.Heard.Add(await Workflow.ExecuteActivityAsync<string>("Translate", [word], Minute));
            return Workflow.WaitConditionAsync(() => self.Heard.Count == 2 && Workflow.AllHandlersFinished);
        });
        server.Task();
        server.Signal("Say", "bonjour");
        server.Task();
        server.Complete("1", "hello");
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void The_end_waits_for_handlers_when_the_author_says_so()
    {
        using var server = Scripted.Start(self =>
        {
            self.OnSay = _ => Workflow.DelayAsync(TimeSpan.FromMinutes(1));
            return Workflow.WaitConditionAsync(() => self.Heard.Count > 0 && Workflow.AllHandlersFinished);
        });
        server.Task();
        server.Signal("Say", "one");
        server.Task();
        Assert.IsNotType<WorkflowExecutionCompleted>(server.Last);
        server.Fire("1");
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void A_failure_thrown_by_a_signal_fails_the_run()
    {
        using var server = Scripted.Start(self =>
        {
            self.OnSay = static _ => throw new ApplicationFailureException("Not that.", "Word");
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Task();
        server.Signal("Say", "that");
        server.Task();
        Assert.Equal("Word", server.FailedWith<ApplicationFailure>().Type);
    }

    [Fact]
    public void A_bug_in_a_signal_fails_only_the_task()
    {
        using var server = Scripted.Start(self =>
        {
            self.OnSay = static _ => throw new InvalidOperationException("A bug.");
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Task();
        server.Signal("Say", "that");
        Assert.Equal("A bug.", server.Task().Failed!.Failure.Message);
    }

    [Fact]
    public void An_update_is_accepted_and_answered_in_one_task()
    {
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => false));
        server.Task();
        server.Task(FakeServer.Update("u1", "Change", "blue"));
        Assert.Collection(server.LastDone!.Messages,
            static first => Assert.IsType<UpdateAccepted>(first),
            static second => Assert.Equal("blue!", FakeServer.Value<string>(Assert.IsType<UpdateDone>(second).Result!.Value)));
        Assert.Equal(["u1/accept", "u1/complete"], server.Commands.Cast<PlaceMessage>().Select(static place => place.MessageId));
        Assert.IsType<WorkflowExecutionUpdateCompleted>(server.Last);
    }

    [Fact]
    public void A_rejected_update_leaves_no_trace_and_says_why()
    {
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => false));
        server.Task();
        var length = server.History.Count;
        server.Task(FakeServer.Update("u1", "Change", "no"));
        var rejected = Assert.IsType<UpdateRejected>(Assert.Single(server.LastDone!.Messages));
        Assert.Equal(("u1", "Not this word."), (rejected.UpdateId, rejected.Failure.Message));
        Assert.Empty(server.Commands);
        Assert.Equal(length, server.History.Count);
        server.Task(FakeServer.Update("u2", "Change", "yes"));
        Assert.IsType<WorkflowExecutionUpdateCompleted>(server.Last);
    }

    [Fact]
    public void A_rejected_update_wakes_nobody()
    {
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => Workflow.UtcNow > FakeServer.Noon.UtcDateTime));
        server.Task();
        server.Now = FakeServer.Noon.AddHours(1);
        server.Task(FakeServer.Update("u1", "Change", "no"));
        Assert.Empty(server.Commands);
    }

    [Fact]
    public void A_validator_may_not_ask_for_anything()
    {
        using var server = Scripted.Start(static self =>
        {
            self.Before = static word => _ = Workflow.DelayAsync(TimeSpan.FromSeconds(word.Length));
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Task();
        server.Task(FakeServer.Update("u1", "Change", "blue"));
        var rejected = Assert.IsType<UpdateRejected>(Assert.Single(server.LastDone!.Messages));
        Assert.StartsWith("The validator of update 'Change' may not ask", rejected.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_does_not_ask_the_validator_again()
    {
        var asked = 0;
        using var server = Scripted.Start(self =>
        {
            self.Before = _ => asked++;
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Compares = false;
        server.Task();
        server.Task(FakeServer.Update("u1", "Change", "blue"));
        server.Forget();
        server.Signal("Say", "on");
        Assert.Null(server.Task().Failed);
        Assert.Equal((1, "blue on"), (asked, string.Join(' ', server.Ask<string[]>("Words"))));
    }

    [Fact]
    public void An_update_may_take_steps_before_it_answers()
    {
        using var server = Scripted.Start(static self =>
        {
            self.OnChange = static async word => await Workflow.ExecuteActivityAsync<string>("Paint", [word], Minute);
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Task();
        server.Task(FakeServer.Update("u1", "Change", "blue"));
        Assert.Collection(server.Commands, static first => Assert.IsType<PlaceMessage>(first), static second => Assert.IsType<ScheduleActivityTask>(second));
        server.Complete("1", "painted");
        server.Task();
        Assert.Equal("painted", FakeServer.Value<string>(Assert.IsType<UpdateDone>(Assert.Single(server.LastDone!.Messages)).Result!.Value));
    }

    [Fact]
    public void Several_updates_are_accepted_in_the_order_of_their_coming()
    {
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => false));
        server.Task(FakeServer.Update("u1", "Change", "a"), FakeServer.Update("u2", "Change", "no"), FakeServer.Update("u3", "Change", "c"));
        Assert.Equal(
            ["UpdateAccepted u1", "UpdateDone u1", "UpdateRejected u2", "UpdateAccepted u3", "UpdateDone u3"],
            server.LastDone!.Messages.Select(static message => $"{message.GetType().Name} {message.UpdateId}"));
        Assert.Equal(["a", "c"], server.Ask<string[]>("Words"));
    }

    [Fact]
    public void An_update_that_fails_on_purpose_is_answered_with_the_failure()
    {
        using var server = Scripted.Start(static self =>
        {
            self.OnChange = static _ => throw new ApplicationFailureException("Out of paint.", "Paint");
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Task();
        server.Task(FakeServer.Update("u1", "Change", "blue"));
        var done = Assert.IsType<UpdateDone>(server.LastDone!.Messages[^1]);
        Assert.Equal("Paint", Assert.IsType<ApplicationFailure>(done.Failure).Type);
    }

    [Fact]
    public void A_bug_in_an_update_fails_only_the_task()
    {
        using var server = Scripted.Start(static self =>
        {
            self.OnChange = static _ => throw new InvalidOperationException("A bug.");
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Task();
        Assert.Equal("A bug.", server.Task(FakeServer.Update("u1", "Change", "blue")).Failed!.Failure.Message);
    }

    [Fact]
    public void An_unknown_update_is_rejected_with_the_names_of_those_known()
    {
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => false));
        server.Task();
        server.Task(FakeServer.Update("u1", "Paint", "blue"));
        var rejected = Assert.IsType<UpdateRejected>(Assert.Single(server.LastDone!.Messages));
        Assert.Equal("Workflow 'Scripted' has no update 'Paint'. Known are: Change.", rejected.Failure.Message);
    }

    [Fact]
    public void An_update_that_cannot_be_read_is_rejected()
    {
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => false));
        server.Task();
        server.Task(FakeServer.Update("u1", "Change", 5));
        Assert.IsType<UpdateRejected>(Assert.Single(server.LastDone!.Messages));
    }

    [Fact]
    public void A_handler_knows_which_update_it_is_and_others_do_not()
    {
        using var server = Scripted.Start(static async self =>
        {
            self.OnChange = static async _ =>
            {
                await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
                return Workflow.CurrentUpdateInfo!.Id;
            };
            await Workflow.DelayAsync(TimeSpan.FromSeconds(2));
            Assert.Null(Workflow.CurrentUpdateInfo);
        });
        server.Task();
        server.Task(FakeServer.Update("u1", "Change", "a"), FakeServer.Update("u2", "Change", "b"));
        server.Fire("3");
        server.Fire("2");
        server.Task();
        Assert.Equal(["u2", "u1"], server.LastDone!.Messages.Cast<UpdateDone>().Select(static done => FakeServer.Value<string>(done.Result!.Value)));
        server.Fire("1");
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void A_query_is_answered_from_the_fields()
    {
        using var server = Scripted.Start(static self =>
        {
            self.OnAsk = static question => question + " - yes";
            return Workflow.WaitConditionAsync(static () => false);
        });
        server.Task();
        Assert.Equal("Well? - yes", server.Ask<string>("Ask", "Well?"));
    }

    [Fact]
    public void An_unknown_query_fails_with_the_names_of_those_known()
    {
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => false));
        server.Task();
        Assert.Equal("Workflow 'Scripted' has no query 'Sing'. Known are: Ask, Words.", server.Query("Sing").Failure!.Message);
    }

    [Fact]
    public void A_query_before_the_begin_is_refused()
    {
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => false));
        Assert.Equal("The workflow has not begun yet.", server.Query("Words").Failure!.Message);
    }

    [Fact]
    public void A_query_may_not_ask_for_anything_and_leaves_the_run_alone()
    {
        using var server = Scripted.Start(static self =>
        {
            self.OnAsk = static what => what == "guid" ? Workflow.NewGuid().ToString() : Workflow.DelayAsync(TimeSpan.FromSeconds(1)).Status.ToString();
            return Workflow.WaitConditionAsync(() => self.Heard.Count > 0);
        });
        server.Task();
        Assert.StartsWith("Query 'Ask' may not ask for anything durable", server.Query("Ask", "timer").Failure!.Message, StringComparison.Ordinal);
        Assert.StartsWith("Query 'Ask' may not ask for anything durable", server.Query("Ask", "guid").Failure!.Message, StringComparison.Ordinal);
        server.Signal("Say", "go");
        server.Task();
        Assert.IsType<CompleteWorkflow>(Assert.Single(server.Commands));
    }

    [Fact]
    public void A_query_that_sets_what_others_wait_for_fails()
    {
        using var server = Scripted.Start(static async self =>
        {
            var set = new TaskCompletionSource();
            self.OnAsk = _ => { set.SetResult(); return "set"; };
            await Task.WhenAny(set.Task, Workflow.DelayAsync(TimeSpan.FromMinutes(1)));
        });
        server.Task();
        var failure = server.Query("Ask", "set").Failure;
        Assert.True(failure is null || failure.Message.Contains("a query changes nothing", StringComparison.Ordinal), failure?.Message);
    }

    [Fact]
    public void A_closed_run_still_answers_queries()
    {
        using var server = Scripted.Start(static self => { self.Heard.Add("done"); return Task.CompletedTask; });
        server.Task();
        Assert.Equal(["done"], server.Ask<string[]>("Words"));
        server.Forget();
        server.Compares = false;
        server.Begin();
        Assert.Equal(["done"], server.Ask<string[]>("Words"));
        Assert.Empty(server.Warm.Finish().Commands);
    }

    [Workflow("typed")]
    public sealed class Typed
    {
        private readonly int start;
        private readonly List<string> heard = [];

        [WorkflowInit]
        public Typed(int start, string name = "nobody") => (this.start, Name) = (start, name);

        [WorkflowQuery("name")]
        public string Name { get; }

        [WorkflowQuery]
        public int Sum(int more, int evenMore = 10) => start + more + evenMore;

        [WorkflowQuery]
        public IReadOnlyList<string> Heard => heard;

        [WorkflowSignal(Dynamic = true)]
        public Task AnythingAsync(string name, Payload[] input)
        {
            heard.Add($"{name}({Workflow.PayloadConverter.ToValue<int>(input[0])})");
            return Task.CompletedTask;
        }

        [WorkflowRun]
        public Task RunAsync(int start, string name = "nobody") => Workflow.WaitConditionAsync(static () => false);
    }

    [Fact]
    public void A_constructor_may_take_the_input_so_that_handlers_find_it()
    {
        using var server = new FakeServer(typeof(Typed), 5);
        server.Signal("Jump", 3);
        server.Task();
        Assert.Equal("nobody", server.Ask<string>("name"));
        Assert.Equal((16, 7), (server.Ask<int>("Sum", 1), server.Ask<int>("Sum", 1, 1)));
        Assert.Equal(["Jump(3)"], server.Ask<string[]>("Heard"));
    }
}
