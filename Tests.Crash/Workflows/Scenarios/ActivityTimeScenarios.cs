using Svom.Workflows;

namespace Svom.Crash;

/// <summary>The times of activities, alone and together.</summary>
internal static class ActivityTimeScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("time-start-to-close", "activity(timeout:StartToClose/MaximumAttemptsReached)",
            s => s.RunAsync(Do.Activity("a", Act.Hang) with { StartToClose = 60, Attempts = 1 })) { CountsAttempts = true },
        new("time-start-to-close-retried", "activity(timeout:StartToClose(timeout:StartToClose)/MaximumAttemptsReached)",
            s => s.RunAsync(Do.Activity("a", Act.Hang) with { StartToClose = 40, Attempts = 2 })) { CountsAttempts = true },
        new("time-schedule-to-close", "activity(timeout:ScheduleToClose/Timeout)", s => s.RunAsync(Do.Activity("a", Act.Hang) with { ScheduleToClose = 80 })) { CountsAttempts = true },
        new("time-schedule-to-close-and-start-to-close-equal", "activity(timeout:ScheduleToClose/Timeout)",
            s => s.RunAsync(Do.Activity("a", Act.Hang) with { ScheduleToClose = 90, StartToClose = 90 })) { CountsAttempts = true },
        new("time-schedule-to-close-ends-retries", "activity(Broken:a fails/Timeout)",
            s => s.RunAsync(Do.Activity("a", fails: 99) with { ScheduleToClose = 60_000, Pause = 90_000 })) { CountsAttempts = true },
        new("time-heartbeat", "activity(timeout:Heartbeat/MaximumAttemptsReached)",
            s => s.RunAsync(Do.Activity("a", Act.Hang) with { Heartbeat = 60, Attempts = 1 })) { CountsAttempts = true },
        new("time-heartbeat-kept-alive", "a", async s =>
        {
            var handle = await s.StartAsync(Do.All(Do.Activity("a", Act.Beat) with { Heartbeat = 3000, StartToClose = 60_000 }, Do.Timer(4500)));
            await s.UntilAsync<TimerFired>();
            s.Open("a");
            return (await Stage.ResultAsync(handle)).Split('|')[0].Trim('[');
        }) { Unordered = true },
        new("time-late-result-refused", "activity(timeout:StartToClose/MaximumAttemptsReached) b", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Try(Do.Activity("a", Act.Gate) with { StartToClose = 50, Attempts = 1 }), Do.Activity("b"), Do.Wait("go")));
            await s.UntilAsync(static events => events.Any(static one => one.Attributes is ActivityTaskTimedOut or ActivityTaskFailed));
            s.Open("a");
            await s.SayAsync("go", "");
            return (await Stage.ResultAsync(handle)).Trim();
        }) { CountsAttempts = true, Unordered = true },
        new("time-run-ends-activity", "timeout:StartToClose", s => s.RunAsync(Do.Activity("a", Act.Hang), static o => o with { RunTimeout = TimeSpan.FromMilliseconds(150) })) { Loose = true, CountsAttempts = true },
        new("time-bad-options", "ArgumentException", async s =>
        {
            // Neither of the two times that end an activity: the code fails at once, and the task with it.
            var handle = await s.StartAsync("", "BadOptions", []);
            await s.UntilAsync<WorkflowTaskFailed>();
            await s.TerminateAsync();
            return ((ApplicationFailure)((WorkflowTaskFailed)(await handle.FetchHistoryAsync()).First(static one => one.Attributes is WorkflowTaskFailed).Attributes).Failure!).Type;
        }),
        new("time-pause-grows", "a", s => s.RunAsync(Do.Activity("a", fails: 3) with { Pause = 40 })),
    ];
}
