namespace Svom.EventStore;

/// <summary>Leases of shards, as every event store keeps them. Times are the caller's.</summary>
public abstract class ShardSuite : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);

    protected IEventStore Store { get; private set; } = null!;

    /// <summary>Opens the store over this test's data.</summary>
    protected abstract Task<IEventStore> OpenAsync();

    protected abstract Task CloseAsync(IEventStore store);

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (Store is not null) // Null when the test was skipped.
        {
            await CloseAsync(Store);
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_free_shard_is_leased_and_a_held_one_is_not()
    {
        Assert.Equal(512, (await LeaseAsync("a", 0, 512, 0)).Count);
        var second = await LeaseAsync("b", 500, 520, 1);
        Assert.Equal(Enumerable.Range(512, 8), second.Select(lease => lease.Shard));
        Assert.All(second, lease => Assert.Equal((1L, Noon.AddSeconds(4)), (lease.Epoch, lease.Until)));
    }

    [Fact]
    public async Task Renewing_keeps_the_epoch_and_moves_the_end()
    {
        await LeaseAsync("a", 0, 10, 0);
        var renewed = await LeaseAsync("a", 0, 10, 2);
        Assert.All(renewed, lease => Assert.Equal((1L, Noon.AddSeconds(5)), (lease.Epoch, lease.Until)));
        Assert.Empty(await LeaseAsync("b", 0, 10, 4));
    }

    [Fact]
    public async Task An_expired_lease_goes_to_another_with_a_higher_epoch()
    {
        await LeaseAsync("a", 0, 10, 0);
        var taken = await LeaseAsync("b", 0, 10, 3);
        Assert.Equal(10, taken.Count);
        Assert.All(taken, lease => Assert.Equal(2L, lease.Epoch));

        // The first owner wakes up from a long pause and learns it.
        Assert.Empty(await LeaseAsync("a", 0, 10, 4));
        Assert.All(await LeaseAsync("a", 0, 10, 20), lease => Assert.Equal(3L, lease.Epoch));
    }

    [Fact]
    public async Task Leases_given_back_are_free_at_once()
    {
        await LeaseAsync("a", 0, 10, 0);
        await LeaseAsync("b", 10, 20, 0);
        await Store.ReleaseShardsAsync("a", None);
        var taken = await LeaseAsync("c", 0, 20, 1);
        Assert.Equal(Enumerable.Range(0, 10), taken.Select(lease => lease.Shard));
        Assert.All(taken, lease => Assert.Equal(2L, lease.Epoch));
    }

    [Fact]
    public async Task An_owner_is_told_all_it_holds_not_only_what_it_asked_for()
    {
        await LeaseAsync("a", 0, 4, 0);
        Assert.Equal([0, 1, 2, 3, 8], (await LeaseAsync("a", 8, 9, 1)).Select(lease => lease.Shard));
    }

    [Fact]
    public async Task Owners_that_race_share_all_shards_and_none_twice()
    {
        var leased = await Task.WhenAll(Enumerable.Range(0, 8).Select(owner => LeaseAsync($"silo-{owner}", owner * 100, 1024, 0)));
        Assert.Equal(Enumerable.Range(0, 1024), leased.SelectMany(one => one).Select(lease => lease.Shard).Order().Where(shard => shard >= 0));
        var epochs = leased.SelectMany(one => one).ToDictionary(lease => lease.Shard, lease => lease.Epoch);
        Assert.All(epochs.Values, epoch => Assert.Equal(1, epoch));
    }

    [Fact]
    public async Task Leases_stand_after_a_restart()
    {
        await LeaseAsync("a", 0, 1024, 0);
        await CloseAsync(Store);
        Store = await OpenAsync();
        Assert.Empty(await LeaseAsync("b", 0, 1024, 1));
        Assert.Equal(1024, (await LeaseAsync("a", 0, 1024, 1)).Count);
    }

    private Task<IReadOnlyList<ShardLease>> LeaseAsync(string owner, int from, int to, int second) =>
        Store.LeaseShardsAsync(owner, from, to, Noon.AddSeconds(second), Noon.AddSeconds(second + 3), None);
}
