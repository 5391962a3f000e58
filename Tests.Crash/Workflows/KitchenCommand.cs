using System.Globalization;

namespace Svom.Crash;

/// <summary>
/// A process that runs scenarios: <c>workflows FOLDER [way=cached|evicted|killed] [wall=N side=before|after] [database=…] [only=…|invented=SEED,COUNT] [book=PATH] [record=FOLDER]</c>.
/// Without a wall it writes <c>FOLDER/report.json</c> and ends well; with one it dies when every scenario is over or stands at it.
/// With <c>cluster=NAME database=… effects=FOLDER</c> it is one silo of several.
/// With a book it says what differs from it; a book that is not there is written.
/// </summary>
internal static class KitchenCommand
{
    public static async Task<int> RunAsync(string folder, string[] words)
    {
        var said = words.Select(static word => word.Split('=', 2)).ToDictionary(static word => word[0], static word => word[1], StringComparer.Ordinal);
        var wall = said.TryGetValue("wall", out var at) ? int.Parse(at, CultureInfo.InvariantCulture) : 0;
        var side = said.GetValueOrDefault("side") == "after" ? WallSide.After : WallSide.Before;
        var way = said.GetValueOrDefault("way", "cached");
        var plan = new KitchenPlan(folder, said.GetValueOrDefault("database"), wall, side, Evicts: way == "evicted", said.GetValueOrDefault("cluster"), said.GetValueOrDefault("effects"));
        var scenarios = said.TryGetValue("invented", out var drawn) && drawn.Split(',') is [var seed, var count]
            ? InventedScenarios.Of(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture))
            : AllScenarios.Of(killed: way == "killed", said.GetValueOrDefault("only"), apart: plan.Cluster is not null);
        await using var host = await KitchenHost.StartAsync(plan);
        if (wall > 0)
        {
            await ScenarioWork.RunIntoWallAsync(host, scenarios);
        }
        else
        {
            var reports = await ScenarioWork.RunAsync(host, plan, scenarios, attempts: way != "killed");
            ScenarioReport.Write(Path.Combine(folder, "report.json"), reports);
            if (said.TryGetValue("book", out var path))
            {
                Hold(way, scenarios, reports, path);
            }

            if (said.TryGetValue("record", out var records))
            {
                await RecordedHistories.WriteAsync(host, scenarios, records);
            }

            Said.Line($"instances {KitchenCounts.Instances}");
        }

        return 0;
    }

    private static void Hold(string way, IReadOnlyList<Scenario> scenarios, ScenarioReport[] reports, string path)
    {
        if (!File.Exists(path))
        {
            File.WriteAllText(path, ScenarioBook.Write(reports));
        }

        var book = ScenarioBook.Read(File.ReadAllText(path));
        var complaints = way == "killed"
            ? ScenarioBook.DifferencesAfterDeath(scenarios, reports, book)
            : ScenarioBook.Broken(scenarios, reports).Concat(ScenarioBook.Differences(reports, book));
        foreach (var complaint in complaints)
        {
            Said.Line($"! {complaint}");
        }
    }
}
