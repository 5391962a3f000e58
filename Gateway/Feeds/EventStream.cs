using System.Collections.Immutable;
using Svom.Bursts;
using Svom.Packets;

namespace Svom.Feeds;

/// <summary>
/// The events of one reader: reads each of its feeds on from the archive and writes what it asked for. Nothing is kept for a reader but its place, so
/// that it misses nothing, however often it leaves and comes back, and costs nothing while it is away.
/// </summary>
internal sealed class EventStream(EventTopics topics, FeedReader feeds, IGrainFactory grains, EventWriter writer, Dictionary<string, long> place, TimeProvider time)
{
    private const int RetryMs = 2_000;
    private const int StatesEach = 100;
    private static readonly TimeSpan HeartbeatEach = TimeSpan.FromSeconds(15);

    /// <summary>How far back bursts are told of to a reader that comes anew, as with retained states on MQTT.</summary>
    private static readonly TimeSpan StatesOf = TimeSpan.FromDays(14);

    // What a state has told already is not told again as a change.
    private readonly Dictionary<string, long> told = new(StringComparer.Ordinal);

    /// <summary>Tells until the reader leaves or a feed fails.</summary>
    /// <param name="states">True for a reader that comes anew: the present states of bursts go first.</param>
    public async Task RunAsync(bool states, CancellationToken cancellationToken)
    {
        await writer.WriteAsync(static text =>
        {
            text.Retry(RetryMs);
            text.Comment("SVOM ground segment");
        }, cancellationToken);
        if (states && topics.Feeds.Contains(EventTopics.Bursts))
        {
            await TellStatesAsync(cancellationToken);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] all = [HeartbeatAsync(end.Token), .. topics.Feeds.Select(feed => TellAsync(feed, end.Token))];
        var first = await Task.WhenAny(all);
        await end.CancelAsync();
        await Task.WhenAll(all).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first; // The others ended because of it.
    }

    private Task TellAsync(string feed, CancellationToken cancellationToken) => feed switch
    {
        EventTopics.Notices => FollowAsync(
            feeds.NoticesAsync(place[feed], cancellationToken), feed, static _ => "notice", static notice => notice.Notice.Sequence,
            notice => topics.WantsNotice(notice.Notice.Burst) ? NoticeEventBody.Of(notice) : null, cancellationToken),
        EventTopics.Bursts => FollowAsync(
            feeds.BurstsAsync(place[feed], cancellationToken), feed, static _ => "burst-change", static change => change.Sequence,
            change => topics.WantsBurst(change.Burst) && change.Version > told.GetValueOrDefault(change.Burst) ? BurstEventBody.Of(change) : null, cancellationToken),
        EventTopics.Telescopes => FollowAsync(
            feeds.TelescopesAsync(place[feed], cancellationToken), feed, static word => word.Intent is null ? "receipt" : "intent", static word => word.Sequence,
            word => topics.WantsTelescopes(word.Burst) ? TelescopeEvents.Of(word) : null, cancellationToken),
        _ => FollowAsync(
            feeds.PacketsAsync(topics.Sessions.First(session => EventTopics.FeedOf(session) == feed), place[feed], cancellationToken), feed, static _ => "packet",
            static packet => packet.Sequence, PacketBody.Of, cancellationToken),
    };

    private async Task FollowAsync<TItem, TBody>(
        IAsyncEnumerable<FeedPart<TItem>> parts, string feed, Func<TItem, string> name, Func<TItem, long> sequence, Func<TItem, TBody?> body,
        CancellationToken cancellationToken)
        where TBody : class
    {
        await foreach (var part in parts.WithCancellation(cancellationToken))
        {
            if (part.Items.IsEmpty)
            {
                continue;
            }

            await writer.WriteAsync(text =>
            {
                foreach (var item in part.Items)
                {
                    place[feed] = sequence(item);
                    if (body(item) is { } telling)
                    {
                        text.Event(name(item), EventPlace.Write(topics.Feeds, place), telling);
                    }
                }
            }, cancellationToken);
        }
    }

    private async Task TellStatesAsync(CancellationToken cancellationToken)
    {
        foreach (var id in topics.BurstIds)
        {
            if ((await grains.GetGrain<IBurstGrain>(id).GetAsync(cancellationToken)).Value is { } burst)
            {
                await TellStatesAsync([burst], cancellationToken);
            }
        }

        string? cursor = null;
        do
        {
            var page = topics.AllBursts
                ? (await grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(From: time.GetUtcNow() - StatesOf, Cursor: cursor, Limit: StatesEach), cancellationToken)).Value
                : null;
            await TellStatesAsync((page?.Items ?? []).Where(burst => topics.WantsBurst(burst.Id)), cancellationToken);
            cursor = page?.Next;
        }
        while (cursor is not null);
    }

    private Task TellStatesAsync(IEnumerable<BurstView> bursts, CancellationToken cancellationToken) => writer.WriteAsync(text =>
    {
        foreach (var burst in bursts.Where(burst => told.TryAdd(burst.Id, burst.Version)))
        {
            text.Event("burst", EventPlace.Write(topics.Feeds, place), BurstBody.Of(burst));
        }
    }, cancellationToken);

    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(HeartbeatEach, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await writer.WriteAsync(static text => text.Comment("heartbeat"), cancellationToken);
        }
    }
}
