using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Local activities: steps within a workflow task.</summary>
internal static class LocalScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("local-returns", "a", s => s.RunAsync(Do.Local("a"))),
        new("local-sequence", "a b c d e f", s => s.RunAsync(Do.Seq([.. "abcdef".Select(static c => Do.Local(c.ToString()))]))),
        new("local-parallel", "[a|b|c|d]", s => s.RunAsync(Do.All([.. "abcd".Select(static c => Do.Local(c.ToString()))]))) { Unordered = true },
        new("local-retried", "a", s => s.RunAsync(Do.Local("a", fails: 2))),
        new("local-attempts-used-up", "activity(Broken:a fails/Unspecified)", s => s.RunAsync(Do.Local("a", fails: 9) with { Attempts = 2 })),
        new("local-failure-caught", "activity(Broken:a fails/Unspecified) b", s => s.RunAsync(Do.Seq(Do.Try(Do.Local("a", fails: 9) with { Attempts = 1 }), Do.Local("b")))),
        new("local-non-retryable", "activity(Broken:a fails/Unspecified)", s => s.RunAsync(Do.Local("a", fails: 9) with { NonRetryable = true })),
        new("local-start-to-close", "activity(timeout:StartToClose/Unspecified)", s => s.RunAsync(Do.Local("a", Act.Hang) with { StartToClose = 50, Attempts = 1 })),
        // Long enough that it begins on a busy machine: one whose time is over before that is never begun.
        new("local-schedule-to-close", "activity(timeout:ScheduleToClose/Unspecified)", s => s.RunAsync(Do.Local("a", Act.Hang) with { ScheduleToClose = 2_000 })),
        new("local-between-activities", "a b c", s => s.RunAsync(Do.Seq(Do.Local("a"), Do.Activity("b"), Do.Local("c")))),
        new("local-beside-activity", "[a|b]", s => s.RunAsync(Do.All(Do.Local("a"), Do.Activity("b")))) { Unordered = true },
        new("local-beside-timer", "[a|t]", async s =>
        {
            var handle = await s.StartAsync(Do.All(Do.Local("a", Act.Gate), Do.Timer(20)));
            await s.UntilAsync<TimerStarted>();
            s.Open("a");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
        new("local-signal-during", "a 1", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Local("a", Act.Gate), Do.Wait("go")));
            await s.SayAsync("go", "1");
            s.Open("a");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
        new("local-signals-during-in-order", "[a|1,2,3]", async s =>
        {
            var handle = await s.StartAsync(Do.All(Do.Local("a", Act.Gate), Do.Wait("go", 3)));
            foreach (var n in "123")
            {
                await s.SayAsync("go", n.ToString());
            }

            s.Open("a");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
        new("local-query-during", "[a] a", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Local("a", Act.Gate)));
            await s.SayAsync("x", "1");
            var said = await s.QueryAsync("said");
            s.Open("a");
            return $"[{(said is "x=1" or "" ? "a" : said)}] {await Stage.ResultAsync(handle)}";
        }) { Unordered = true },
        new("local-update-during", "u:hello a", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Local("a", Act.Gate), Do.Handlers()));
            var answer = s.AskAsync(Do.Say("hello"), "u");
            var first = await answer;
            s.Open("a");
            return $"{first} {(await Stage.ResultAsync(handle)).Trim()}";
        }) { Unordered = true },
        new("local-cancelled-wait", "activity(canceled/CancelRequested)", async s =>
        {
            var handle = await s.StartAsync(Do.CancelWhen(Do.Local("a", Act.Hang), Do.Wait("go")));
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
        new("local-cancelled-try", "activity(canceled/CancelRequested)", async s =>
        {
            var handle = await s.StartAsync(Do.CancelWhen(Do.Local("a", Act.Hang) with { Cancel = 0 }, Do.Wait("go")));
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
        new("local-cancelled-abandon", "activity(canceled/CancelRequested)", async s =>
        {
            var handle = await s.StartAsync(Do.CancelWhen(Do.Local("a", Act.Gate) with { Cancel = 2 }, Do.Wait("go")));
            await s.SayAsync("go", "1");
            var result = await Stage.ResultAsync(handle);
            s.Open("a");
            return result;
        }) { Unordered = true },
        new("local-cancelled-in-its-pause", "activity(canceled/CancelRequested)", async s =>
        {
            var handle = await s.StartAsync(Do.CancelWhen(Do.Local("a", fails: 99) with { Pause = 600_000 }, Do.Wait("go")));
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
        new("local-large-result", "…200000", async s => $"…{(await s.RunAsync(Do.Local("a", Act.Large))).Length}"),
        new("local-then-continue", "a b", s => s.RunAsync(Do.Seq(Do.Local("a"), Do.ContinueAsNew(Do.Seq(Do.Local("a"), Do.Local("b")))))),
        new("local-workflow-ends-before", "done", async s =>
        {
            var result = await s.RunAsync(Do.Any(Do.Local("a", Act.Hang), Do.Seq(Do.Timer(20), Do.Say("done"))));
            return result.Replace("t ", "", StringComparison.Ordinal);
        }) { Unordered = true, CountsAttempts = true },
        new("local-in-handler", "<a>", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Wait("go"), Do.Handlers()));
            await s.SignalAsync("do", [Do.Local("a")], "do");
            await s.SayAsync("go", "");
            return $"<{(await Stage.ResultAsync(handle)).Trim()}>";
        }) { Unordered = true },
    ];
}
