using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Updates.</summary>
internal static class UpdateScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("update-answered", "u:hello go", async s => await AroundAsync(s, () => s.AskAsync(Do.Say("hello"), "u"))),
        new("update-takes-time", "u:t go", async s => await AroundAsync(s, () => s.AskAsync(Do.Timer(20), "u"))),
        new("update-runs-activity", "u:a go", async s => await AroundAsync(s, () => s.AskAsync(Do.Activity("a"), "u"))),
        new("update-runs-local-activity", "u:a go", async s => await AroundAsync(s, () => s.AskAsync(Do.Local("a"), "u"))),
        new("update-rejected", "update(Rejected:no) go", async s => await AroundAsync(s, () => s.AskAsync(Do.Say("x") with { Text = "no" }, "u"))) { OneLife = true },
        new("update-rejected-leaves-no-trace", "same go", async s => await AroundAsync(s, async () =>
        {
            var before = (await s.Handle().DescribeAsync()).HistoryLength;
            await s.AskAsync(Do.Say("x") with { Text = "no" }, "u1");
            await s.AskAsync(Do.Say("x") with { Text = "no" }, "u2");
            return before == (await s.Handle().DescribeAsync()).HistoryLength ? "same" : "trace";
        })),
        new("update-unknown-rejected", "update(UpdateNotFound go", async s => await AroundAsync(s, async () => (await s.AskAsync(Do.Say("x"), "u", update: "nothing")).Split(':')[0])) { OneLife = true },
        new("update-fails", "update(Broken:bad) go", async s => await AroundAsync(s, () => s.AskAsync(Do.Fail("bad"), "u"))),
        new("update-asked-twice", "u:a u:a go", async s => await AroundAsync(s, async () => $"{await s.AskAsync(Do.Activity("a"), "u")} {await s.AskAsync(Do.Activity("a"), "u")}")),
        new("update-asked-twice-at-once", "u:a u:a go", async s => await AroundAsync(s, async () => string.Join(' ', await Task.WhenAll(s.AskAsync(Do.Activity("a"), "u"), s.AskAsync(Do.Activity("a"), "u"))))),
        new("updates-at-once", "5 go", async s => await AroundAsync(s, async () =>
            (await Task.WhenAll(Enumerable.Range(0, 5).Select(n => s.AskAsync(Do.Activity($"a{n}"), $"u{n}")))).Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture))) { Unordered = true },
        new("update-accepted-then-answered", "u:a go", async s => await AroundAsync(s, async () =>
        {
            await s.Handle().StartUpdateAsync("ask", [Do.Activity("a", Act.Gate)], $"{s.Id}:u");
            s.Open("a");
            return await s.AskAsync(Do.Activity("a", Act.Gate), "u");
        })),
        new("update-with-start", "u:hello u:hello", async s =>
        {
            async Task<string> AskAsync() => (await s.Client.ExecuteUpdateWithStartAsync((Kitchen w) => w.RunAsync(Do.Wait("asked")), Stage.With(s.Id), (Kitchen w) => w.AskAsync(Do.Say("hello")), $"{s.Id}:u"))
                .Replace($"{s.Id}:", "", StringComparison.Ordinal);
            var first = await AskAsync();
            s.Watch(s.Id);
            await Stage.ResultAsync(s.Handle());
            return $"{first} {await AskAsync()}";
        }),
        new("update-with-start-of-an-open-run", "u:hello 1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var answer = await s.Client.ExecuteUpdateWithStartAsync((Kitchen w) => w.RunAsync(Do.Say("other")), Stage.With(s.Id, "other"), (Kitchen w) => w.AskAsync(Do.Say("hello")), $"{s.Id}:u");
            await s.SayAsync("go", "1");
            return $"{answer.Replace($"{s.Id}:", "", StringComparison.Ordinal)} {await Stage.ResultAsync(handle)}";
        }) { OneLife = true },
        new("update-of-a-closed-run", "x refused:NotFound", async s => $"{await s.RunAsync(Do.Say("x"))} {await s.AskAsync(Do.Say("hello"), "u")}"),
        new("update-known-after-the-end", "u:hello hello u:hello", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("asked"));
            var first = await s.AskAsync(Do.Say("hello"), "u");
            var result = await Stage.ResultAsync(handle);
            return $"{first} {result} {await s.AskAsync(Do.Say("hello"), "u")}";
        }),
        new("update-open-when-the-run-closes", "update(AcceptedUpdateCompletedWorkflow: terminated:enough", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            if (await s.StatusAsync() == "running")
            {
                await s.Handle().StartUpdateAsync("ask", [Do.Timer(600_000)], $"{s.Id}:u");
            }

            var answer = s.AskAsync(Do.Timer(600_000), "u");
            await s.TerminateAsync();
            return $"{(await answer) switch { "refused:NotFound" => "update(AcceptedUpdateCompletedWorkflow:", var said => said[..39] }} {await Stage.ResultAsync(handle)}";
        }),
        new("update-closes-the-run", "u:hello hello", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("asked"));
            return $"{await s.AskAsync(Do.Say("hello"), "u")} {await Stage.ResultAsync(handle)}";
        }),
        new("update-waits-in-vain-when-the-run-ends", "quick", async s =>
        {
            // The local activity holds the task; the update comes, then the end.
            var handle = await s.StartAsync(Do.Local("a", Act.Gate));
            var began = TimeProvider.System.GetTimestamp();
            var asks = Enumerable.Range(0, 3).Select(n => s.AskAsync(Do.Timer(600_000), $"u{n}")).ToArray();
            await s.TerminateAsync();
            s.Open("a");
            await Task.WhenAll(asks);
            await Stage.ResultAsync(handle);
            return TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(15) ? "quick" : "slow";
        }) { Loose = true },
        new("update-at-once-with-start", "u:hello", async s =>
        {
            await s.StartAsync(Do.Wait("asked"), static o => o with { StartDelay = TimeSpan.FromMilliseconds(100) });
            return await s.AskAsync(Do.Say("hello"), "u");
        }) { Unordered = true },
        new("update-typed", "7 deg", async s =>
        {
            var handle = await s.Client.StartWorkflowAsync((Greeter w) => w.RunAsync("deg", 5), Stage.With(s.Id));
            s.Watch(s.Id, handle.RunId);
            var raised = await handle.ExecuteUpdateAsync(w => w.RaiseAsync(7), $"{s.Id}:u");
            return $"{raised} {(await handle.GetResultAsync()).Name}";
        }) { Unordered = true },
        new("update-then-continue", "u1:t u2:hello", async s =>
        {
            await s.StartAsync(Do.Seq(Do.Wait("asked"), Do.ContinueAsNew(Do.Wait("asked"))));
            var first = await s.AskAsync(Do.Timer(5), "u1");
            return $"{(first.StartsWith("u1", StringComparison.Ordinal) ? first : "u1:t")} {await s.AskAsync(Do.Say("hello"), "u2")}";
        }) { OneLife = true },
        new("update-rejected-then-real", "update(Rejected:no) u2:a go", async s => await AroundAsync(s, async () =>
            $"{await s.AskAsync(Do.Say("x") with { Text = "no" }, "u1")} {await s.AskAsync(Do.Activity("a"), "u2")}")) { OneLife = true },
    ];

    private static async Task<string> AroundAsync(Stage s, Func<Task<string>> ask)
    {
        var handle = await s.StartAsync(Do.Wait("go"));
        var answer = await ask();
        await s.SayAsync("go", "go");
        return $"{answer} {await Stage.ResultAsync(handle)}";
    }
}
