using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Runs that follow from others: continue-as-new, retry.</summary>
internal static class ChainScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("chain-continues", "b", s => s.RunAsync(Do.Seq(Do.Activity("a"), Do.ContinueAsNew(Do.Activity("b"))))),
        new("chain-continues-at-once", "b", s => s.RunAsync(Do.ContinueAsNew(Do.Say("b")))),
        new("chain-of-ten", "continued a", s => s.RunAsync(Enumerable.Range(0, 10).Aggregate(Do.Seq(Do.Info("continued"), Do.Activity("a")), static (next, _) => Do.ContinueAsNew(next)))),
        new("chain-of-three-hundred-without-a-wait", "45150", async s =>
        {
            var handle = await s.Client.StartWorkflowAsync((Chain w) => w.RunAsync(300, 0), Stage.With(s.Id));
            return (await handle.GetResultAsync()).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }),
        new("chain-not-followed", "continued", async s => await Stage.ResultAsync(await s.StartAsync(Do.ContinueAsNew(Do.Say("b"))), follow: false)),
        new("chain-keeps-its-memo", "m=1,n=2", s => s.RunAsync(Do.Seq(Do.Memo("n", "2"), Do.ContinueAsNew(Do.Info("memo"))), static o => o with { Memo = new Dictionary<string, object?> { ["m"] = "1" } })),
        new("chain-with-a-memo-of-its-own", "k=3", s => s.RunAsync(Do.Seq(Do.Memo("n", "2"), (Do.ContinueAsNew(Do.Info("memo"))) with { Name = "k", Text = "3" }))),
        new("chain-keeps-its-attributes", "k=v", s => s.RunAsync(Do.Seq(Do.Search("k", "v"), Do.ContinueAsNew(Do.Info("search"))))),
        new("chain-after-a-pause", "b", s => s.RunAsync(Do.ContinueAsNew(Do.Say("b")) with { Ms = 60 })),
        new("chain-signal-in-the-pause", "1", async s =>
        {
            var handle = await s.StartAsync(Do.ContinueAsNew(Do.Wait("go")) with { Ms = 150 });
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }),
        new("chain-cancelled", "canceled", async s =>
        {
            var handle = await s.StartAsync(Do.ContinueAsNew(Do.Wait("never")));
            await s.CancelAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("chain-side-effects", "drawn drawn", s => s.RunAsync(Do.Seq(Do.SideEffect(), Do.Draw(), Do.ContinueAsNew(Do.Seq(Do.SideEffect(), Do.Draw()))))),
        new("retry-of-a-run", "Broken:no", s => s.RunAsync(Do.Fail("no"), static o => o with { RetryPolicy = Policy(3) })),
        new("retry-knows-its-attempt", "Broken:no", s => s.RunAsync(Do.Seq(Do.Info("attempt"), Do.Activity("a"), Do.Fail("no")), static o => o with { RetryPolicy = Policy(2) })),
        new("retry-not-of-a-cancel", "canceled", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("never"), static o => o with { RetryPolicy = Policy(3) });
            await s.CancelAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("retry-non-retryable", "Broken:no", s => s.RunAsync(Do.Fail("no") with { NonRetryable = true }, static o => o with { RetryPolicy = Policy(3) })),
        new("retry-of-a-timeout", "timeout:StartToClose", s => s.RunAsync(Do.Wait("never"), static o => o with { RetryPolicy = Policy(2), RunTimeout = TimeSpan.FromMilliseconds(80) })),
        new("retry-after-continue", "Broken:no", s => s.RunAsync(Do.ContinueAsNew(Do.Fail("no")), static o => o with { RetryPolicy = Policy(2) })),
    ];

    private static RetryPolicy Policy(int attempts) => new() { InitialInterval = TimeSpan.FromMilliseconds(20), BackoffCoefficient = 1, MaximumAttempts = attempts };
}
