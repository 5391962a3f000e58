using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Feeds;

/// <summary>A piece of a feed, as read.</summary>
/// <param name="Items">In the feed's order; empty when nothing came for some seconds, so that a door can say that it is still there.</param>
/// <param name="UpTo">All up to this number was read: where to go on.</param>
internal sealed record FeedPart<T>(ImmutableArray<T> Items, long UpTo);

/// <summary>
/// Reads the platform's feeds on from a cursor, live at their end, for every door that tells things as they happen. Each is read without gap or
/// repeat: who goes on from the last number it got has all. A feed ends only with its reader.
/// </summary>
internal sealed class FeedReader(IGrainFactory grains)
{
    private const int EachRead = 100;
    private static readonly TimeSpan EachWait = TimeSpan.FromSeconds(5);

    /// <summary>Sequence of the newest notice.</summary>
    public Task<long> NoticeHeadAsync(CancellationToken cancellationToken) => grains.GetGrain<INoticeFollowGrain>(0).HeadAsync(cancellationToken);

    /// <summary>Sequence of the newest change of a burst.</summary>
    public Task<long> BurstHeadAsync(CancellationToken cancellationToken) => grains.GetGrain<IBurstFollowGrain>(0).HeadAsync(cancellationToken);

    /// <summary>Sequence of the newest thing that a telescope said.</summary>
    public Task<long> TelescopeHeadAsync(CancellationToken cancellationToken) => grains.GetGrain<ITelescopeFollowGrain>(0).HeadAsync(cancellationToken);

    /// <summary>Newest position of a packet feed.</summary>
    /// <param name="session">A rehearsal's; null: the live feed.</param>
    public Task<long> PacketHeadAsync(string? session, CancellationToken cancellationToken) => grains.GetGrain<IPacketFollowGrain>(0).HeadAsync(session, cancellationToken);

    /// <summary>Notices beyond a sequence in the archive's order, then those to come.</summary>
    public IAsyncEnumerable<FeedPart<FollowedNotice>> NoticesAsync(long after, CancellationToken cancellationToken)
    {
        var feed = grains.GetGrain<INoticeFollowGrain>(0);
        return FollowAsync(after, at => feed.AfterAsync(at, EachRead, EachWait, cancellationToken), static notice => notice.Notice.Sequence, cancellationToken);
    }

    /// <summary>Changes of bursts beyond a sequence in the order of their commits, then those to come.</summary>
    public IAsyncEnumerable<FeedPart<BurstChange>> BurstsAsync(long after, CancellationToken cancellationToken)
    {
        var feed = grains.GetGrain<IBurstFollowGrain>(0);
        return FollowAsync(after, at => feed.AfterAsync(at, EachRead, EachWait, cancellationToken), static change => change.Sequence, cancellationToken);
    }

    /// <summary>What telescopes said beyond a sequence in the order in which it was taken down, then what they will say.</summary>
    public IAsyncEnumerable<FeedPart<TelescopeWord>> TelescopesAsync(long after, CancellationToken cancellationToken)
    {
        var feed = grains.GetGrain<ITelescopeFollowGrain>(0);
        return FollowAsync(after, at => feed.AfterAsync(at, EachRead, EachWait, cancellationToken), static word => word.Sequence, cancellationToken);
    }

    /// <summary>Packets of one feed beyond a position, then those to come.</summary>
    /// <param name="session">A rehearsal's; null: the live feed.</param>
    public async IAsyncEnumerable<FeedPart<PacketSummary>> PacketsAsync(string? session, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = await grains.GetGrain<IPacketFollowGrain>(0).AfterAsync(session, after, EachRead, EachWait, cancellationToken);
            after = read.UpTo;
            yield return new(read.Items, after);
        }
    }

    private static async IAsyncEnumerable<FeedPart<T>> FollowAsync<T>(
        long after, Func<long, Task<ImmutableArray<T>>> read, Func<T, long> sequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var items = await read(after);
            after = items.IsEmpty ? after : sequence(items[^1]);
            yield return new(items, after);
        }
    }
}
