using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Ends of runs: timeouts, terminations, and what is said to the past.</summary>
internal static class EndScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("end-run-timeout", "timeout:StartToClose", s => s.RunAsync(Do.Wait("never"), static o => o with { RunTimeout = TimeSpan.FromMilliseconds(80) })),
        new("end-execution-timeout", "timeout:StartToClose", s => s.RunAsync(Do.Wait("never"), static o => o with { ExecutionTimeout = TimeSpan.FromMilliseconds(80) })),
        new("end-execution-timeout-over-a-chain", "timeout:StartToClose",
            s => s.RunAsync(Do.Seq(Do.ContinueAsNew(Do.Wait("never"))), static o => o with { ExecutionTimeout = TimeSpan.FromMilliseconds(100) })) { Loose = true },
        new("end-in-time", "x", s => s.RunAsync(Do.Say("x"), static o => o with { RunTimeout = TimeSpan.FromMinutes(10), ExecutionTimeout = TimeSpan.FromMinutes(20) })),
        new("end-terminated", "terminated:enough", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("never"));
            await s.TerminateAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("end-terminated-with-work-open", "terminated:enough", async s =>
        {
            var handle = await s.StartAsync(Do.All(Do.Activity("a", Act.Hang), Do.Timer(600_000), Do.Wait("never")));
            await s.UntilAsync<ActivityTaskScheduled>();
            await s.TerminateAsync();
            return await Stage.ResultAsync(handle);
        }),
        new("end-terminated-while-a-local-step-runs", "terminated:enough", async s =>
        {
            var handle = await s.StartAsync(Do.Local("a", Act.Hang));
            await s.TerminateAsync();
            return await Stage.ResultAsync(handle);
        }) { Unordered = true, Loose = true },
        new("end-terminated-twice", "refused:NotFound", async s =>
        {
            await s.StartAsync(Do.Wait("never"));
            await s.TerminateAsync();
            return await Stage.TryAsync(() => s.Handle().TerminateAsync());
        }),
        new("end-of-nobody", "refused:NotFound refused:NotFound refused:NotFound", async s =>
            $"{await Stage.TryAsync(() => s.Handle().TerminateAsync())} {await Stage.TryAsync(() => s.Handle().CancelAsync())} {await Stage.ResultAsync(s.Handle())}"),
        new("end-closes-over-open-work", "x", async s =>
        {
            var result = await s.RunAsync(Do.Any(Do.Say("x"), Do.Activity("a", Act.Hang), Do.Timer(600_000)));
            return result;
        }),
        new("end-fails-over-open-work", "Broken:no", s => s.RunAsync(Do.Any(Do.Fail("no"), Do.Activity("a", Act.Hang), Do.Timer(600_000)))),
        new("end-history-of-a-past-run", "a b", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Activity("a"), Do.ContinueAsNew(Do.Activity("b"))));
            var result = await Stage.ResultAsync(handle);
            var first = await s.Client.GetWorkflowHandle(s.Id, handle.RunId).FetchHistoryAsync();
            return $"{((ActivityTaskScheduled)first.First(static one => one.Attributes is ActivityTaskScheduled).Attributes).ActivityId} {result}";
        }),
        new("end-description-of-a-past-run", "continuedAsNew completed", async s =>
        {
            var handle = await s.StartAsync(Do.ContinueAsNew(Do.Say("b")));
            await Stage.ResultAsync(handle);
            return $"{(await handle.DescribeAsync()).Status} {await s.StatusAsync()}";
        }),
        new("end-waited-for-by-many", "1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var waits = Enumerable.Range(0, 20).Select(_ => Stage.ResultAsync(handle)).ToArray();
            await s.SayAsync("go", "x");
            return (await Task.WhenAll(waits)).Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
        }),
        new("end-long-history-in-pages", "t", async s =>
        {
            var result = await s.RunAsync(Do.All([.. Enumerable.Range(0, 600).Select(static _ => Do.Timer(1))]));
            return result[1..2];
        }) { Unordered = true, Loose = true },
    ];
}
