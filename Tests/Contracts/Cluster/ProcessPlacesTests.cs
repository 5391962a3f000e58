using Svom.Support;

namespace Svom.Cluster;

public sealed class ProcessPlacesTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_shared_place_is_for_several_and_one_s_own_for_nobody_else_until_it_leaves()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var second = Places(database);
        await using (var first = Places(database))
        {
            Assert.True(await first.TryTakeAsync("platform", shared: true, TestContext.Current.CancellationToken));
            Assert.True(await second.TryTakeAsync("platform", shared: true, TestContext.Current.CancellationToken));
            Assert.True(await first.TryTakeAsync("outlets", shared: false, TestContext.Current.CancellationToken));
            Assert.False(await second.TryTakeAsync("outlets", shared: false, TestContext.Current.CancellationToken));
        }

        Assert.True(await second.TryTakeAsync("outlets", shared: false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_takes_the_settings_by_which_it_misses_a_lost_machine_soon_and_keeps_a_quiet_session()
    {
        await using var database = await postgres.NewDatabaseAsync();
        Assert.Equal(4L, await database.RunSqlAsync(ProcessPlaces.LastsAsLongAsWeDo));
    }

    private static ProcessPlaces Places(TestDatabase database) => new(Microsoft.Extensions.Options.Options.Create(database.Options()), TimeProvider.System);
}
