using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Svom.EventStore;

namespace Svom.Notifications;

/// <summary>Follows the notice archive. Its waits are woken by the append itself; many followers wait side by side in one activation.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class NoticeFollowGrain(IEventStore store, ArchiveWatch watch, ISiloRoll roll, TimeProvider time, IOptions<NotificationOptions> options) : Grain, INoticeFollowGrain
{
    private const int Most = 1_000;

    public Task<ImmutableArray<FollowedNotice>> AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken) =>
        watch.ReadAsync(
            ArchivedNotice.Archive, PublishedNotice.Index, roll.Now.Active.Count <= 1, atMost,
            () => ReadAsync(after, Math.Clamp(most, 1, Most), cancellationToken), cancellationToken);

    public Task<long> HeadAsync(CancellationToken cancellationToken) => store.ArchiveHeadAsync(ArchivedNotice.Archive, cancellationToken);

    private async Task<(ImmutableArray<FollowedNotice> Found, bool Any, TimeSpan? Again)> ReadAsync(long after, int most, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<FollowedNotice>();
        foreach (var (sequence, entry) in await store.ArchiveAsync(ArchivedNotice.Archive, after, most, cancellationToken))
        {
            var notice = ArchivedNotice.Read(entry.Content);
            var published = notice.Sent ? await PublishedNotice.FindAsync(store, notice.Id, cancellationToken) : null;
            var patience = options.Value.EnvelopeWithin - (time.GetUtcNow() - notice.Times.Decided);
            if (notice.Sent && published is null && patience > TimeSpan.Zero)
            {
                // Its envelope is being written. What follows waits with it: the order of the archive is the order for everybody.
                return (found.ToImmutable(), found.Count > 0, patience);
            }

            found.Add(new(notice.View(sequence, published), notice.Xml, notice.Json, published is { } known ? known.Envelope : default(ReadOnlyMemory<byte>?), notice.Session));
        }

        return (found.ToImmutable(), found.Count > 0, null);
    }
}
