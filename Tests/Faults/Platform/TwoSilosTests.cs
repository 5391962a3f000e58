using Svom.EndToEnd;
using Svom.Support;

namespace Svom.Faults;

/// <summary>Two processes on one PostgreSQL: they share the work, and one takes over what the other leaves, killed or frozen.</summary>
[Collection(PlatformCollection.Name)]
public sealed class TwoSilosTests(SharedPostgres postgres)
{
    private const int Bursts = 8;
    private const string Wakeup = "eclairs-wakeup";
    private const string NotSlewing = "not-slewing";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task When_one_is_killed_the_other_holds_every_shard_and_keeps_its_deadlines(int killed)
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var pair = await PlatformPair.StartAsync(database);
        var (victim, survivor) = killed == 0 ? (pair.First, pair.Second) : (pair.Second, pair.First);
        await PlatformPair.HearAsync(victim, "before", Bursts);
        await pair.NoticesAsync(survivor, Wakeup, Bursts);

        await victim.KillAsync();
        await pair.UntilAsync(static shares => shares is [1024], "the survivor holds every shard");
        await PlatformPair.HearAsync(survivor, "after", Bursts);
        await pair.NoticesAsync(survivor, Wakeup, 2 * Bursts);
        await OnceEachAsync(pair, survivor, 2 * Bursts);

        await pair.StartAsync(killed);
        await pair.UntilAsync(static shares => shares is [512, 512], "each holds half of the shards again");
        await pair.NoticesAsync(pair.First, NotSlewing, 2 * Bursts);
        await OnceEachAsync(pair, killed == 0 ? pair.First : pair.Second, 2 * Bursts);
    }

    [Fact]
    public async Task One_that_freezes_loses_its_shards_and_does_no_harm_when_it_wakes_up()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var pair = await PlatformPair.StartAsync(database);
        await PlatformPair.HearAsync(pair.Second, "before", Bursts);
        await pair.NoticesAsync(pair.First, Wakeup, Bursts);

        PostgresServer.Signal(pair.Second.ProcessId, "STOP");
        await pair.UntilAsync(static shares => shares is [1024], "the one that runs holds every shard");
        await OnceEachAsync(pair, pair.First, Bursts);

        PostgresServer.Signal(pair.Second.ProcessId, "CONT");
        await PlatformPair.HearAsync(pair.First, "after", Bursts);
        await pair.NoticesAsync(pair.First, Wakeup, 2 * Bursts);
        await OnceEachAsync(pair, pair.First, 2 * Bursts);

        await pair.StartAsync(1);
        await pair.UntilAsync(static shares => shares is [512, 512], "each holds half of the shards again");
        await OnceEachAsync(pair, pair.Second, 2 * Bursts);
    }

    [Fact]
    public async Task Both_killed_come_back_and_keep_the_deadlines_of_before()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var pair = await PlatformPair.StartAsync(database);
        await PlatformPair.HearAsync(pair.First, "before", Bursts);
        await pair.NoticesAsync(pair.First, Wakeup, Bursts);
        await Task.WhenAll(pair.First.KillAsync(), pair.Second.KillAsync());

        await Task.WhenAll(pair.StartAsync(0), pair.StartAsync(1));
        await pair.UntilAsync(static shares => shares is [512, 512], "each holds half of the shards again");
        await OnceEachAsync(pair, pair.Second, Bursts);
        await new PlatformArchive(pair.First.Http).AtRestAsync(static notices => notices.Count(static notice => notice.Kind == NotSlewing && notice.Settled) == Bursts);
    }

    [Fact]
    public async Task A_second_process_with_outlets_is_refused_with_a_sentence()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var pair = await PlatformPair.StartAsync(database);
        using var folder = new TemporaryFolder();
        await using var third = pair.LaunchSecondOutlets(folder.Path);
        Assert.Equal(2, await third.EndAsync());
        Assert.Contains("Svom:Cluster:Outlets", third.Output, StringComparison.Ordinal);
        var shares = await pair.SharesAsync();
        Assert.Equal((long[])[512, 512], shares);
    }

    [Fact]
    public async Task A_process_that_takes_itself_for_the_whole_platform_is_refused_on_a_cluster_s_database()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var pair = await PlatformPair.StartAsync(database);
        using var folder = new TemporaryFolder();
        await using var third = pair.LaunchWhole(folder.Path);
        Assert.Equal(2, await third.EndAsync());
        Assert.Contains("Another process works on this database", third.Output, StringComparison.Ordinal);
        var shares = await pair.SharesAsync();
        Assert.Equal((long[])[512, 512], shares);
    }

    [Fact]
    public async Task A_whole_platform_has_its_database_alone_until_it_dies()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var pair = new PlatformPair(database);
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        using var third = new TemporaryFolder();
        await using (var whole = pair.LaunchWhole(first.Path))
        {
            await whole.ReadyAsync();
            await using var twin = pair.LaunchWhole(second.Path);
            await using var member = pair.LaunchSecondOutlets(third.Path);
            Assert.Equal((2, 2), (await twin.EndAsync(), await member.EndAsync()));
            Assert.Contains("Another process works on this database", twin.Output, StringComparison.Ordinal);
            Assert.Contains("A process that is a whole platform", member.Output, StringComparison.Ordinal);
            await whole.KillAsync();
        }

        await using var next = pair.LaunchWhole(second.Path);
        await next.ReadyAsync();
    }

    /// <summary>Every burst has said once that no slew came, by the wall clock: there are no packets that would move its mission time.</summary>
    private static async Task OnceEachAsync(PlatformPair pair, PlatformProcess door, int bursts)
    {
        var told = await pair.NoticesAsync(door, NotSlewing, bursts);
        Assert.Equal(bursts, told.Length);
        Assert.Equal(bursts, told.Select(static notice => notice.Burst).Distinct(StringComparer.Ordinal).Count());
    }
}
