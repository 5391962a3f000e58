using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>Silos that share the shards of one store: who comes gets its share, who dies leaves it.</summary>
public sealed class ShardLeasingTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private readonly FakeTimeProvider time = new(new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly TemporaryFolder folder = new();
    private SqliteEventStore store = null!;

    public ValueTask InitializeAsync()
    {
        store = new(DataFolder.Open(folder.Path), Options.Create(new StorageOptions()), time, [], NullLogger<SqliteEventStore>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_silo_alone_holds_every_shard_and_gives_all_back_when_it_stops()
    {
        await using var alone = await LeasingSilo.StartAsync("a", store, time, Lease);
        Assert.Equal([(0, StreamId.ShardCount)], alone.Held.Ranges());
        Assert.Equal(StreamId.ShardCount, alone.Told.Taken.Sum());
        await alone.StopAsync();
        Assert.Equal(0, alone.Held.Count);
        Assert.Equal(StreamId.ShardCount, (await store.LeaseShardsAsync("b", 0, StreamId.ShardCount, time.GetUtcNow(), time.GetUtcNow() + Lease, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_silo_that_joins_gets_its_half_as_the_leases_of_the_other_run_out()
    {
        await using var first = await LeasingSilo.StartAsync("a", store, time, Lease);
        await using var second = await LeasingSilo.StartAsync("b", store, time, Lease, "a", "b");
        Assert.Equal(0, second.Held.Count);
        await first.SeesAsync("a", "b");
        await PassAsync(Lease + (Lease / 3), first, second);
        Assert.Equal([(0, 512)], first.Held.Ranges());
        Assert.Equal([(512, StreamId.ShardCount)], second.Held.Ranges());
        Assert.Equal([512], second.Told.Taken);
    }

    [Fact]
    public async Task The_shards_of_a_silo_that_died_are_taken_when_its_leases_have_run_out_and_not_before()
    {
        await store.LeaseShardsAsync("dead", 512, StreamId.ShardCount, time.GetUtcNow(), time.GetUtcNow() + Lease, CancellationToken.None);
        await using var living = await LeasingSilo.StartAsync("a", store, time, Lease, "a", "dead");
        await living.SeesAsync("a");
        Assert.Equal(["dead"], living.Told.Died);
        Assert.Equal([(0, 512)], living.Held.Ranges());
        await PassAsync(Lease, living);
        Assert.Equal([(0, StreamId.ShardCount)], living.Held.Ranges());
        Assert.Equal([512, 512], living.Told.Taken);
    }

    [Fact]
    public void Leases_that_are_not_renewed_end_by_themselves()
    {
        var held = new ShardsHeld(time);
        Assert.False(held.Asked.IsCompleted);
        Assert.Equal([7], held.Set([new(7, 1, time.GetUtcNow() + Lease)]));
        Assert.True(held.Asked.IsCompleted);
        Assert.True(held.Holds(7));
        time.Advance(Lease);
        Assert.False(held.Holds(7));
        Assert.Empty(held.Ranges());
    }

    [Fact]
    public void A_shard_that_was_lost_and_won_again_counts_as_newly_taken()
    {
        var held = new ShardsHeld(time);
        Assert.Equal([1, 2], held.Set([new(1, 1, time.GetUtcNow() + Lease), new(2, 1, time.GetUtcNow() + Lease)]));
        Assert.Equal([2], held.Set([new(1, 1, time.GetUtcNow() + Lease), new(2, 3, time.GetUtcNow() + Lease)]));
    }

    /// <summary>Lets time pass, a renewal at a time.</summary>
    private async Task PassAsync(TimeSpan span, params LeasingSilo[] silos)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Lease / 3)
        {
            time.Advance(Lease / 3);
            await Task.WhenAll(silos.Select(static silo => silo.Roll.WaitedForAsync()));
        }
    }
}
