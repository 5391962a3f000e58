using System.Diagnostics;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Runs scenarios in this process, all at once.</summary>
internal static class ScenarioWork
{
    // Two silos with all scenarios at once, on cores that others use as well, have taken more than two minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <returns>What came of each.</returns>
    public static async Task<ScenarioReport[]> RunAsync(KitchenHost host, KitchenPlan plan, IReadOnlyList<Scenario> scenarios, bool attempts)
    {
        var reports = await Task.WhenAll(scenarios.Select(scenario => Task.Run(() => RunAsync(host, scenario, attempts))));
        var effects = EffectFile.Read(plan.Effects);
        return [.. reports.Select(report => report with { Effects = ScenarioReport.EffectsOf(report.Name, effects) })];
    }

    /// <summary>Runs them until each is over or stands at the wall, then dies; comes back when no wall was reached.</summary>
    public static async Task RunIntoWallAsync(KitchenHost host, IReadOnlyList<Scenario> scenarios)
    {
        var stopped = 0;
        await Task.WhenAll(scenarios.Select(scenario => Task.Run(async () =>
        {
            var wall = host.Wall.ReachedAsync(scenario.Name);
            await Task.WhenAny(RunAsync(host, scenario, attempts: false), wall);
            if (wall.IsCompleted)
            {
                Interlocked.Increment(ref stopped);
            }
        })));
        Said.Line($"stopped {stopped}");
        if (stopped > 0)
        {
            await Task.Delay(100); // What the others still have in hand may go on or not: both must be well.
            Process.GetCurrentProcess().Kill();
        }
    }

    private static async Task<ScenarioReport> RunAsync(KitchenHost host, Scenario scenario, bool attempts)
    {
        var stage = new Stage(scenario, host.Client, host.Grains);
        try
        {
            return await PlayAsync(scenario, stage, attempts).WaitAsync(Patience);
        }
        catch (Exception failure)
        {
            var waits = await WaitingAsync(host.Client, stage);
            return new(scenario.Name, $"{failure.GetType().Name}: {failure.Message} {waits}", [], [], []);
        }
    }

    /// <summary>The script and the report of it, and again from its first line when the silo died that it spoke with.</summary>
    private static async Task<ScenarioReport> PlayAsync(Scenario scenario, Stage stage, bool attempts)
    {
        while (true)
        {
            try
            {
                return await ScenarioReport.OfAsync(scenario, stage, await scenario.Script(stage), attempts);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException or OperationCanceledException)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<string> WaitingAsync(WorkflowClient client, Stage stage)
    {
        var lines = new List<string>();
        foreach (var id in stage.Watched.Keys)
        {
            try
            {
                var run = await client.GetWorkflowHandle(id).DescribeAsync().WaitAsync(TimeSpan.FromSeconds(5));
                lines.Add($"{id} {run.Status}, {run.HistoryLength} events: {string.Join("; ", run.Waiting)}");
            }
            catch (Exception failure)
            {
                lines.Add($"{id}: {failure.Message}");
            }
        }

        return string.Join(" / ", lines);
    }
}
