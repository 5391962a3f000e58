using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;

namespace Svom.Packets;

/// <summary>
/// Plays a feed again from its log: decodes, assigns and decides, and compares with what was recorded, notices byte for byte. What
/// came from outside the log (wishes of bursts, numbers given to other feeds, acts, deadlines, wall times) is taken from the records.
/// Nothing is written or told, and no clock runs.
/// </summary>
internal sealed class FeedReplay(IPacketLog log, IEventStore store, IOptions<BurstOptions> options)
{
    private const int ReadAgain = 40;

    /// <summary>Replays a feed as far as its sequencer has recorded it.</summary>
    public Task<ReplayReport> RunAsync(FeedId feed, CancellationToken cancellationToken) => RunAsync(feed, ReplayScope.All, null, cancellationToken);

    /// <summary>Replays a feed and speaks of some of its bursts.</summary>
    public async Task<ReplayReport> RunAsync(FeedId feed, ReplayScope scope, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        var head = await log.HeadAsync(feed, cancellationToken);
        await using var pages = new FeedPages(log, store, feed);
        pages.Begin(head);
        using var bursts = new BurstReplays(store, options.Value, scope) { Patience = ReadAgain };
        var run = new SequencerReplay(feed, bursts, options.Value);
        var page = new FeedPage(new([], 0), []);
        await foreach (var record in pages.RecordsAsync(cancellationToken))
        {
            if (record is SequencerRecord.Took { UpTo: var upTo } && upTo > head)
            {
                break; // The feed goes on meanwhile; what came after the beginning is not replayed.
            }

            while (run.Begin(record) && run.Take(page.Slice, page.Decoded) < run.Goal)
            {
                progress?.Report(new(page.Slice.UpTo, head));
                page = await pages.NextAsync(cancellationToken);
            }

            run.End(record);
        }

        progress?.Report(new(head, head));
        return await run.ReportAsync();
    }
}
