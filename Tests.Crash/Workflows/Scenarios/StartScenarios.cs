using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Starts: ids, policies, repeats.</summary>
internal static class StartScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("start-repeated", "same x", async s =>
        {
            var (one, two) = (await s.StartAsync(Do.Say("x")), await s.StartAsync(Do.Say("x")));
            return $"{(one.RunId == two.RunId ? "same" : "other")} {await Stage.ResultAsync(one)}";
        }),
        new("start-repeated-at-once", "1", async s =>
            (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => s.StartAsync(Do.Say("x"))))).Select(static handle => handle.RunId).Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("start-repeated-after-the-end", "x same", async s =>
        {
            var one = await s.StartAsync(Do.Say("x"));
            var result = await Stage.ResultAsync(one);
            return $"{result} {((await s.StartAsync(Do.Say("x"))).RunId == one.RunId ? "same" : "other")}";
        }),
        new("start-of-an-open-id-refused", "taken 1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var no = await Stage.TryAsync(() => s.StartAsync("", Do.Say("x"), request: "other"));
            await s.SayAsync("go", "1");
            return $"{no} {await Stage.ResultAsync(handle)}";
        }) { OneLife = true },
        new("start-uses-the-open-run", "same 1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var other = await s.StartAsync("", Do.Say("x"), static o => o with { IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting }, request: "other");
            await s.SayAsync("go", "1");
            return $"{(handle.RunId == other.RunId ? "same" : "other")} {await Stage.ResultAsync(handle)}";
        }) { OneLife = true },
        new("start-takes-the-place-of-the-open-run", "terminated x", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var other = await s.StartAsync("", Do.Say("x"), static o => o with { IdConflictPolicy = WorkflowIdConflictPolicy.TerminateExisting }, request: "other");
            return $"{(await Stage.ResultAsync(handle)).Split(':')[0]} {await Stage.ResultAsync(other)}";
        }) { OneLife = true },
        new("start-terminate-if-running", "terminated x", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var other = await s.StartAsync("", Do.Say("x"), static o => o with { IdReusePolicy = WorkflowIdReusePolicy.TerminateIfRunning }, request: "other");
            return $"{(await Stage.ResultAsync(handle)).Split(':')[0]} {await Stage.ResultAsync(other)}";
        }) { OneLife = true },
        new("start-id-used-again", "x y", async s => $"{await s.RunAsync(Do.Say("x"))} {await Stage.ResultAsync(await s.StartAsync("", Do.Say("y"), request: "other"))}") { OneLife = true },
        new("start-id-used-and-refused", "x taken", async s =>
            $"{await s.RunAsync(Do.Say("x"))} {await Stage.TryAsync(() => s.StartAsync("", Do.Say("y"), static o => o with { IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate }, request: "other"))}"),
        new("start-after-success-refused-failed-only", "x taken", async s =>
            $"{await s.RunAsync(Do.Say("x"))} {await Stage.TryAsync(() => s.StartAsync("", Do.Say("y"), static o => o with { IdReusePolicy = WorkflowIdReusePolicy.AllowDuplicateFailedOnly }, request: "other"))}"),
        new("start-after-failure-failed-only", "Broken:no y", async s =>
            $"{await s.RunAsync(Do.Fail("no"))} {await Stage.ResultAsync(await s.StartAsync("", Do.Say("y"), static o => o with { IdReusePolicy = WorkflowIdReusePolicy.AllowDuplicateFailedOnly }, request: "other"))}") { OneLife = true },
        new("start-delayed", "x", s => s.RunAsync(Do.Say("x"), static o => o with { StartDelay = TimeSpan.FromMilliseconds(60) })),
        new("start-delayed-signal-wakes", "1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"), static o => o with { StartDelay = TimeSpan.FromMinutes(10) });
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }),
        new("start-delayed-terminated", "terminated:enough", async s =>
        {
            var handle = await s.StartAsync(Do.Say("x"), static o => o with { StartDelay = TimeSpan.FromMinutes(10) });
            await s.TerminateAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("start-delayed-cancelled", "canceled", async s =>
        {
            var handle = await s.StartAsync(Do.Timer(1000), static o => o with { StartDelay = TimeSpan.FromMinutes(10) });
            await s.CancelAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("start-with-memo-and-attributes", "m=1 k=v", s => s.RunAsync(
            Do.Seq(Do.Info("memo"), Do.Info("search")),
            static o => o with { Memo = new Dictionary<string, object?> { ["m"] = "1" }, SearchAttributes = new Dictionary<string, object?> { ["k"] = "v" } })),
        new("start-large-input", "200000", async s =>
            (await s.RunAsync(Do.Say(new string('y', 200_000)))).Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("start-without-a-type", "refused:Invalid", s => Stage.TryAsync(() => s.Client.StartWorkflowAsync("", [], Stage.With(s.Id)))),
        new("start-without-an-id", "refused:Invalid", s => Stage.TryAsync(() => s.Client.StartWorkflowAsync("Kitchen", [], Stage.With("")))),
        new("start-with-a-long-id", "x", async s => await Stage.ResultAsync(await s.StartAsync("/" + new string('i', 700), Do.Say("x")))),
        new("start-with-a-strange-id", "x", async s => await Stage.ResultAsync(await s.StartAsync("/ä ☄/%2F?#'\"", Do.Say("x")))),
        new("start-and-look", "completed 5", async s =>
        {
            await s.RunAsync(Do.Say("x"));
            var run = await s.Handle().DescribeAsync();
            return $"{run.Status} {run.HistoryLength}";
        }),
        new("start-many-below-one", "30", async s =>
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(async n => await Stage.ResultAsync(await s.StartAsync($"/{n}", Do.Seq(Do.Local("a"), Do.Activity("b"))))));
            return results.Count(static result => result == "a b").ToString(System.Globalization.CultureInfo.InvariantCulture);
        }),
    ];
}
