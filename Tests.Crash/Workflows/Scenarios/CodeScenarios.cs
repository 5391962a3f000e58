using Svom.Workflows;

namespace Svom.Crash;

/// <summary>What an author's code may do besides, and what it may not.</summary>
internal static class CodeScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("code-side-effect", "drawn drawn", s => s.RunAsync(Do.Seq(Do.SideEffect(), Do.SideEffect()))),
        new("code-draws", "drawn t drawn", s => s.RunAsync(Do.Seq(Do.Draw(), Do.Timer(1), Do.Draw()))),
        new("code-draws-in-parallel", "[drawn|drawn|t]", s => s.RunAsync(Do.All(Do.Draw(), Do.SideEffect(), Do.Timer(1)))) { Unordered = true },
        new("code-patched", "new(a) b", s => s.RunAsync(Do.Seq(Do.Patch("p", Do.Activity("a"), Do.Timer(1)), Do.Activity("b")))),
        new("code-patch-asked-twice", "new(a) new(b)", s => s.RunAsync(Do.Seq(Do.Patch("p", Do.Activity("a"), Do.Timer(1)), Do.Patch("p", Do.Activity("b"), Do.Timer(1))))),
        new("code-patch-after-a-wait", "t new(a)", s => s.RunAsync(Do.Seq(Do.Timer(1), Do.Patch("p", Do.Activity("a"), Do.Timer(1))))),
        new("code-patch-deprecated", "a", s => s.RunAsync(Do.Seq(Do.Deprecate("p"), Do.Activity("a")))),
        new("code-memo", "t m=2", s => s.RunAsync(Do.Seq(Do.Memo("m", "1"), Do.Timer(1), Do.Memo("m", "2"), Do.Info("memo")))),
        new("code-memo-taken-away", "t t n=2", s => s.RunAsync(Do.Seq(Do.Memo("m", "1"), Do.Memo("n", "2"), Do.Timer(1), Do.Memo("m", null), Do.Timer(1), Do.Info("memo")))),
        new("code-memo-taken-away-for-the-next-run", "n=2", s => s.RunAsync(Do.Seq(Do.Memo("m", "1"), Do.Memo("n", "2"), Do.Timer(1), Do.Memo("m", null), Do.ContinueAsNew(Do.Info("memo"))))),
        new("code-search-attributes", "t k=v", s => s.RunAsync(Do.Seq(Do.Search("k", "v"), Do.Timer(1), Do.Info("search")))),
        new("code-search-attributes-taken-away", "k=v", s => s.RunAsync(Do.Seq(Do.Search("k", "v"), Do.Search("l", "v"), Do.Timer(1), Do.Search("l", null), Do.ContinueAsNew(Do.Info("search"))))),
        new("code-attributes-described", "k", async s =>
        {
            await s.RunAsync(Do.Search("k", "v"));
            return string.Join(',', WorkflowCalls.ToMap((await s.Handle().DescribeAsync()).SearchAttributes).Keys);
        }),
        new("code-fails-the-run", "Broken:no", s => s.RunAsync(Do.Fail("no"))),
        new("code-fails-after-work", "Broken:no", s => s.RunAsync(Do.Seq(Do.Activity("a"), Do.Fail("no")))),
        new("code-breaks-and-is-mended", "mended", async s =>
        {
            var handle = await s.StartAsync(Do.Break("here"));
            await s.UntilAsync<WorkflowTaskFailed>();
            Places.Repair(s.Id, "here");
            return await Stage.ResultAsync(handle);
        }),
        new("code-breaks-after-work-and-is-mended", "a mended b", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Activity("a"), Do.Break("here"), Do.Activity("b")));
            await s.UntilAsync<WorkflowTaskFailed>();
            Places.Repair(s.Id, "here");
            return await Stage.ResultAsync(handle);
        }),
        new("code-breaks-and-a-signal-comes", "mended 1", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Break("here"), Do.Wait("go")));
            await s.UntilAsync<WorkflowTaskFailed>();
            Places.Repair(s.Id, "here");
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }),
        new("code-breaks-local-steps-stay", "a mended", async s =>
        {
            // The step before the break is not run again when the task is.
            var handle = await s.StartAsync(Do.Seq(Do.Local("a"), Do.Timer(1), Do.Break("here")) with { Text = "x" });
            await s.UntilAsync<WorkflowTaskFailed>();
            Places.Repair(s.Id, "here");
            return (await Stage.ResultAsync(handle)).Replace("t ", "", StringComparison.Ordinal);
        }),
        new("code-breaks-is-terminated", "terminated:enough", async s =>
        {
            var handle = await s.StartAsync(Do.Break("here"));
            await s.UntilAsync<WorkflowTaskFailed>();
            await s.TerminateAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("code-broken-is-described", "its code failed", async s =>
        {
            await s.StartAsync(Do.Break("here"));
            await s.UntilAsync<WorkflowTaskFailed>();
            await s.UntilWaitsAsync("its code failed");
            await s.TerminateAsync();
            return "its code failed";
        }),
        new("code-awaits-a-delay", "foreign", s => ForeignAsync(s, "delay")) { Loose = true },
        new("code-cancels-from-a-thread", "foreign", s => ForeignAsync(s, "cancel")) { Loose = true, OneLife = true },
        new("code-awaits-a-thread", "foreign", s => ForeignAsync(s, "run")) { Loose = true },
        new("code-is-told-that-the-history-is-long", "short long", async s =>
            (await s.RunAsync(Do.Seq(Do.Info("suggested"), Do.Seq([.. Enumerable.Repeat(Do.Timer(1), 14)]), Do.Info("suggested")))).Replace(" t", "", StringComparison.Ordinal)),
        new("code-background", "done", s => s.RunAsync(Do.Seq(Do.Background(Do.Activity("a")), Do.Say("done")))),
        new("code-without-a-result", "null", async s =>
        {
            var handle = await s.Client.StartWorkflowAsync((Quiet w) => w.RunAsync(), Stage.With(s.Id));
            s.Watch(s.Id, handle.RunId);
            await handle.GetResultAsync();
            return await handle.GetResultAsync<string>() ?? "null";
        }),
        new("code-tasks-many", "t", async s => (await s.RunAsync(Do.Seq([.. Enumerable.Repeat(Do.Timer(1), 40)])))[..1]),
        new("code-nested-scopes", "canceled a", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.CancelWhen(Do.Seq(Do.Try(Do.CancelWhen(Do.Timer(600_000), Do.Wait("inner"))), Do.Activity("a")), Do.Wait("outer", 1))));
            await s.SayAsync("inner", "1");
            await s.UntilAsync<ActivityTaskCompleted>();
            await s.SayAsync("outer", "1");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
    ];

    private static async Task<string> ForeignAsync(Stage s, string what)
    {
        var handle = await s.StartAsync(Do.Foreign(what));
        await s.UntilAsync<WorkflowTaskFailed>();
        await s.TerminateAsync();
        var failed = (WorkflowTaskFailed)(await handle.FetchHistoryAsync()).First(static one => one.Attributes is WorkflowTaskFailed).Attributes;
        var message = (await s.Client.DecodeAsync(failed.Failure!, CancellationToken.None)).Message;
        return message.StartsWith($"Workflow 'Kitchen' ({s.Id})", StringComparison.Ordinal) && message.Contains("its history", StringComparison.Ordinal) ? "foreign" : message;
    }
}
