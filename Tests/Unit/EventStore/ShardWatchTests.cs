using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>The scan of held shards over a real store, on a clock that the test moves.</summary>
public sealed class ShardWatchTests : IAsyncLifetime
{
    private const int MoreThanAPage = 10_001;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly TemporaryFolder folder = new();
    private readonly LandedAppends landed = new();
    private readonly Route route = new();
    private SqliteEventStore store = null!;
    private ShardsHeld held = null!;
    private OwedDispatcher dispatcher = null!;
    private ShardWatch watch = null!;

    public ValueTask InitializeAsync()
    {
        store = new(DataFolder.Open(folder.Path), Options.Create(new StorageOptions { QueuedAppends = 2 * MoreThanAPage }), time, [landed], NullLogger<SqliteEventStore>.Instance);
        held = new(time);
        dispatcher = new(store, [], time, new Running(), NullLogger<OwedDispatcher>.Instance);
        watch = new(store, landed, dispatcher, [route], held, time, Options.Create(new ShardOptions()), NullLogger<ShardWatch>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        watch.Dispose();
        dispatcher.Dispose();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_a_dead_silo_left_is_woken_as_soon_as_its_shards_are_held()
    {
        await SetAsync("left", -60);
        var parts = await SiloParts.StartAsync(watch);
        held.Set([]);
        Hold();
        Assert.Equal("left", await route.NextAsync());
        await parts.StopAsync();
    }

    [Fact]
    public async Task A_time_far_off_is_found_by_a_later_scan_and_nobody_is_woken_before_it_comes()
    {
        await SetAsync("sleeper", 60);
        var parts = await SiloParts.StartAsync(watch);
        Hold();
        await PassUntilAsync(() => route.Woken.Contains("sleeper"), TimeSpan.FromSeconds(1));
        Assert.True(time.GetUtcNow() >= new DateTimeOffset(2026, 4, 21, 12, 1, 0, TimeSpan.Zero));
        await parts.StopAsync();
    }

    [Fact]
    public async Task More_rows_that_nobody_takes_than_a_scan_reads_hold_up_nobody()
    {
        route.Refuses = static key => key.StartsWith("stuck", StringComparison.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, MoreThanAPage).Select(n => SetAsync($"stuck-{n}", -60)));
        await SetAsync("good", -1);
        var parts = await SiloParts.StartAsync(watch);
        Hold();
        await PassUntilAsync(() => route.Woken.Contains("good"), TimeSpan.FromSeconds(5));
        await parts.StopAsync();
    }

    private void Hold()
    {
        watch.Taken(held.Set([.. Enumerable.Range(0, StreamId.ShardCount).Select(static shard => new ShardLease(shard, 1, DateTimeOffset.MaxValue))]));
    }

    private Task SetAsync(string key, double seconds) => store.AppendAsync(
        new(Guid.NewGuid(), new($"{Route.Kind}/{key}"), 0, new byte[1]) { Due = [new("wake", time.GetUtcNow().AddSeconds(seconds))] }, None);

    /// <summary>Lets time pass step by step until something holds.</summary>
    private async Task PassUntilAsync(Func<bool> reached, TimeSpan step)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!reached())
        {
            patience.Token.ThrowIfCancellationRequested();
            time.Advance(step);
            for (var turn = 0; turn < 50 && !reached(); turn++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token); // A scan reads a real file meanwhile.
            }
        }
    }

    private sealed class Route : IDueRoute
    {
        public const string Kind = "test";
        private readonly Channel<string> woken = Channel.CreateUnbounded<string>();

        public string StreamKind => Kind;

        public Func<string, bool> Refuses { get; set; } = static _ => false;

        public ConcurrentBag<string> Woken { get; } = [];

        public async Task<string> NextAsync() => await woken.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public Task WakeAsync(string key, string name, CancellationToken cancellationToken)
        {
            if (Refuses(key))
            {
                throw new InvalidOperationException("not taken");
            }

            Woken.Add(key);
            woken.Writer.TryWrite(key);
            return Task.CompletedTask;
        }
    }

    private sealed class Running : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => None;

        public CancellationToken ApplicationStopping => None;

        public CancellationToken ApplicationStopped => None;

        public void StopApplication()
        {
        }
    }
}
