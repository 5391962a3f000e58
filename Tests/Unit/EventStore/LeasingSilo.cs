using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Svom.EventStore;

/// <summary>The part of a silo that leases shards, and what it tells.</summary>
internal sealed class LeasingSilo : IAsyncDisposable
{
    private readonly ShardLeasing leasing;
    private SiloParts? parts;

    private LeasingSilo(string name, IEventStore store, TimeProvider time, TimeSpan lease)
    {
        (Roll, Held) = (new(name), new(time));
        leasing = new(
            store, Held, Roll, [Told], new SiloParts.Named(name), time, Options.Create(new ShardOptions { Lease = lease }), NullLogger<ShardLeasing>.Instance);
    }

    public SilosOnRoll Roll { get; }

    public ShardsHeld Held { get; }

    public Listener Told { get; } = new();

    /// <summary>Starts it and waits until it has asked for leases once.</summary>
    public static async Task<LeasingSilo> StartAsync(string name, IEventStore store, TimeProvider time, TimeSpan lease, params string[] alive)
    {
        var silo = new LeasingSilo(name, store, time, lease);
        if (alive.Length > 0)
        {
            silo.Roll.Set(alive);
        }

        silo.parts = await SiloParts.StartAsync(silo.leasing);
        await silo.Roll.WaitedForAsync();
        return silo;
    }

    /// <summary>The roll changes; completes when the silo has acted on it.</summary>
    public async Task SeesAsync(params string[] alive)
    {
        Roll.Set(alive);
        await Roll.WaitedForAsync();
    }

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref parts, null) is { } running)
        {
            await running.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        leasing.Dispose();
        Roll.Dispose();
    }

    /// <summary>What listeners are told.</summary>
    internal sealed class Listener : IShardListener
    {
        public List<int> Taken { get; } = [];

        public List<string> Died { get; } = [];

        void IShardListener.Taken(IReadOnlyList<int> shards) => Taken.Add(shards.Count);

        void IShardListener.Died(IReadOnlyList<string> silos) => Died.AddRange(silos);
    }
}
