using Svom.Crash;
using Svom.Support;

namespace Svom.Workflows;

/// <summary>Every scenario, in three ways: with its code in memory, replayed at every task, and over the death of its process.</summary>
public sealed class ScenarioTests(ITestOutputHelper output, SharedPostgres postgres)
{
    private const string Book = "workflow-scenarios.txt";

    // Above it, few scenarios have so many appends; the full campaign goes on until none has.
    private const int UsualWall = 5;
    private const int UsualRounds = 2;
    private const int Invented = 100;

    private static readonly Random Drawn = new(Seed);

    private static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("SVOM_WORKFLOW_SEED"), out var seed) ? seed : Random.Shared.Next(1, 1_000_000);

    // A campaign that was cut short goes on here.
    private static int FirstWall { get; } = int.TryParse(Environment.GetEnvironmentVariable("SVOM_WORKFLOW_WALL"), out var wall) ? wall : 1;

    private static bool IsCampaign => Environment.GetEnvironmentVariable("SVOM_WORKFLOW_KILLS") == "all";

    [Fact] // Golden: the stored file is what came of each scenario; changing it is a decision to review.
    public async Task Every_scenario_comes_out_as_promised_and_as_in_the_book()
    {
        using var process = new KitchenProcess();
        var (reports, _) = await process.RunAsync("cached");
        None(ScenarioBook.Broken(AllScenarios.Everything, reports));
        GoldenFile.Matches(Book, ScenarioBook.Write(reports));
    }

    [Fact]
    public async Task Code_that_is_replayed_at_every_task_comes_out_the_same()
    {
        using var process = new KitchenProcess();
        var (reports, instances) = await process.RunAsync("evicted");
        None(ScenarioBook.Broken(AllScenarios.Everything, reports).Concat(ScenarioBook.Differences(reports, ReadBook())));
        Assert.True(instances > 3 * AllScenarios.Everything.Count / 2, $"{instances} objects were made: the code stayed in memory.");
    }

    [Fact]
    public async Task A_process_killed_at_any_append_loses_nothing_and_does_nothing_twice()
    {
        output.WriteLine($"SVOM_WORKFLOW_SEED={Seed}");
        var rounds = IsCampaign
            ? Enumerable.Range(FirstWall, int.MaxValue - FirstWall).SelectMany(static wall => new[] { (wall, WallSide.Before), (wall, WallSide.After) })
            : Enumerable.Range(0, UsualRounds).Select(static n => (Drawn.Next(1, UsualWall + 1), (WallSide)(n % 2)));
        foreach (var (wall, side) in rounds)
        {
            using var process = new KitchenProcess();
            var stopped = await process.DieAsync(wall, side);
            output.WriteLine($"wall {wall} {side}: {stopped} scenarios");
            if (stopped == 0)
            {
                break;
            }

            await GoesOnAsync(process, $"wall {wall} {side}");
        }
    }

    [Fact]
    public async Task On_PostgreSQL_a_killed_process_loses_nothing_either()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var (wall, side) = (Drawn.Next(1, UsualWall), (WallSide)Drawn.Next(2));
        output.WriteLine($"SVOM_WORKFLOW_SEED={Seed}: wall {wall} {side}");
        using var process = new KitchenProcess(database.Settings["Svom:Storage:ConnectionString"]);
        await process.DieAsync(wall, side);
        await GoesOnAsync(process, $"wall {wall} {side}");
    }

    [Fact] // Property, over programs drawn at random: the way in which they are run is seen in nothing.
    public async Task Invented_workflows_come_out_the_same_in_every_way()
    {
        var (seed, wall, side) = (Drawn.Next(1, 1_000_000), Drawn.Next(1, UsualWall), (WallSide)Drawn.Next(2));
        output.WriteLine($"SVOM_WORKFLOW_SEED={Seed}: programs {seed}, wall {wall} {side}");
        var words = $"invented={seed},{Invented}";
        var scenarios = InventedScenarios.Of(seed, Invented);
        using var cached = new KitchenProcess();
        var (reports, _) = await cached.RunAsync("cached", words);
        var book = reports.ToDictionary(static report => report.Name, StringComparer.Ordinal);
        using var evicted = new KitchenProcess();
        None(ScenarioBook.Differences((await evicted.RunAsync("evicted", words)).Reports, book));
        using var killed = new KitchenProcess();
        await killed.DieAsync(wall, side, words);
        None(ScenarioBook.DifferencesAfterDeath(scenarios, (await killed.RunAsync("killed", words)).Reports, book));
    }

    /// <summary>Tells all of them, whole: what a scenario waited for is the only trace of a failure that comes once in many runs.</summary>
    internal static void None(IEnumerable<string> differences, string round = "")
    {
        var told = string.Join('\n', differences);
        Assert.True(told.Length == 0, $"{round}\n{told}");
    }

    internal static IReadOnlyDictionary<string, ScenarioReport> ReadBook() => ScenarioBook.Read(File.ReadAllText(Path.Combine(SolutionFolder.Path, "Tests", "Golden", Book)));

    private static async Task GoesOnAsync(KitchenProcess process, string round)
    {
        var (reports, _) = await process.RunAsync("killed");
        None(ScenarioBook.DifferencesAfterDeath(AllScenarios.Of(killed: true, null), reports, ReadBook()), round);
    }
}
