namespace Svom.EventStore;

/// <summary>What became of an append. A refusal is a result: it never fails the neighbours of the same commit.</summary>
public enum AppendOutcome
{
    /// <summary>Durable.</summary>
    Landed = 1,

    /// <summary>The stream's head is not the expected one; nothing was written.</summary>
    StaleHead = 2,

    /// <summary>A claimed key or archive id is taken; nothing was written.</summary>
    ClaimTaken = 3,

    /// <summary>The bounded queue is full; nothing was written.</summary>
    Overloaded = 4,

    /// <summary>The append breaks a limit of the store (payload too large, empty name); nothing was written.</summary>
    Malformed = 5,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Head">The stream's head afterwards: the new version when landed, the actual head when stale, else 0.</param>
/// <param name="Archived">Sequences given to the archive entries, in their order; empty unless landed.</param>
/// <param name="Detail">For refusals: which key, which limit.</param>
public sealed record AppendResult(AppendOutcome Outcome, long Head, IReadOnlyList<long> Archived, string? Detail = null)
{
    public bool Landed => Outcome == AppendOutcome.Landed;
}

/// <summary>
/// Nobody knows whether the append landed (the disk was full, the connection broke, the writer stopped). The caller drops its
/// state, reloads the stream and finds its own append by id.
/// </summary>
public sealed class AppendUncertainException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One transition as read back.</summary>
public sealed record StreamRow(long Version, Guid AppendId, DateTimeOffset CommittedAt, ReadOnlyMemory<byte> Payload);

/// <summary>A stream from its newest snapshot on.</summary>
/// <param name="Head">Version of the newest transition; 0 for a stream that does not exist.</param>
/// <param name="SnapshotVersion">Version the snapshot stands for; 0 without one.</param>
/// <param name="Snapshot">The snapshot; null without one.</param>
/// <param name="Rows">Transitions after the snapshot, in order.</param>
public sealed record StreamContent(long Head, long SnapshotVersion, ReadOnlyMemory<byte>? Snapshot, IReadOnlyList<StreamRow> Rows);

/// <summary>
/// Durable streams of transitions with what they owe, their wake-ups, claims, archives and search rows. One writer per silo
/// commits everything queued at once. The only fence of a stream is its head, compared and moved in the same transaction.
/// </summary>
public interface IEventStore
{
    /// <summary>Appends one transition. Completes when it is durable or refused.</summary>
    /// <exception cref="AppendUncertainException">The commit failed in a way that leaves its outcome unknown.</exception>
    Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken);

    /// <summary>Reads a stream from its snapshot on. Sees committed transitions only.</summary>
    Task<StreamContent> LoadAsync(StreamId stream, CancellationToken cancellationToken);

    /// <summary>Reads transitions after a version, oldest first, at most <paramref name="max"/>, ignoring snapshots.</summary>
    Task<IReadOnlyList<StreamRow>> ReadAsync(StreamId stream, long afterVersion, int max, CancellationToken cancellationToken);

    /// <summary>Owed rows of a range of shards [<paramref name="fromShard"/>, <paramref name="toShard"/>), each stream's in order, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<OwedRow>> OwedAsync(int fromShard, int toShard, int max, CancellationToken cancellationToken);

    /// <summary>Removes delivered rows. May be lazy: a crash before it is durable delivers them again.</summary>
    Task SettleAsync(IReadOnlyList<OwedRow> delivered, CancellationToken cancellationToken);

    /// <summary>Wake-ups of a range of shards due up to a time, oldest first.</summary>
    Task<IReadOnlyList<DueRow>> DueAsync(int fromShard, int toShard, DateTimeOffset until, int max, CancellationToken cancellationToken);

    /// <summary>Entries of an archive after a sequence, ascending.</summary>
    Task<IReadOnlyList<ArchivedEntry>> ArchiveAsync(string archive, long after, int max, CancellationToken cancellationToken);

    /// <summary>Searches an archive, newest first or ascending; <paramref name="query"/> fields that are null do not filter.</summary>
    Task<IReadOnlyList<ArchivedEntry>> SearchArchiveAsync(string archive, ArchiveQuery query, CancellationToken cancellationToken);

    /// <summary>One entry by its id; null when there is none.</summary>
    Task<ArchivedEntry?> ArchivedAsync(string archive, string id, CancellationToken cancellationToken);

    /// <summary>Highest sequence of an archive; 0 when empty.</summary>
    Task<long> ArchiveHeadAsync(string archive, CancellationToken cancellationToken);

    /// <summary>Search rows of an index with keys in [<paramref name="fromKey"/>, <paramref name="toKey"/>), by ordinal key.</summary>
    Task<IReadOnlyList<IndexRow>> IndexAsync(string index, string fromKey, string toKey, int max, bool descending, CancellationToken cancellationToken);

    /// <summary>Leases of shards: takes or renews [<paramref name="fromShard"/>, <paramref name="toShard"/>) for the owner until a time, where free, expired or already its own.</summary>
    /// <returns>The shards the owner holds afterwards, each with its epoch, which grows at every change of owner.</returns>
    Task<IReadOnlyList<ShardLease>> LeaseShardsAsync(string owner, int fromShard, int toShard, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Gives leases back, so that another silo may take over at once.</summary>
    Task ReleaseShardsAsync(string owner, CancellationToken cancellationToken);
}

/// <param name="Owner">Exact owner.</param>
/// <param name="Kind">Exact kind.</param>
/// <param name="From">Not before.</param>
/// <param name="To">Before.</param>
/// <param name="Before">Only sequences below it (paging newest first).</param>
/// <param name="After">Only sequences above it (paging ascending).</param>
/// <param name="Ascending">Order.</param>
/// <param name="Limit">1 to 1000.</param>
public sealed record ArchiveQuery(
    string? Owner = null, string? Kind = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    long? Before = null, long? After = null, bool Ascending = false, int Limit = 50);

/// <param name="Shard">0 to 1023.</param>
/// <param name="Epoch">Grows at every change of owner; a delayed owner with an older epoch knows that it lost the shard.</param>
/// <param name="Until">Held until then unless renewed.</param>
public sealed record ShardLease(int Shard, long Epoch, DateTimeOffset Until);
