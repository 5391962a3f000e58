using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Feeds;

/// <summary>
/// Reads the platform's feeds on from a cursor, live at their end, for every door that tells things as they happen. Each is read without gap or
/// repeat: who goes on from the last number it got has all. A feed ends when its reader leaves or the platform stops.
/// </summary>
internal sealed class FeedReader(IGrainFactory grains)
{
    private const int EachRead = 100;
    private static readonly TimeSpan EachWait = TimeSpan.FromSeconds(5);

    /// <summary>Sequence of the newest notice.</summary>
    public Task<long> NoticeHeadAsync(CancellationToken cancellationToken) => grains.GetGrain<INoticeFollowGrain>(0).HeadAsync(cancellationToken);

    /// <summary>Sequence of the newest change of a burst.</summary>
    public Task<long> BurstHeadAsync(CancellationToken cancellationToken) => grains.GetGrain<IBurstFollowGrain>(0).HeadAsync(cancellationToken);

    /// <summary>Newest position of a packet feed.</summary>
    public Task<long> PacketHeadAsync(string? session, CancellationToken cancellationToken) => grains.GetGrain<IPacketFollowGrain>(0).HeadAsync(session, cancellationToken);

    /// <summary>Notices beyond a sequence in the archive's order, then those to come.</summary>
    public IAsyncEnumerable<ImmutableArray<FollowedNotice>> NoticesAsync(long after, CancellationToken cancellationToken) => FollowAsync(
        after, at => grains.GetGrain<INoticeFollowGrain>(0).AfterAsync(at, EachRead, EachWait, cancellationToken), static notice => notice.Notice.Sequence, cancellationToken);

    /// <summary>Changes of bursts beyond a sequence in the order of their commits, then those to come.</summary>
    public IAsyncEnumerable<ImmutableArray<BurstChange>> BurstsAsync(long after, CancellationToken cancellationToken) => FollowAsync(
        after, at => grains.GetGrain<IBurstFollowGrain>(0).AfterAsync(at, EachRead, EachWait, cancellationToken), static change => change.Sequence, cancellationToken);

    /// <summary>Packets of one feed beyond a position, then those to come.</summary>
    /// <param name="session">A rehearsal's; null: the live feed.</param>
    public async IAsyncEnumerable<ImmutableArray<PacketSummary>> PacketsAsync(string? session, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await grains.GetGrain<IPacketFollowGrain>(0).AfterAsync(session, after, EachRead, EachWait, cancellationToken);
            after = read.UpTo;
            yield return read.Items;
        }
    }

    // An empty part now and then lets a door say that it is still there.
    private static async IAsyncEnumerable<ImmutableArray<T>> FollowAsync<T>(
        long after, Func<long, Task<ImmutableArray<T>>> read, Func<T, long> sequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = await read(after);
            after = part.IsEmpty ? after : sequence(part[^1]);
            yield return part;
        }
    }
}
