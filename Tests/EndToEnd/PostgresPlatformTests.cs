using Svom.Hosting;
using Svom.Support;

namespace Svom.EndToEnd;

/// <summary>The whole platform on PostgreSQL: the same code, another place for its stores.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PostgresPlatformTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_burst_played_on_PostgreSQL_has_the_same_notices_as_on_SQLite()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var files = await PlayedPlatform.StartAsync();
        await using var server = await PlayedPlatform.StartAsync(database.Settings);
        var (ours, theirs) = (await PlayAsync(files), await PlayAsync(server));
        Assert.Equal(ours, theirs);
        Assert.Equal((long)theirs.Count, await database.RunSqlAsync("SELECT head FROM svom_events.archive WHERE name = 'notices'"));
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_stops_the_start_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        var nowhere = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Svom:Storage:Provider"] = "postgres", ["Svom:Ports:Http"] = "0", ["Svom:Ports:Grpc"] = "0", ["Svom:Ports:Mqtt"] = "0" };
        var refused = await Assert.ThrowsAsync<CannotStartException>(() => Platform.StartAsync(folder.Path, nowhere, CancellationToken.None));
        Assert.Contains("Svom:Storage:ConnectionString", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<List<(string Id, string Kind, string State)>> PlayAsync(PlayedPlatform platform)
    {
        await platform.PlayAsync(PlayedPlatform.Bundled("sb26051101"));
        var notices = await platform.Archive.AtRestAsync(static notices => notices.Any(static notice => notice.Kind.StartsWith("mxt", StringComparison.Ordinal)));
        return [.. notices.Select(static notice => (notice.Id, notice.Kind, notice.State))];
    }
}
