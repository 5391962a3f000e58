using System.Globalization;

namespace Svom.Crash;

/// <summary>
/// A process that runs scenarios: <c>workflows FOLDER [way=cached|evicted|killed] [wall=N side=before|after] [database=…] [only=…]</c>.
/// Without a wall it writes <c>FOLDER/report.json</c> and ends well; with one it dies when every scenario is over or stands at it.
/// </summary>
internal static class KitchenCommand
{
    public static async Task<int> RunAsync(string folder, string[] words)
    {
        var said = words.Select(static word => word.Split('=', 2)).ToDictionary(static word => word[0], static word => word[1], StringComparer.Ordinal);
        var wall = said.TryGetValue("wall", out var at) ? int.Parse(at, CultureInfo.InvariantCulture) : 0;
        var side = said.GetValueOrDefault("side") == "after" ? WallSide.After : WallSide.Before;
        var way = said.GetValueOrDefault("way", "cached");
        var plan = new KitchenPlan(folder, said.GetValueOrDefault("database"), wall, side, Evicts: way == "evicted");
        var scenarios = AllScenarios.Of(killed: way == "killed", said.GetValueOrDefault("only"));
        await using var host = await KitchenHost.StartAsync(plan);
        if (wall > 0)
        {
            await ScenarioWork.RunIntoWallAsync(host, scenarios);
        }
        else
        {
            ScenarioReport.Write(Path.Combine(folder, "report.json"), await ScenarioWork.RunAsync(host, plan, scenarios, attempts: way != "killed"));
            Said.Line($"instances {KitchenCounts.Instances}");
        }

        return 0;
    }
}
