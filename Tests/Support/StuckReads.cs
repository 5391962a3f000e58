using Svom.EventStore;
using StreamContent = Svom.EventStore.StreamContent;
using StreamId = Svom.EventStore.StreamId;

namespace Svom.Support;

/// <summary>An event store of which no stream is ever read to its end: who reads it waits until it is stopped.</summary>
internal sealed class StuckReads(IEventStore store) : IEventStore
{
    public async Task<IReadOnlyList<StreamRow>> ReadAsync(StreamId stream, long afterVersion, int max, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return [];
    }

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) => store.AppendAsync(append, cancellationToken);

    public Task<StreamContent> LoadAsync(StreamId stream, CancellationToken cancellationToken) => store.LoadAsync(stream, cancellationToken);

    public Task<IReadOnlyList<OwedRow>> OwedAsync(int fromShard, int toShard, int max, CancellationToken cancellationToken) => store.OwedAsync(fromShard, toShard, max, cancellationToken);

    public Task SettleAsync(IReadOnlyList<OwedRow> delivered, CancellationToken cancellationToken) => store.SettleAsync(delivered, cancellationToken);

    public Task<IReadOnlyList<DueRow>> DueAsync(int fromShard, int toShard, DateTimeOffset until, int max, CancellationToken cancellationToken) => store.DueAsync(fromShard, toShard, until, max, cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> ArchiveAsync(string archive, long after, int max, CancellationToken cancellationToken) => store.ArchiveAsync(archive, after, max, cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> SearchArchiveAsync(string archive, ArchiveQuery query, CancellationToken cancellationToken) => store.SearchArchiveAsync(archive, query, cancellationToken);

    public Task<ArchivedEntry?> ArchivedAsync(string archive, string id, CancellationToken cancellationToken) => store.ArchivedAsync(archive, id, cancellationToken);

    public Task<long> ArchiveHeadAsync(string archive, CancellationToken cancellationToken) => store.ArchiveHeadAsync(archive, cancellationToken);

    public Task<IReadOnlyList<IndexRow>> IndexAsync(string index, string fromKey, string toKey, int max, bool descending, CancellationToken cancellationToken) => store.IndexAsync(index, fromKey, toKey, max, descending, cancellationToken);

    public Task<IReadOnlyList<ShardLease>> LeaseShardsAsync(string owner, int fromShard, int toShard, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) => store.LeaseShardsAsync(owner, fromShard, toShard, now, until, cancellationToken);

    public Task ReleaseShardsAsync(string owner, CancellationToken cancellationToken) => store.ReleaseShardsAsync(owner, cancellationToken);
}
