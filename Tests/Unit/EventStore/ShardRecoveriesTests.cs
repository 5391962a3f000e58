using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Svom.EventStore;

/// <summary>Who takes up the work of dead silos is called for new shards and for deaths, and again when it failed.</summary>
public sealed class ShardRecoveriesTests
{
    private readonly FakeTimeProvider time = new(new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task New_shards_and_deaths_call_it_with_what_is_held_and_who_lives()
    {
        var called = new Called();
        var (recoveries, held, roll, parts) = await StartAsync(called);
        held.Set([new(1, 1, DateTimeOffset.MaxValue), new(2, 1, DateTimeOffset.MaxValue), new(9, 1, DateTimeOffset.MaxValue)]);
        recoveries.Taken([1, 2, 9]);
        var (ranges, alive) = await called.NextAsync();
        Assert.Equal([(1, 3), (9, 10)], ranges);
        Assert.Equal(["self"], alive);

        roll.Set("self", "other");
        recoveries.Died(["third"]);
        Assert.Equal(["other", "self"], (await called.NextAsync()).Alive.Order(StringComparer.Ordinal));
        await parts.StopAsync();
    }

    [Fact]
    public async Task A_failed_call_comes_again_after_a_pause()
    {
        var called = new Called { Failures = 2 };
        var (recoveries, _, _, parts) = await StartAsync(called);
        recoveries.Taken([1]);
        for (var call = 0; call < 3; call++)
        {
            var next = called.NextAsync();
            while (!next.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            await next;
        }

        await parts.StopAsync();
    }

    [Fact]
    public async Task What_comes_up_during_a_call_is_one_more_call()
    {
        var called = new Called();
        var (recoveries, _, _, parts) = await StartAsync(called);
        called.Gate = new();
        recoveries.Taken([1]);
        await called.NextAsync();
        recoveries.Taken([2]);
        recoveries.Taken([3]);
        recoveries.Died(["other"]);
        called.Gate.SetResult();
        await called.NextAsync();
        await parts.StopAsync();
        Assert.Equal(2, called.Count);
    }

    private async Task<(ShardRecoveries Recoveries, ShardsHeld Held, SilosOnRoll Roll, SiloParts Parts)> StartAsync(IShardRecovery recovery)
    {
        var (held, roll) = (new ShardsHeld(time), new SilosOnRoll("self"));
        var recoveries = new ShardRecoveries([recovery], held, roll, time, NullLogger<ShardRecoveries>.Instance);
        return (recoveries, held, roll, await SiloParts.StartAsync(recoveries));
    }

    private sealed class Called : IShardRecovery
    {
        private readonly Channel<(IReadOnlyList<(int From, int To)> Held, IReadOnlySet<string> Alive)> calls = Channel.CreateUnbounded<(IReadOnlyList<(int, int)>, IReadOnlySet<string>)>();
        private int count;

        public int Failures { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public int Count => count;

        public async Task<(IReadOnlyList<(int From, int To)> Held, IReadOnlySet<string> Alive)> NextAsync() =>
            await calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public async Task RecoverAsync(IReadOnlyList<(int From, int To)> held, IReadOnlySet<string> liveSilos, CancellationToken cancellationToken)
        {
            var call = Interlocked.Increment(ref count);
            calls.Writer.TryWrite((held, liveSilos));
            if (Gate is { } gate)
            {
                await gate.Task;
            }

            if (call <= Failures)
            {
                throw new InvalidOperationException("not now");
            }
        }
    }
}
