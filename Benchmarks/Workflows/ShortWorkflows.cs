using System.Collections.Concurrent;
using System.Diagnostics;

namespace Svom.Workflows;

/// <summary>Workflows that end at once: steps, signals, short sleeps.</summary>
internal static class ShortWorkflows
{
    private static readonly TimeSpan UntilItWaits = TimeSpan.FromMilliseconds(60);

    /// <summary>Ten steps in a workflow, in each of three forms.</summary>
    public static async Task StepsAsync(WorkflowStage stage, CancellationToken cancellationToken)
    {
        foreach (var form in (string[])["local", "activity", "batched"])
        {
            await using var platform = await stage.StartAsync(cancellationToken);
            await ClosedLoop.RunAsync(WorkflowStage.Count(10_000, 1), 64, _ => StepAsync(platform, form)); // Warm.
            foreach (var (callers, count) in ((int, int)[])[(1, 400), (64, 4_000), (512, 5_000)])
            {
                var n = WorkflowStage.Count(count, callers);
                var use = new MeasuredUse(platform.Processes);
                var (latencies, seconds) = await ClosedLoop.RunAsync(n, callers, _ => StepAsync(platform, form));
                var used = use.Fields();
                var counted = Math.Max(callers, n / 4);
                var syncs = await platform.SyncsAsync(counted, () => ClosedLoop.RunAsync(counted, callers, _ => StepAsync(platform, form)), cancellationToken);
                await stage.SayAsync("steps10",
                [
                    ("form", form), ("conc", callers), ("n", n), ("wf_per_s", Math.Round(n / seconds, 1)), ("steps_per_s", Math.Round(MeasuredWorkflows.Steps * n / seconds)),
                    .. ClosedLoop.EndToEnd(latencies), .. used, .. syncs,
                ]);
            }
        }
    }

    /// <summary>Start, signal at once, result; and a signal to a workflow that waits already.</summary>
    public static async Task SignalsAsync(WorkflowStage stage, CancellationToken cancellationToken)
    {
        await using var platform = await stage.StartAsync(cancellationToken);
        await ClosedLoop.RunAsync(WorkflowStage.Count(6_000, 1), 64, _ => SignalAsync(platform, default, null, cancellationToken)); // Warm.
        foreach (var (callers, count) in ((int, int)[])[(1, 200), (64, 1_500)])
        {
            var n = WorkflowStage.Count(count, callers);
            var use = new MeasuredUse(platform.Processes);
            var (latencies, seconds) = await ClosedLoop.RunAsync(n, callers, _ => SignalAsync(platform, default, null, cancellationToken));
            var used = use.Fields();
            var syncs = await platform.SyncsAsync(n, () => ClosedLoop.RunAsync(n, callers, _ => SignalAsync(platform, default, null, cancellationToken)), cancellationToken);
            await stage.SayAsync("signal_full", [("conc", callers), ("n", n), ("wf_per_s", Math.Round(n / seconds, 1)), .. ClosedLoop.EndToEnd(latencies), .. used, .. syncs]);

            var wakes = new ConcurrentBag<double>();
            use = new MeasuredUse(platform.Processes);
            await ClosedLoop.RunAsync(WorkflowStage.Count(count / 2d, callers), callers, _ => SignalAsync(platform, UntilItWaits, wakes, cancellationToken));
            await stage.SayAsync("signal_wake", [("conc", callers), ("n", wakes.Count), .. ClosedLoop.EndToEnd([.. wakes]), .. use.Fields()]);
        }
    }

    /// <summary>How late a sleep of 100 ms ends, as its workflow sees it.</summary>
    public static async Task SleepsAsync(WorkflowStage stage, CancellationToken cancellationToken)
    {
        await using var platform = await stage.StartAsync(cancellationToken);
        await ClosedLoop.RunAsync(WorkflowStage.Count(1_000, 1), 64, _ => NapAsync(platform, [])); // Warm.
        foreach (var (callers, count) in ((int, int)[])[(1, 60), (8, 400), (64, 1_000)])
        {
            var late = new ConcurrentBag<double>();
            var use = new MeasuredUse(platform.Processes);
            var (latencies, _) = await ClosedLoop.RunAsync(WorkflowStage.Count(count, callers), callers, _ => NapAsync(platform, late));
            await stage.SayAsync("sleep100",
            [
                ("conc", callers), ("n", late.Count),
                .. ClosedLoop.Percentiles(late, ("late_p50_ms", 50), ("late_p99_ms", 99), ("late_max_ms", 100)),
                .. ClosedLoop.Percentiles(latencies, ("e2e_p50_ms", 50), ("e2e_p99_ms", 99)), .. use.Fields(),
            ]);
        }
    }

    private static async Task StepAsync(StagedPlatform platform, string form)
    {
        var done = form switch
        {
            "local" => await platform.Client.ExecuteWorkflowAsync((LocalSteps workflow) => workflow.RunAsync(), platform.Next()),
            "activity" => await platform.Client.ExecuteWorkflowAsync((ActivitySteps workflow) => workflow.RunAsync(), platform.Next()),
            _ => await platform.Client.ExecuteWorkflowAsync((BatchedSteps workflow) => workflow.RunAsync(), platform.Next()),
        };
        Check(done, MeasuredWorkflows.Steps);
    }

    /// <param name="before">Time between start and signal.</param>
    /// <param name="wakes">Takes the ms from sending the signal to having the result.</param>
    private static async Task SignalAsync(StagedPlatform platform, TimeSpan before, ConcurrentBag<double>? wakes, CancellationToken cancellationToken)
    {
        var handle = await platform.Client.StartWorkflowAsync((Signalled workflow) => workflow.RunAsync(), platform.Next(), cancellationToken);
        var result = handle.GetResultAsync(cancellationToken);
        if (before > TimeSpan.Zero)
        {
            await Task.Delay(before, TimeProvider.System, cancellationToken);
        }

        var began = Stopwatch.GetTimestamp();
        var signal = handle.SignalAsync(static workflow => workflow.GoAsync(1), cancellationToken);
        Check(await result, 1);
        wakes?.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        await signal;
    }

    private static async Task NapAsync(StagedPlatform platform, ConcurrentBag<double> late) =>
        late.Add(await platform.Client.ExecuteWorkflowAsync(static (Napping workflow) => workflow.RunAsync(100), platform.Next()));

    private static void Check(int result, int expected)
    {
        if (result != expected)
        {
            throw new InvalidOperationException($"A workflow returned {result} in place of {expected}.");
        }
    }
}
