using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Activities: ends, retries, completion from elsewhere.</summary>
internal static class ActivityScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("activity-returns", "a", s => s.RunAsync(Do.Activity("a"))),
        new("activities-in-sequence", "a b c", s => s.RunAsync(Do.Seq(Do.Activity("a"), Do.Activity("b"), Do.Activity("c")))),
        new("activities-in-parallel", "[a|b|c|d|e]", s => s.RunAsync(Do.All([.. "abcde".Select(static c => Do.Activity(c.ToString()))]))) { Unordered = true },
        new("activities-many", $"[{string.Join('|', Enumerable.Range(0, 60).Select(static n => $"n{n}"))}]",
            s => s.RunAsync(Do.All([.. Enumerable.Range(0, 60).Select(static n => Do.Activity($"n{n}"))]))) { Unordered = true },
        new("activity-retried", "a", s => s.RunAsync(Do.Activity("a", fails: 2))),
        new("activity-retried-often", "a", s => s.RunAsync(Do.Activity("a", fails: 6) with { Pause = 1 })),
        new("activity-attempts-used-up", "activity(Broken:a fails/MaximumAttemptsReached)", s => s.RunAsync(Do.Activity("a", fails: 9) with { Attempts = 3 })) { CountsAttempts = true },
        new("activity-failure-caught", "activity(Broken:a fails/MaximumAttemptsReached) b",
            s => s.RunAsync(Do.Seq(Do.Try(Do.Activity("a", fails: 9) with { Attempts = 1 }), Do.Activity("b")))) { CountsAttempts = true },
        new("activity-non-retryable", "activity(Broken:a fails/NonRetryableFailure)", s => s.RunAsync(Do.Activity("a", fails: 9) with { NonRetryable = true })) { CountsAttempts = true },
        new("activity-non-retryable-type", "activity(Fatal:a fails/NonRetryableFailure)",
            s => s.RunAsync(Do.Activity("a", fails: 9) with { ErrorType = "Fatal", NonRetryableTypes = ["Fatal"] })) { CountsAttempts = true },
        new("activity-other-type-retried", "a", s => s.RunAsync(Do.Activity("a", fails: 2) with { NonRetryableTypes = ["Fatal"] })),
        new("activity-names-its-pause", "a", s => s.RunAsync(Do.Activity("a", Act.NextDelay) with { Count = 2, Pause = 600_000 })),
        new("activity-heartbeat-kept", "half", s => s.RunAsync(Do.Activity("a", Act.BeatAndFail) with { Heartbeat = 60_000 })) { CountsAttempts = true },
        new("activity-by-token", "done", async s =>
        {
            var handle = await s.StartAsync(Do.Activity("a", Act.Elsewhere));
            await s.UntilOverOrAsync("a", async token => await token.CompleteAsync("done"));
            return await Stage.ResultAsync(handle);
        }),
        new("activity-by-token-fails", "activity(Elsewhere:no/NonRetryableFailure)", async s =>
        {
            var handle = await s.StartAsync(Do.Activity("a", Act.Elsewhere));
            await s.UntilOverOrAsync("a", async token => await token.FailAsync(new ApplicationFailureException("no", "Elsewhere", nonRetryable: true)));
            return await Stage.ResultAsync(handle);
        }),
        new("activity-by-token-canceled", "activity(canceled/CancelRequested)", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.CancelWhen(Do.Activity("a", Act.Elsewhere), Do.Wait("go"))));
            await s.TokenOrEndAsync("a");
            await s.SayAsync("go", "1");
            await s.UntilOverOrAsync("a", async token =>
            {
                await s.UntilAsync<ActivityTaskCancelRequested>();
                await token.ReportCancellationAsync([]);
            });
            return await Stage.ResultAsync(handle);
        }) { CountsAttempts = true },
        new("activity-by-token-beats", "True done", async s =>
        {
            var handle = await s.StartAsync(Do.CancelWhen(Do.Activity("a", Act.Elsewhere), Do.Wait("go")));
            var asked = await (await s.TokenAsync("a")).HeartbeatAsync(["x"]);
            await s.SayAsync("go", "1");
            await s.UntilAsync<ActivityTaskCancelRequested>();
            var then = await (await s.TokenAsync("a")).HeartbeatAsync(["y"]);
            await (await s.TokenAsync("a")).CompleteAsync("done");
            return $"{then && !asked} {await Stage.ResultAsync(handle)}";
        }) { OneLife = true },
        new("activity-token-of-the-past", "refused:NotFound a", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Activity("a", Act.Elsewhere), Do.Wait("go")));
            var token = await s.TokenAsync("a");
            await token.CompleteAsync("a");
            var again = await Stage.TryAsync(() => token.CompleteAsync("b"));
            await s.SayAsync("go", "");
            return $"{again} {(await Stage.ResultAsync(handle)).Trim()}";
        }) { OneLife = true },
        new("activity-token-forged", "ArgumentException", s => Stage.TryAsync(() => Task.FromResult(s.Client.GetAsyncActivityHandle("{}"u8.ToArray())))),
        new("activity-large-result", "…200000", async s => $"…{(await s.RunAsync(Do.Activity("a", Act.Large))).Length}"),
        new("activity-result-of-the-run-before", "[y|t]", async s =>
        {
            // Both runs have an activity of the same event number: the end of the first must not become the end of the second.
            var handle = await s.StartAsync(Do.Seq(
                Do.Background(Do.Activity("x", Act.HangAndReturn)), Do.Wait("next"), Do.ContinueAsNew(Do.All(Do.Activity("y", Act.Gate), Do.Timer(150)))));
            await s.UntilWaitsAsync("runs since");
            await s.SayAsync("next", "1");
            await s.UntilAsync(static events => ((WorkflowExecutionStarted)events[0].Attributes).ContinuedRunId is not null);
            await s.UntilAsync<TimerFired>();
            s.Open("y");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
    ];
}
