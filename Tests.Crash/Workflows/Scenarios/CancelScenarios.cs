using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Requests to stop: of the whole workflow, and of parts by the code itself.</summary>
internal static class CancelScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("cancel-a-wait", "canceled", s => CancelledAsync(s, Do.Wait("never"))),
        new("cancel-a-timer", "canceled", s => CancelledAsync(s, Do.Timer(600_000))),
        new("cancel-an-activity", "canceled", s => CancelledAsync(s, Do.Activity("a", Act.Hang), "runs since")) { CountsAttempts = true },
        new("cancel-an-activity-try", "canceled", s => CancelledAsync(s, Do.Activity("a", Act.Hang) with { Cancel = 0 }, "runs since")),
        new("cancel-an-activity-abandon", "canceled", s => CancelledAsync(s, Do.Activity("a", Act.Hang) with { Cancel = 2 }, "runs since")),
        new("cancel-an-activity-that-returns", "stopped", s => CancelledAsync(s, Do.Activity("a", Act.HangAndReturn), "runs since")) { CountsAttempts = true },
        new("cancel-an-activity-in-its-pause", "canceled", s => CancelledAsync(s, Do.Activity("a", fails: 99) with { Pause = 600_000 }, "begins at", ", after ")),
        new("cancel-a-child", "canceled", async s =>
        {
            var handle = await s.StartAsync(Do.Child("/c", Do.Wait("never")) with { Cancel = 2 });
            await s.UntilAsync<ChildWorkflowExecutionStarted>();
            s.Watch($"{s.Id}/c");
            await s.CancelAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("cancel-is-not-obeyed", "canceled x", s => CancelledAsync(s, Do.Seq(Do.Try(Do.Wait("never")), Do.Say("x")))),
        new("cancel-then-clean", "canceled", s => CancelledAsync(s, Do.Shield(Do.Wait("never"), Do.Activity("clean")))),
        new("cancel-then-clean-locally", "canceled", s => CancelledAsync(s, Do.Shield(Do.Timer(600_000), Do.Local("clean")))),
        new("cancel-twice", "canceled", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("never"));
            await s.CancelAsync();
            await s.CancelAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("cancel-before-the-first-step", "canceled", s => CancelledAsync(s, Do.Seq(Do.Try(Do.Wait("never")), Do.Timer(1)))),
        new("cancel-parallel-work", "canceled", s => CancelledAsync(s, Do.All(Do.Activity("a", Act.Hang), Do.Timer(600_000), Do.Wait("never")), "runs since")) { Unordered = true, CountsAttempts = true },
        new("cancel-activity-by-scope", "activity(canceled/CancelRequested) b", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.CancelWhen(Do.Activity("a", Act.Hang), Do.Wait("go")), Do.Activity("b")));
            await s.UntilWaitsAsync("runs since");
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }) { CountsAttempts = true },
        new("cancel-activity-by-scope-try", "activity(canceled/CancelRequested) b", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.CancelWhen(Do.Activity("a", Act.Hang) with { Cancel = 0 }, Do.Wait("go")), Do.Activity("b")));
            await s.UntilWaitsAsync("runs since");
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true, Loose = true },
        new("cancel-activity-never-asked-for", "activity(canceled/CancelRequested)", s => s.RunAsync(Do.CancelWhen(Do.Activity("a"), Do.Say("now")))),
        new("cancel-closed", "x refused:NotFound", async s => $"{await s.RunAsync(Do.Say("x"))} {await Stage.TryAsync(() => s.Handle().CancelAsync())}"),
    ];

    private static async Task<string> CancelledAsync(Stage s, Step program, params string[] until)
    {
        var handle = await s.StartAsync(program);
        if (until.Length > 0)
        {
            await s.UntilWaitsAsync(until);
        }

        await s.CancelAsync();
        return await Stage.ResultAsync(handle);
    }
}
