using System.Globalization;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;

namespace Svom.Packets;

/// <summary>
/// Reads a feed and what was recorded of it, lets <see cref="FeedResimulation"/> decide it anew and says what differs: notices and what
/// they say, packets of bursts, where bursts stand. The time of a decision is no difference: here it is made up. Nothing is written or told.
/// </summary>
internal sealed class FeedResimulations(IPacketLog log, IEventStore store, IOptions<BurstOptions> options, TimeProvider time)
{
    /// <param name="pace">The pace for a part of the feed; null: as fast as possible.</param>
    public async Task<ReplayReport> RunAsync(
        FeedId feed, ReplayScope scope, Func<PacedPart, ReplayPace>? pace, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        await using var pages = new FeedPages(log, store, feed);
        var (recorded, head) = await RecordedAsync(pages, cancellationToken);
        var run = new FeedResimulation(feed, options.Value);
        foreach (var burst in recorded.Values)
        {
            run.Know(burst);
        }

        pages.Begin(head);
        long at = 0;
        var paced = pace is null ? null : new PacedReplay(pace(PartOf(scope, recorded)), options.Value, time, Tell);
        while (at < head)
        {
            var page = await pages.NextAsync(cancellationToken);
            for (var until = Math.Min(page.Slice.UpTo, head); at < until;)
            {
                var next = paced is null ? until : await paced.ReachAsync(page, run.Clock, at, until, cancellationToken);
                var end = page.After(next);
                for (var i = page.After(at); i < end; i++)
                {
                    run.Take(page.Slice.Items[i], page.Decoded[i]);
                }

                at = next;
            }

            Tell(run.Clock.Watermark);
        }

        run.Finish();
        return Compare(run, recorded, scope);

        void Tell(DateTimeOffset? mission) => progress?.Report(new(at, head, run.Packets, mission));
    }

    /// <summary>One burst takes its time; what the rest of its feed brings passes.</summary>
    private static PacedPart PartOf(ReplayScope scope, SortedDictionary<string, RecordedBurst> recorded)
    {
        if (scope.Burst is not { } burst)
        {
            return new(From: scope.From, To: scope.To);
        }

        var positions = recorded.GetValueOrDefault(burst)?.Records.Select(RecordedBurst.Position).OfType<long>().ToArray() ?? [];
        return positions.Length == 0 ? new(Last: 0) : new(First: positions.Min(), Last: positions.Max());
    }

    private static ReplayReport Compare(FeedResimulation run, SortedDictionary<string, RecordedBurst> recorded, ReplayScope scope)
    {
        var findings = new ReplayFindings();
        foreach (var burst in recorded.Keys.Union(run.Bursts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (was, now) = (recorded.GetValueOrDefault(burst), run.Bursts.GetValueOrDefault(burst));
            if (!scope.Holds(burst, was?.FirstHeard ?? now?.State.FirstHeard))
            {
                continue;
            }

            NoticeMade[] made = [.. was?.Records.OfType<NoticeMade>() ?? []];
            if (now is not null)
            {
                findings.Add(BurstComparison.Result(now.State, now.Notices, made, exact: false));
            }

            if (was is null || now is null)
            {
                findings.Add(new ReplayDifference(burst, null, "burst", was is null ? null : "opened", now is null ? null : "opened", was is null ? $"{burst}: is opened now and was not" : $"{burst}: was opened and is not now"));
            }

            findings.Add(BurstComparison.Notices(burst, made, now?.Notices ?? [], exact: false));
            if (was is not null && now is not null)
            {
                findings.Add(BurstComparison.States(was.Records.Aggregate(new BurstState(burst), BurstRules.Apply), now.State));
                findings.Add(Packets(was, now));
            }

            findings.Add(run.Refused.Where(act => act.Burst == burst));
        }

        return findings.Report(run.Packets);
    }

    private static IEnumerable<ReplayDifference> Packets(RecordedBurst was, Resimulated now)
    {
        var positions = was.Records.Select(RecordedBurst.Position).OfType<long>().ToHashSet();
        if (!positions.SetEquals(now.Positions))
        {
            var (gone, fresh) = (positions.Except(now.Positions).Count(), now.Positions.Except(positions).Count());
            yield return new(
                was.Id, null, "packets", positions.Count.ToString(CultureInfo.InvariantCulture), now.Positions.Count.ToString(CultureInfo.InvariantCulture),
                FormattableString.Invariant($"{was.Id}: has {now.Positions.Count} packets now, recorded {positions.Count}: {gone} went elsewhere, {fresh} came from elsewhere"));
        }
    }

    /// <summary>Every burst that the feed's sequencer opened, and how far it has come.</summary>
    private async Task<(SortedDictionary<string, RecordedBurst> Bursts, long Head)> RecordedAsync(FeedPages pages, CancellationToken cancellationToken)
    {
        var (routed, head) = (new SortedDictionary<string, long>(StringComparer.Ordinal), 0L);
        await foreach (var record in pages.RecordsAsync(cancellationToken))
        {
            if (record is SequencerRecord.Took took)
            {
                foreach (var (burst, position) in took.Routed ?? [])
                {
                    routed[burst] = position;
                }

                head = Math.Max(head, took.UpTo);
            }
        }

        var bursts = new SortedDictionary<string, RecordedBurst>(StringComparer.Ordinal);
        foreach (var (name, position) in routed)
        {
            bursts.Add(name, await RecordedBurst.ReadAsync(store, name, position, head, cancellationToken));
        }

        return (bursts, head);
    }
}
