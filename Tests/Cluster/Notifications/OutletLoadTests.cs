using Microsoft.Extensions.Logging.Abstractions;
using Svom.EventStore;
using Svom.Notifications;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.Cluster.Notifications;

/// <summary>An outlet keeps every envelope for ever; what it reads of them when it wakes up stays short.</summary>
public sealed class OutletLoadTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();
    private DataFolder data = null!;
    private SqliteEventStore store = null!;

    public ValueTask InitializeAsync()
    {
        data = DataFolder.Open(folder.Path);
        store = new(data, new StorageOptions(), TimeProvider.System, [], NullLogger<SqliteEventStore>.Instance, null);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        data.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task After_a_thousand_envelopes_an_outlet_reads_the_last_few()
    {
        await PublishAsync(OutletState.Open(store, "mqtt", TimeProvider.System), 1, 1_000);
        var content = await store.LoadAsync(new("outlet/mqtt"), default);
        Assert.Equal(2_000, content.Head);
        Assert.InRange(content.Rows.Count, 0, 32);
        Assert.Equal((1_000, 0), await StandsAsync());

        await EnvelopeAsync(OutletState.Open(store, "mqtt", TimeProvider.System), 1_001);
        Assert.Equal((1_000, 1_001), await StandsAsync());
    }

    [Fact]
    public async Task An_envelope_that_was_fixed_is_the_same_after_a_snapshot_beside_it()
    {
        var outlet = OutletState.Open(store, "mqtt", TimeProvider.System);
        await PublishAsync(outlet, 1, 15);
        await outlet.CommitAsync(static _ => new([new OutletRecord.Confirmed(16, null)]), default);
        await EnvelopeAsync(outlet, 17); // The thirty-second transition.
        Assert.Empty((await store.LoadAsync(new("outlet/mqtt"), default)).Rows);
        var read = OutletState.Open(store, "mqtt", TimeProvider.System);
        await read.LoadAsync(default);
        Assert.Equal(outlet.State.Fixed!.Envelope, read.State.Fixed!.Envelope);
        Assert.Equal(outlet.State with { Fixed = null }, read.State with { Fixed = null });
    }

    [Fact]
    public async Task A_stream_of_before_there_were_snapshots_goes_on()
    {
        var old = new EventSourced<OutletState, OutletRecord>(
            store, new("outlet/mqtt"), OutletState.Empty, OutletState.Apply, new(NoticeJson.Default.OutletRecordArray), TimeProvider.System);
        await PublishAsync(old, 1, 100);
        await EnvelopeAsync(old, 101);
        Assert.Null((await store.LoadAsync(new("outlet/mqtt"), default)).Snapshot);
        Assert.Equal((100, 101), await StandsAsync());

        await PublishAsync(OutletState.Open(store, "mqtt", TimeProvider.System), 101, 101);
        Assert.NotNull((await store.LoadAsync(new("outlet/mqtt"), default)).Snapshot);
        Assert.Equal((101, 0), await StandsAsync());
    }

    private static async Task PublishAsync(EventSourced<OutletState, OutletRecord> outlet, int first, int last)
    {
        for (var sequence = first; sequence <= last; sequence++)
        {
            await EnvelopeAsync(outlet, sequence);
            await outlet.CommitAsync(_ => new([new OutletRecord.Confirmed(sequence, Noon)]), default);
        }
    }

    private static async Task EnvelopeAsync(EventSourced<OutletState, OutletRecord> outlet, int sequence)
    {
        await outlet.LoadAsync(default);
        await outlet.CommitAsync(_ => new([new OutletRecord.Enveloped(sequence, $"notice-{sequence}", Noon, new byte[500])]), default);
    }

    /// <summary>Cursor and fixed envelope of an outlet that wakes up now.</summary>
    private async Task<(long Cursor, long Fixed)> StandsAsync()
    {
        var outlet = OutletState.Open(store, "mqtt", TimeProvider.System);
        await outlet.LoadAsync(default);
        return (outlet.State.Cursor, outlet.State.Fixed?.Sequence ?? 0);
    }
}
