using Svom.Crash;
using Svom.Support;

namespace Svom.Workflows;

/// <summary>Two silos on one database run the same scenarios; one is killed, and its workflows go on at the other.</summary>
public sealed class ClusterScenarioTests(ITestOutputHelper output, SharedPostgres postgres)
{
    [Fact]
    public async Task Workflows_of_a_killed_silo_go_on_at_the_other()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var connection = database.Settings["Svom:Storage:ConnectionString"];
        var (wall, side) = (Random.Shared.Next(1, 5), (WallSide)Random.Shared.Next(2));
        output.WriteLine($"wall {wall} {side}");
        using var effects = new TemporaryFolder();
        using var dies = new KitchenProcess(connection);
        using var stays = new KitchenProcess(connection);

        // Both run every script with the same ids: whichever comes first begins a workflow, and it lives on either silo.
        var death = dies.DieAsync(wall, side, "cluster=kitchen", $"effects={effects.Path}");
        var (reports, _) = await stays.RunAsync("killed", "cluster=kitchen", $"effects={effects.Path}");
        output.WriteLine($"{await death} scenarios stood at the wall");
        var book = ScenarioTests.ReadBook();
        ScenarioTests.None(ScenarioBook.DifferencesAfterDeath(AllScenarios.Of(killed: true, null, apart: true), reports, book));
    }
}
