using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Svom.EventStore;

namespace Svom.Packets;

/// <summary>One page of a feed's log with what the decoder made of it.</summary>
internal sealed record FeedPage(LogSlice Slice, ImmutableArray<DecodedReception> Decoded)
{
    public static readonly FeedPage None = new(new([], 0), []);

    /// <returns>Index of the first packet beyond a position.</returns>
    public int After(long position)
    {
        var (low, high) = (0, Slice.Items.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Slice.Items[middle].Position <= position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>Reads a feed's log and its sequencer's records for a replay. The log is read and decoded ahead in pages, no more than a few at once.</summary>
internal sealed class FeedPages(IPacketLog log, IEventStore store, FeedId feed) : IAsyncDisposable
{
    private const int PacketsPerPage = 4_096;
    private const int PagesAhead = 4;
    private const int RowsPerRead = 500;
    private static readonly RecordFormat<SequencerRecord> Format = new(SequencerJson.Default.SequencerRecordArray);
    private readonly Channel<Task<FeedPage>> pages = Channel.CreateBounded<Task<FeedPage>>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource stopping = new();
    private Task reading = Task.CompletedTask;

    public void Begin(long head, long after = 0) => reading = ReadAheadAsync(after, head, stopping.Token);

    public async Task<FeedPage> NextAsync(CancellationToken cancellationToken) => await (await pages.Reader.ReadAsync(cancellationToken));

    public async IAsyncEnumerable<SequencerRecord> RecordsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new EventStore.StreamId($"sequencer/{feed}");
        for (long version = 0; await store.ReadAsync(stream, version, RowsPerRead, cancellationToken) is { Count: > 0 } rows; version = rows[^1].Version)
        {
            foreach (var record in rows.SelectMany(static row => Format.Decode(row.Payload)))
            {
                yield return record;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await reading;
        stopping.Dispose();
    }

    private async Task ReadAheadAsync(long after, long head, CancellationToken cancellationToken)
    {
        try
        {
            for (var at = after; at < head;)
            {
                var slice = await log.ReadAsync(feed, at, PacketsPerPage, packetsOnly: true, cancellationToken);
                at = slice.UpTo;
                await pages.Writer.WriteAsync(Task.Run(() => new FeedPage(slice, PacketDecoderGrain.Decode([.. slice.Items])), cancellationToken), cancellationToken);
            }

            pages.Writer.Complete();
        }
        catch (Exception failure)
        {
            pages.Writer.TryComplete(failure); // Whoever still waits for a page is told.
        }
    }
}
