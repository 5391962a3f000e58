using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;

namespace Svom.Packets;

/// <summary>What a replay found.</summary>
/// <param name="Packets">Packets decoded and routed again.</param>
/// <param name="Bursts">Bursts whose records were decided again.</param>
/// <param name="Notices">Notices made again.</param>
/// <param name="Differences">What came out otherwise than it was recorded, the first hundred; empty when all is the same.</param>
internal sealed record ReplayReport(long Packets, int Bursts, int Notices, ImmutableArray<string> Differences);

/// <summary>
/// Plays a feed again from its log: decodes, assigns and decides, and compares with what was recorded, notices byte for byte. What
/// came from outside the log (wishes of bursts, numbers given to other feeds, acts, deadlines, wall times) is taken from the records.
/// Nothing is written or told, and no clock runs. The log is read ahead in pages, no more than a few at once.
/// </summary>
internal sealed class FeedReplay(IPacketLog log, IEventStore store, IOptions<BurstOptions> options)
{
    private const int PacketsPerPage = 4_096;
    private const int PagesAhead = 4;
    private const int RowsPerRead = 500;
    private static readonly RecordFormat<SequencerRecord> Format = new(SequencerJson.Default.SequencerRecordArray);

    /// <summary>One page of the log with what the decoder made of it.</summary>
    private sealed record Page(LogSlice Slice, ImmutableArray<DecodedReception> Decoded);

    /// <summary>Replays a feed as far as its sequencer has recorded it.</summary>
    public async Task<ReplayReport> RunAsync(FeedId feed, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pages = Channel.CreateBounded<Task<Page>>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
        var head = await log.HeadAsync(feed, cancellationToken);
        var reading = ReadAheadAsync(feed, head, pages.Writer, stopping.Token);
        try
        {
            using var bursts = new BurstReplays(store, options.Value);
            var run = new SequencerReplay(feed, bursts, options.Value);
            var page = new Page(new([], 0), []);
            await foreach (var record in RecordsAsync(feed, stopping.Token))
            {
                if (record is SequencerRecord.Took { UpTo: var upTo } && upTo > head)
                {
                    break; // The feed goes on meanwhile; what came after the beginning is not replayed.
                }

                while (run.Begin(record) && run.Take(page.Slice, page.Decoded) < run.Goal)
                {
                    page = await pages.Reader.ReadAsync(stopping.Token).AsTask().Unwrap();
                }

                run.End(record);
            }

            return await run.ReportAsync();
        }
        finally
        {
            await stopping.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAheadAsync(FeedId feed, long head, ChannelWriter<Task<Page>> pages, CancellationToken cancellationToken)
    {
        try
        {
            for (long at = 0; at < head;)
            {
                var slice = await log.ReadAsync(feed, at, PacketsPerPage, packetsOnly: true, cancellationToken);
                at = slice.UpTo;
                await pages.WriteAsync(Task.Run(() => new Page(slice, PacketDecoderGrain.Decode([.. slice.Items])), cancellationToken), cancellationToken);
            }

            pages.Complete();
        }
        catch (Exception failure)
        {
            pages.TryComplete(failure); // Whoever still waits for a page is told.
        }
    }

    private async IAsyncEnumerable<SequencerRecord> RecordsAsync(
        FeedId feed, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
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
}
