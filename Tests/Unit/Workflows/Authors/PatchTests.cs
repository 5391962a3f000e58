namespace Svom.Workflows;

public sealed class PatchTests
{
    private static Task Old(Scripted self) => Step("old");

    private static Task New(Scripted self) => Workflow.Patched("wider") ? Step("new") : Step("old");

    private static Task Deprecating(Scripted self)
    {
        Workflow.DeprecatePatch("wider");
        return Step("new");
    }

    private static Task OnlyNew(Scripted self) => Step("new");

    private static async Task Step(string name)
    {
        await Workflow.ExecuteActivityAsync(name, [], new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        await Workflow.DelayAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_new_run_takes_the_patched_way_and_records_it()
    {
        using var server = Scripted.Start(New);
        server.Task();
        Assert.Collection(server.Commands,
            static first => Assert.Equal("patch", Assert.IsType<RecordMarker>(first).MarkerName),
            static second => Assert.Equal("new", Assert.IsType<ScheduleActivityTask>(second).ActivityType));
    }

    [Fact]
    public void An_old_run_keeps_the_old_way()
    {
        using var server = Scripted.Start(Old);
        server.Task();
        server.Complete("1");
        Scripted.Change(server, New);
        server.Forget();
        server.Task();
        Assert.IsType<StartTimer>(Assert.Single(server.Commands));
    }

    [Fact]
    public void A_patch_is_recorded_once()
    {
        using var server = Scripted.Start(static async _ =>
        {
            Assert.True(Workflow.Patched("a"));
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            Assert.True(Workflow.Patched("a"));
        });
        server.Task();
        server.Fire("1");
        server.Task();
        Assert.Single(server.History, static at => at.Attributes is MarkerRecorded);
        Assert.Equal("end", server.Result<string>());
    }

    [Fact]
    public void A_run_that_passed_the_place_before_never_takes_the_new_way()
    {
        using var server = Scripted.Start(static async _ =>
        {
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        });
        server.Task();
        server.Fire("1");
        Scripted.Change(server, static async self =>
        {
            self.Heard.Add($"{Workflow.Patched("a")}");
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            self.Heard.Add($"{Workflow.Patched("a")}");
            self.Heard.Add($"{Workflow.Patched("b")}");
        });
        server.Forget();
        server.Task();
        Assert.Equal(["False", "False", "True"], server.Ask<string[]>("Words"));
    }

    [Fact]
    public void A_deprecated_patch_replays_histories_with_it()
    {
        using var server = Scripted.Start(New);
        server.Task();
        server.Complete("1");
        Scripted.Change(server, Deprecating);
        server.Forget();
        server.Task();
        Assert.IsType<StartTimer>(Assert.Single(server.Commands));
    }

    [Fact]
    public void A_history_with_a_deprecated_patch_replays_when_the_code_speaks_of_it_no_more()
    {
        using var server = Scripted.Start(Deprecating);
        server.Task();
        server.Complete("1");
        Scripted.Change(server, OnlyNew);
        server.Forget();
        Assert.Null(server.Task().Failed);
        Assert.IsType<StartTimer>(Assert.Single(server.Commands));
    }

    [Fact]
    public void A_patch_taken_away_without_deprecation_is_another_way()
    {
        using var server = Scripted.Start(New);
        server.Task();
        server.Complete("1");
        var failed = Scripted.Replay(server, OnlyNew).Failed!;
        Assert.Equal(WorkflowTaskFailedCause.NonDeterministicError, failed.Cause);
        Assert.Contains("history has MarkerRecorded of patch 'wider' as event 5 where the code now asks for activity 'new' with id 1", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_without_a_patch_is_found()
    {
        using var server = Scripted.Start(Old);
        server.Task();
        server.Complete("1");
        var failed = Scripted.Replay(server, OnlyNew).Failed!;
        Assert.Equal(WorkflowTaskFailedCause.NonDeterministicError, failed.Cause);
        Assert.Equal(
            "Workflow 'Scripted' (sky-map-7): history has ActivityTaskScheduled 'old' with id 1 as event 5 where the code now asks for activity 'new' with id 1.",
            failed.Failure.Message);
    }

    [Fact]
    public void A_deprecated_patch_that_comes_up_later_still_counts()
    {
        using var server = Scripted.Start(static async _ =>
        {
            Workflow.DeprecatePatch("a");
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        });
        server.Task();
        server.Fire("1");
        Scripted.Change(server, static async self =>
        {
            await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
            self.Heard.Add($"{Workflow.Patched("a")}");
        });
        server.Forget();
        server.Task();
        Assert.Equal(["True"], server.Ask<string[]>("Words"));
        Assert.IsType<CompleteWorkflow>(Assert.Single(server.Commands));
    }
}
