using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;

namespace Svom.Packets;

/// <summary>
/// Plays a feed again from its log: decodes, assigns and decides, and compares with what was recorded, notices byte for byte. What
/// came from outside the log (wishes of bursts, numbers given to other feeds, acts, deadlines, wall times) is taken from the records.
/// Nothing is written or told, and no clock runs but that of the pace, where one is asked for.
/// </summary>
internal sealed class FeedReplay(IPacketLog log, IEventStore store, IOptions<BurstOptions> options, TimeProvider time)
{
    private const int ReadAgain = 40;

    /// <summary>Replays a feed as far as its sequencer has recorded it.</summary>
    public Task<ReplayReport> RunAsync(FeedId feed, CancellationToken cancellationToken) => RunAsync(feed, ReplayScope.All, null, null, cancellationToken);

    /// <summary>Replays a feed and speaks of some of its bursts.</summary>
    /// <param name="pace">Null: as fast as possible.</param>
    public async Task<ReplayReport> RunAsync(FeedId feed, ReplayScope scope, ReplayPace? pace, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        await using var pages = new FeedPages(log, store, feed);
        var (first, last) = await PartAsync(pages, scope, await log.HeadAsync(feed, cancellationToken), cancellationToken);
        pages.Begin(last, after: first);
        using var bursts = new BurstReplays(store, options.Value, scope) { Patience = ReadAgain };
        var run = new SequencerReplay(feed, bursts, options.Value);
        var paced = pace is null ? null : new PacedReplay(pace, options.Value, time, Tell);
        var page = FeedPage.None;
        await foreach (var record in pages.RecordsAsync(cancellationToken))
        {
            if (record is SequencerRecord.Took { UpTo: var upTo })
            {
                if (upTo > last)
                {
                    break; // What lies behind is none of this replay: the feed goes on, or no burst of the scope has more.
                }

                if (upTo <= first)
                {
                    run.Pass(record);
                    continue;
                }
            }

            while (run.Begin(record))
            {
                var until = Math.Min(page.Slice.UpTo, run.Goal);
                if (run.Position < until)
                {
                    run.Take(page, paced is null ? until : await paced.ReachAsync(page, run.Clock, run.Position, until, cancellationToken));
                    continue;
                }

                Tell(run.Clock.Watermark);
                page = await pages.NextAsync(cancellationToken);
            }

            run.End(record);
        }

        Tell(run.Clock.Watermark);
        return await run.ReportAsync();

        void Tell(DateTimeOffset? at) => progress?.Report(new(Math.Max(run.Position, first), last, run.Packets, at));
    }

    /// <summary>
    /// The part of a feed that holds every packet of the scope's bursts: from the recorded batch that first has one to the last that has. Before it, the
    /// sequencer's state is what its records say, so that no packet need be read again for it.
    /// </summary>
    /// <returns>Positions: beyond the first, up to the last.</returns>
    private async Task<(long First, long Last)> PartAsync(FeedPages pages, ReplayScope scope, long head, CancellationToken cancellationToken)
    {
        if (scope is { From: null, To: null })
        {
            return (0, head);
        }

        var meant = new Dictionary<string, bool>(StringComparer.Ordinal);
        (long Before, long? First, long Last) part = default;
        await foreach (var record in pages.RecordsAsync(cancellationToken))
        {
            if (record is not SequencerRecord.Took { UpTo: var upTo } took)
            {
                continue;
            }

            if (upTo > head)
            {
                break;
            }

            foreach (var burst in took.Routed?.Keys ?? Enumerable.Empty<string>())
            {
                // Beside a feed that goes on, a burst may have written nothing yet: it is of the scope until it says otherwise.
                if (!meant.TryGetValue(burst, out var held))
                {
                    meant.Add(burst, held = scope.Holds(burst, await RecordedBurst.FirstHeardAsync(store, burst, cancellationToken)));
                }

                part = held ? part with { First = part.First ?? part.Before, Last = upTo } : part;
            }

            part.Before = upTo;
        }

        return (part.First ?? 0, part.Last);
    }
}
