using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed class ClosingTests
{
    [Fact]
    public void Nothing_goes_out_after_the_end()
    {
        using var server = Scripted.Start(static self =>
        {
            _ = Workflow.RunTaskAsync(static () => Workflow.DelayAsync(TimeSpan.FromSeconds(1)));
            return Task.CompletedTask;
        });
        server.Task();
        Assert.IsType<CompleteWorkflow>(Assert.Single(server.Commands));
    }

    [Fact]
    public void What_was_asked_before_the_end_goes_out_before_it()
    {
        using var server = Scripted.Start(static self =>
        {
            _ = Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        });
        server.Task();
        Assert.Equal(["StartTimer", "CompleteWorkflow"], server.Commands.Select(static command => command.GetType().Name));
    }

    [Fact]
    public void A_cancellation_that_the_code_takes_as_its_end_cancels_the_run()
    {
        using var server = Scripted.Start(static _ => Workflow.DelayAsync(TimeSpan.FromMinutes(1)));
        server.Task();
        server.Cancel();
        server.Task();
        Assert.Equal(["CancelTimer", "CancelWorkflow"], server.Commands.Select(static command => command.GetType().Name));
    }

    [Fact]
    public void A_run_canceled_before_it_began_finds_its_token_stopped()
    {
        using var server = Scripted.Start(static _ => Workflow.DelayAsync(TimeSpan.FromMinutes(1)));
        server.Cancel();
        server.Task();
        Assert.IsType<CancelWorkflow>(Assert.Single(server.Commands));
    }

    [Fact]
    public void A_cancellation_may_be_ignored()
    {
        using var server = Scripted.Start(static _ => Workflow.DelayAsync(TimeSpan.FromMinutes(1), CancellationToken.None));
        server.Task();
        server.Cancel();
        server.Task();
        Assert.Empty(server.Commands);
        server.Fire("1");
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        using var server = Scripted.Start(static _ => throw new OperationCanceledException("by itself"));
        server.Task();
        Assert.Equal("by itself", server.FailedWith<CancelledFailure>().Message);
    }

    [Fact]
    public void An_exception_that_is_no_failure_fails_only_the_task()
    {
        using var server = Scripted.Start(static _ => throw new InvalidOperationException("A bug."));
        var failed = server.Task().Failed!;
        Assert.Equal((WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, "A bug."), (failed.Cause, failed.Failure.Message));
        Assert.Equal("InvalidOperationException", Assert.IsType<ApplicationFailure>(failed.Failure).Type);
        Assert.Throws<ObjectDisposedException>(server.Warm.Finish);
    }

    [Fact]
    public void A_failure_keeps_all_the_author_said()
    {
        using var server = Scripted.Start(static _ => throw new ApplicationFailureException(
            "No map.", "NoMap", nonRetryable: true, details: [5], nextRetryDelay: TimeSpan.FromMinutes(3), inner: new FormatException("odd")));
        server.Task();
        var failure = server.FailedWith<ApplicationFailure>();
        Assert.Equal(("No map.", "NoMap", true, TimeSpan.FromMinutes(3)), (failure.Message, failure.Type, failure.NonRetryable, failure.NextRetryDelay));
        Assert.Equal(5, FakeServer.Value<int>(failure.Details));
        Assert.Equal(("odd", "FormatException"), (failure.Cause!.Message, Assert.IsType<ApplicationFailure>(failure.Cause).Type));
    }

    [Fact]
    public void A_run_ended_from_outside_runs_no_further()
    {
        using var server = Scripted.Start(static _ => Workflow.DelayAsync(TimeSpan.FromMinutes(1)));
        server.Task();
        server.Fire("1");
        server.Add(new WorkflowExecutionTerminated("enough", [], "test"));
        server.Task();
        Assert.Empty(server.Commands);
    }

    [Fact]
    public void What_a_run_knows_of_itself_comes_from_its_first_event()
    {
        using var server = Scripted.Start(static self =>
        {
            var info = Workflow.Info;
            self.Heard.AddRange([info.Namespace, info.WorkflowId, info.RunId, info.WorkflowType, info.TaskQueue, $"{info.Attempt}", $"{info.StartTime:HH:mm}", info.FirstRunId]);
            self.Heard.AddRange([$"{Workflow.CurrentHistoryLength}", $"{Workflow.CurrentHistorySize}", $"{Workflow.ContinueAsNewSuggested}", $"{Workflow.InWorkflow}"]);
            return Task.CompletedTask;
        });
        server.Task();
        Assert.Equal(
            ["orbit", "sky-map-7", FakeServer.Run.RunId, "Scripted", "ground", "1", "12:00", FakeServer.Run.RunId, "3", "100", "False", "True"],
            server.Ask<string[]>("Words"));
    }

    [Fact]
    public void Memo_and_search_attributes_change_with_the_code()
    {
        using var server = Scripted.Start(static async self =>
        {
            Workflow.UpsertMemo(new Dictionary<string, object?> { ["stage"] = "one", ["gone"] = 1 });
            Workflow.UpsertMemo(new Dictionary<string, object?> { ["gone"] = null });
            Workflow.UpsertSearchAttributes(new Dictionary<string, object?> { ["Burst"] = "b1" });
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            self.Heard.AddRange([.. Workflow.Memo.Keys, .. Workflow.SearchAttributes.Keys]);
        });
        server.Task();
        Assert.Equal(["ModifyProperties", "ModifyProperties", "UpsertSearchAttributes", "StartTimer"], server.Commands.Select(static command => command.GetType().Name));
        Assert.True(((ModifyProperties)server.Commands.ElementAt(1)).UpsertedMemo["gone"].Data.IsEmpty);
        server.Fire("1");
        server.Task();
        Assert.Equal(["stage", "Burst"], server.Ask<string[]>("Words"));
    }

    [Fact]
    public void A_side_effect_runs_once_in_the_life_of_a_run()
    {
        var runs = 0;
        using var server = Scripted.Start(async self =>
        {
            self.Heard.Add($"{Workflow.SideEffect(() => ++runs)}");
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            self.Heard.Add($"{Workflow.SideEffect(() => ++runs)}");
        });
        server.Compares = false;
        server.Task();
        server.Forget();
        server.Fire("1");
        server.Task();
        Assert.Equal(["1", "2"], server.Ask<string[]>("Words"));
        Assert.Equal(2, runs);
        server.Forget();
        server.Begin();
        Assert.Equal(["1", "2"], server.Ask<string[]>("Words"));
        Assert.Equal(2, runs);
    }

    [Fact]
    public void A_side_effect_may_not_ask_for_anything()
    {
        using var server = Scripted.Start(static _ => Task.FromResult<object?>(Workflow.SideEffect(static () => Workflow.DelayAsync(TimeSpan.FromSeconds(1)).Id)));
        Assert.StartsWith("A side effect may not ask", server.Task().Failed!.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_numbers_and_identifiers_follow_from_the_run()
    {
        using var server = Scripted.Start(static async self =>
        {
            self.Heard.Add($"{Workflow.NewGuid()} {Workflow.Random.Next(1000)}");
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            self.Heard.Add($"{Workflow.NewGuid()} {Workflow.Random.NextDouble():F6}");
        });
        server.Task();
        server.Fire("1");
        server.Task();
        var words = server.Ask<string[]>("Words");
        Assert.NotEqual(words[0], words[1]);
        server.Forget();
        server.Begin();
        Assert.Equal(words, server.Ask<string[]>("Words"));
    }

    [Fact]
    public void Replaying_is_known_to_logs()
    {
        using var server = Scripted.Start(static async self =>
        {
            self.Heard.Add($"{Workflow.Unsafe.IsReplaying}");
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            self.Heard.Add($"{Workflow.Unsafe.IsReplaying}");
        });
        server.Task();
        Assert.Equal(["False"], server.Ask<string[]>("Words"));
        server.Fire("1");
        server.Forget();
        server.Task();
        Assert.Equal(["True", "False"], server.Ask<string[]>("Words"));
    }

    [Fact]
    public void Failed_and_timed_out_tasks_are_passed_over()
    {
        using var server = Scripted.Start(static async self =>
        {
            self.Heard.Add($"{Workflow.UtcNow:HH:mm}");
            await Workflow.WaitConditionAsync(() => self.Heard.Contains("go"));
        });
        server.Add(new WorkflowTaskScheduled("ground", TimeSpan.FromSeconds(10), 1));
        server.Add(new WorkflowTaskStarted(2, "other", "r", 100, SuggestContinueAsNew: false));
        server.Add(new WorkflowTaskTimedOut(2, 3, TimeoutKind.StartToClose));
        server.Signal("Say", "early");
        server.Add(new WorkflowTaskScheduled("ground", TimeSpan.FromSeconds(10), 1));
        server.Add(new WorkflowTaskStarted(6, "other", "r", 100, SuggestContinueAsNew: false));
        server.Add(new WorkflowTaskFailed(6, 7, WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, null, "other"));
        server.Now = FakeServer.Noon.AddHours(1);
        server.Task();
        Assert.Equal(["early", "13:00"], server.Ask<string[]>("Words"));
        server.Signal("Say", "go");
        server.Forget();
        server.Task();
        Assert.Equal("end", server.Result<string>());
    }
}
