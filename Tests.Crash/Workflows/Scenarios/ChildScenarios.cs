using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Children.</summary>
internal static class ChildScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("child-completes", "<a>", s => WithChildAsync(s, Do.Child("/c", Do.Activity("a")))),
        new("child-at-once", "<x>", s => WithChildAsync(s, Do.Child("/c", Do.Say("x")))),
        new("child-fails", "child(Broken:no)", s => WithChildAsync(s, Do.Child("/c", Do.Fail("no")))),
        new("child-failure-caught", "child(Broken:no) a", s => WithChildAsync(s, Do.Seq(Do.Try(Do.Child("/c", Do.Fail("no"))), Do.Activity("a")))),
        new("child-times-out", "child(timeout:StartToClose)", s => WithChildAsync(s, Do.Child("/c", Do.Wait("never")) with { StartToClose = 60 })),
        new("child-terminated", "child(terminated:", async s =>
        {
            var handle = await s.StartAsync(Do.Child("/c", Do.Wait("never")));
            await s.UntilAsync<ChildWorkflowExecutionStarted>();
            s.Watch($"{s.Id}/c");
            await s.TerminateAsync("/c");
            return (await Stage.ResultAsync(handle))[..17];
        }),
        new("child-cancelled-from-outside", "child(canceled)", async s =>
        {
            var handle = await s.StartAsync(Do.Child("/c", Do.Wait("never")));
            await s.UntilAsync<ChildWorkflowExecutionStarted>();
            s.Watch($"{s.Id}/c");
            await s.CancelAsync("/c");
            return await Stage.ResultAsync(handle);
        }),
        new("child-cancelled-by-its-parent", "child(canceled)", s => CancelledAsync(s, 2)),
        new("child-cancelled-waits-for-the-request", "child(canceled)", s => CancelledAsync(s, 3)) { Loose = true },
        new("child-cancelled-try", "child(canceled)", s => CancelledAsync(s, 1)),
        new("child-cancelled-abandon", "child(canceled)", s => CancelledAsync(s, 0, ends: true)),
        new("children-in-parallel", "[<a>|<b>|<c>]", s => s.RunAsync(Do.All([.. "abc".Select(static c => Do.Child($"/{c}", Do.Activity(c.ToString())))]))) { Unordered = true },
        new("child-of-a-child", "<<a>>", s => s.RunAsync(Do.Child("/c", Do.Child("/d", Do.Activity("a"))))),
        new("child-signalled", "<5>", s => WithChildAsync(s, Do.Child("/c", Do.Wait("x")) with { Text = "x=5" })) { Unordered = true },
        new("child-id-taken", "taken other", async s =>
        {
            await s.StartAsync("/c", Do.Wait("go"));
            var result = await s.RunAsync(Do.Try(Do.Child("/c", Do.Say("x"))));
            await s.SayAsync("go", "other", "/c");
            return $"{result} {await Stage.ResultAsync(s.Handle("/c"))}";
        }),
        new("child-id-used-and-refused", "taken", async s =>
        {
            await Stage.ResultAsync(await s.StartAsync("/c", Do.Say("x")));
            return await s.RunAsync(Do.Try(Do.Child("/c", Do.Say("x")) with { Reuse = 3 }));
        }),
        new("child-id-used-and-failed-only", "taken", async s =>
        {
            await Stage.ResultAsync(await s.StartAsync("/c", Do.Say("x")));
            return await s.RunAsync(Do.Try(Do.Child("/c", Do.Say("x")) with { Reuse = 2 }));
        }),
        new("child-id-used-again", "<a> <b>", s => s.RunAsync(Do.Seq(Do.Child("/c", Do.Say("a")), Do.Child("/c", Do.Say("b"))))),
        new("child-without-an-id", "<x> <y>", s => s.RunAsync(Do.Seq(Do.Child("/one", Do.Say("x")), Do.Child("/two", Do.Say("y"))))),
        new("child-knows-its-parent", "<child-knows-its-parent>", s => s.RunAsync(Do.Child("/c", Do.Info("parent")))),
        new("child-continues-as-new", "<b>", s => WithChildAsync(s, Do.Child("/c", Do.Seq(Do.Activity("a"), Do.ContinueAsNew(Do.Say("b")))))),
        new("child-retried", "child(Broken:no)", s => WithChildAsync(s, Do.Child("/c", Do.Fail("no")) with { Attempts = 2 })),
        new("child-unknown-type", "terminated:enough", async s =>
        {
            var handle = await s.StartAsync("", "NoSuchWorkflow", []);
            await s.UntilAsync<WorkflowTaskFailed>();
            await s.TerminateAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("parent-closes-child-terminated", "begun terminated:The parent closed.", s => ParentClosesAsync(s, 1)),
        new("parent-closes-child-abandoned", "begun go", s => ParentClosesAsync(s, 2)),
        new("parent-closes-child-cancelled", "begun canceled", s => ParentClosesAsync(s, 3)),
        new("parent-terminated-child-terminated", "terminated:enough terminated:The parent closed.", async s =>
        {
            var handle = await s.StartAsync(Do.Child("/c", Do.Wait("never")));
            await s.UntilAsync<ChildWorkflowExecutionStarted>();
            s.Watch($"{s.Id}/c");
            await s.TerminateAsync();
            return $"{await Stage.ResultAsync(handle)} {await Stage.ResultAsync(s.Handle("/c"))}";
        }),
        new("parent-continues-child-abandoned", "next 5", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Child("/c", Do.Wait("x")) with { StartOnly = true, ParentClose = 2 }, Do.ContinueAsNew(Do.Say("next"))));
            var result = await Stage.ResultAsync(handle);
            s.Watch($"{s.Id}/c");
            await s.SayAsync("x", "5", "/c");
            return $"{result} {await Stage.ResultAsync(s.Handle("/c"))}";
        }),
        new("children-many", "20", async s =>
            (await s.RunAsync(Do.All([.. Enumerable.Range(0, 20).Select(static n => Do.Child($"/c{n}", Do.Local("a")))]))).Split('|').Length.ToString(System.Globalization.CultureInfo.InvariantCulture)) { Unordered = true },
    ];

    private static async Task<string> WithChildAsync(Stage s, Step program)
    {
        var result = await s.RunAsync(program);
        s.Watch($"{s.Id}/c");
        await Stage.ResultAsync(s.Handle("/c"));
        return result;
    }

    private static async Task<string> CancelledAsync(Stage s, int type, bool ends = false)
    {
        var handle = await s.StartAsync(Do.CancelWhen(Do.Child("/c", Do.Wait("never")) with { Cancel = type, ParentClose = 2 }, Do.Wait("go")));
        await s.UntilAsync<ChildWorkflowExecutionStarted>();
        await s.SayAsync("go", "1");
        var result = await Stage.ResultAsync(handle);
        s.Watch($"{s.Id}/c");
        if (ends)
        {
            await s.TerminateAsync("/c");
        }

        await Stage.ResultAsync(s.Handle("/c"));
        return result;
    }

    private static async Task<string> ParentClosesAsync(Stage s, int policy)
    {
        var result = await s.RunAsync(Do.Child("/c", Do.Wait("go")) with { StartOnly = true, ParentClose = policy });
        s.Watch($"{s.Id}/c");
        if (policy == 2)
        {
            await s.SayAsync("go", "go", "/c");
        }

        return $"{result} {await Stage.ResultAsync(s.Handle("/c"))}";
    }
}
