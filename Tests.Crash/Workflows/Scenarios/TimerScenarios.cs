using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Timers and conditions.</summary>
internal static class TimerScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("timer-fires", "t", s => s.RunAsync(Do.Timer(30))),
        new("timer-of-no-length", "t", s => s.RunAsync(Do.Timer(0))),
        new("timers-in-sequence", "t t t", s => s.RunAsync(Do.Seq(Do.Timer(5), Do.Timer(5), Do.Timer(5)))),
        new("timers-in-parallel", "[t|t|t]", s => s.RunAsync(Do.All(Do.Timer(60), Do.Timer(20), Do.Timer(40)))) { Unordered = true },
        new("timers-of-one-moment", "[t|t|t|t|t|t|t|t]", s => s.RunAsync(Do.All([.. Enumerable.Repeat(Do.Timer(30), 8)]))) { Unordered = true },
        new("timer-cancelled", "canceled", async s =>
        {
            var handle = await s.StartAsync(Do.CancelWhen(Do.Timer(600_000), Do.Wait("go")));
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }),
        new("timer-withdrawn", "canceled", s => s.RunAsync(Do.CancelWhen(Do.Timer(600_000), Do.Say("now")))),
        new("timer-race-won", "t", s => s.RunAsync(Do.Any(Do.Timer(20), Do.Timer(600_000)))),
        new("timer-long-with-summary", "terminated:enough", async s =>
        {
            var handle = await s.StartAsync(Do.Timer(600_000) with { Name = "until the slew is over" });
            await s.UntilAsync<TimerStarted>();
            await s.TerminateAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("condition-holds-already", "yes", s => s.RunAsync(Do.Seq(Do.Wait("x", 0), Do.Say("yes")))),
        new("condition-late", "late", s => s.RunAsync(Do.WaitFor("go", 40))),
        new("condition-in-time", "1", async s =>
        {
            var handle = await s.StartAsync(Do.WaitFor("go", 600_000));
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }),
        new("condition-two-waiters", "[1|1]", async s =>
        {
            var handle = await s.StartAsync(Do.All(Do.Wait("go"), Do.WaitFor("go", 600_000)));
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }),
        new("condition-of-handlers", "b", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Wait("go"), Do.Handlers()));
            await s.SignalAsync("do", [Do.Activity("b")], "do");
            await s.SayAsync("go", "");
            return (await Stage.ResultAsync(handle)).Trim();
        }) { Unordered = true },
        new("timer-and-activity-race", "b", s => s.RunAsync(Do.Any(Do.Timer(600_000), Do.Activity("b")))),
        new("timer-hundred", "t", async s => (await s.RunAsync(Do.All([.. Enumerable.Range(0, 100).Select(static n => Do.Timer(1 + n))])))[1..2]) { Unordered = true },
        new("timer-clock-stands-still", "still t still", s => s.RunAsync(Do.Seq(Do.Info("clock"), Do.Timer(5), Do.Info("clock")))),
    ];
}
