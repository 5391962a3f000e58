using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Svom.Workflows;

/// <summary>A thousand workflows of ten steps of 200 ms are under way when the platform, or its database, is killed.</summary>
internal static class KilledWorkflows
{
    private const int StepMilliseconds = 200;
    private static readonly TimeSpan UnderWay = TimeSpan.FromMilliseconds(700);

    public static async Task RunAsync(WorkflowStage stage, CancellationToken cancellationToken)
    {
        foreach (var form in (string[])["local", "activity"])
        {
            await KillAsync(stage, form, "engine", cancellationToken);
            if (stage.Database is not null)
            {
                await KillAsync(stage, form, "database", cancellationToken);
            }
        }
    }

    private static async Task KillAsync(WorkflowStage stage, string form, string victim, CancellationToken cancellationToken)
    {
        var count = WorkflowStage.Count(1_000, 20);
        var folder = Directory.CreateTempSubdirectory("svom-bench-").FullName;
        var steps = Path.Combine(folder, "steps.txt");
        var settings = await stage.FreshAsync();
        var platform = await WorkflowProcess.StartAsync(folder, steps, settings, cancellationToken);
        try
        {
            var accepted = await platform.AcceptAsync(form, "c", count, StepMilliseconds, 128, cancellationToken);
            await Task.Delay(UnderWay, TimeProvider.System, cancellationToken);
            var killed = Stopwatch.GetTimestamp();
            if (victim == "engine")
            {
                await platform.KillAsync(cancellationToken);
            }
            else
            {
                stage.Database!.Kill();
            }

            var runsAtKill = File.ReadLines(steps).Count();
            var restarted = Stopwatch.GetTimestamp();
            if (victim == "engine")
            {
                await platform.DisposeAsync();
                platform = await WorkflowProcess.StartAsync(folder, steps, settings, cancellationToken);
            }
            else
            {
                await stage.Database!.StartAsync();
            }

            var listening = Stopwatch.GetElapsedTime(restarted);
            await platform.TellAsync($"finish c {count} 120");
            await platform.HearAsync("half", cancellationToken);
            var half = Stopwatch.GetElapsedTime(restarted);
            await platform.HearAsync("closed", cancellationToken);
            var (all, sinceKill) = (Stopwatch.GetElapsedTime(restarted), Stopwatch.GetElapsedTime(killed));
            var results = await platform.HearAsync("done", cancellationToken);
            var finished = int.Parse(results[0], CultureInfo.InvariantCulture);
            var tally = StepRuns.Count(steps, [.. Enumerable.Range(0, count).Select(static i => WorkflowChild.Id("c", i))]);
            await stage.SayAsync("crash1000",
            [
                ("form", form), ("victim", victim), ("n", count), ("step_ms", StepMilliseconds), ("accept_s", Math.Round(accepted, 2)), ("step_runs_at_kill", runsAtKill),
                ("kill_to_all_done_s", Seconds(sinceKill)), ("restart_to_listening_s", Seconds(listening)),
                ("restart_to_p50_done_s", Seconds(half)), ("restart_to_all_done_s", Seconds(all)),
                ("finished", finished), ("wrong_result", int.Parse(results[1], CultureInfo.InvariantCulture)), ("lost", count - finished),
                ("step_runs", tally.Runs), ("step_duplicates", tally.Duplicates), ("steps_missing", tally.Missing),
            ]);
        }
        finally
        {
            await platform.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JsonNode Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 2);
}
