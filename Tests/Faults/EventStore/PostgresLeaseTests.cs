using Svom.Support;

namespace Svom.EventStore;

/// <summary>Leases by the database's clock: silos' own clocks may be wrong.</summary>
public sealed class PostgresLeaseTests(SharedPostgres postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(500);

    // A day apart, and neither is right.
    private static readonly DateTimeOffset Slow = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Fast = Slow.AddDays(1);

    [Fact]
    public async Task Two_silos_share_the_shards_and_a_killed_ones_are_taken_when_its_leases_have_run_out()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var living = PostgresStores.Open(database);
        await using (var killed = PostgresStores.Open(database))
        {
            Assert.Equal(512, (await killed.LeaseShardsAsync("killed", 0, 512, Slow, Slow + TimeSpan.FromSeconds(2), None)).Count);
            Assert.Equal(Enumerable.Range(512, 512), (await LeaseAsync(living, "living", Fast)).Select(static lease => lease.Shard));
        }

        IReadOnlyList<ShardLease> held;
        do
        {
            held = await LeaseAsync(living, "living", Fast);
        }
        while (held.Count < StreamId.ShardCount);
        Assert.Equal(Enumerable.Range(0, StreamId.ShardCount), held.Select(static lease => lease.Shard));
        Assert.All(held, static lease => Assert.Equal(lease.Shard < 512 ? 2L : 1L, lease.Epoch));
        Assert.All(held, static lease => Assert.Equal(Fast + Lease, lease.Until));
    }

    [Fact]
    public async Task A_clock_that_is_ahead_takes_nothing_that_another_holds()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var store = PostgresStores.Open(database);
        await store.LeaseShardsAsync("slow", 0, StreamId.ShardCount, Slow, Slow + TimeSpan.FromMinutes(1), None);
        Assert.Empty(await LeaseAsync(store, "fast", Fast));
        Assert.Equal(StreamId.ShardCount, (await LeaseAsync(store, "slow", Slow)).Count);
    }

    private static Task<IReadOnlyList<ShardLease>> LeaseAsync(IEventStore store, string owner, DateTimeOffset now) =>
        store.LeaseShardsAsync(owner, 0, StreamId.ShardCount, now, now + Lease, None);
}
