using System.Collections.Concurrent;
using Svom.EventStore;

namespace Svom.Crash;

/// <summary>Where a wall stands.</summary>
internal enum WallSide
{
    /// <summary>The append is not handed to the store.</summary>
    Before = 0,

    /// <summary>The append is durable, and nobody is told.</summary>
    After = 1,
}

/// <summary>Stops every workflow at its append of a given number, for ever: what a process has done that dies there.</summary>
/// <param name="version">The append; 0: no wall.</param>
internal sealed class Wall(IEventStore store, int version, WallSide side) : IEventStore
{
    private const string Kind = "workflow/default/";
    private readonly ConcurrentDictionary<string, TaskCompletionSource> reached = new(StringComparer.Ordinal);

    /// <summary>Completes when a workflow of the scenario stands at the wall.</summary>
    public Task ReachedAsync(string scenario) => Of(scenario).Task;

    public async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        if (append.ExpectedVersion + 1 != version || !append.Stream.Value.StartsWith(Kind, StringComparison.Ordinal))
        {
            return await store.AppendAsync(append, cancellationToken);
        }

        if (side == WallSide.After)
        {
            await store.AppendAsync(append, cancellationToken);
        }

        Of(append.Stream.Value[Kind.Length..].Split('/')[0]).TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        throw new InvalidOperationException("Nothing comes after the end of time.");
    }

    public Task<EventStore.StreamContent> LoadAsync(EventStore.StreamId stream, CancellationToken cancellationToken) => store.LoadAsync(stream, cancellationToken);

    public Task<IReadOnlyList<StreamRow>> ReadAsync(EventStore.StreamId stream, long afterVersion, int max, CancellationToken cancellationToken) =>
        store.ReadAsync(stream, afterVersion, max, cancellationToken);

    public Task<IReadOnlyList<OwedRow>> OwedAsync(int fromShard, int toShard, int max, CancellationToken cancellationToken) =>
        store.OwedAsync(fromShard, toShard, max, cancellationToken);

    public Task SettleAsync(IReadOnlyList<OwedRow> delivered, CancellationToken cancellationToken) => store.SettleAsync(delivered, cancellationToken);

    public Task<IReadOnlyList<DueRow>> DueAsync(int fromShard, int toShard, DateTimeOffset until, int max, CancellationToken cancellationToken) =>
        store.DueAsync(fromShard, toShard, until, max, cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> ArchiveAsync(string archive, long after, int max, CancellationToken cancellationToken) =>
        store.ArchiveAsync(archive, after, max, cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> SearchArchiveAsync(string archive, ArchiveQuery query, CancellationToken cancellationToken) =>
        store.SearchArchiveAsync(archive, query, cancellationToken);

    public Task<ArchivedEntry?> ArchivedAsync(string archive, string id, CancellationToken cancellationToken) => store.ArchivedAsync(archive, id, cancellationToken);

    public Task<long> ArchiveHeadAsync(string archive, CancellationToken cancellationToken) => store.ArchiveHeadAsync(archive, cancellationToken);

    public Task<IReadOnlyList<IndexRow>> IndexAsync(string index, string fromKey, string toKey, int max, bool descending, CancellationToken cancellationToken) =>
        store.IndexAsync(index, fromKey, toKey, max, descending, cancellationToken);

    public Task<IReadOnlyList<ShardLease>> LeaseShardsAsync(string owner, int fromShard, int toShard, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        store.LeaseShardsAsync(owner, fromShard, toShard, now, until, cancellationToken);

    public Task ReleaseShardsAsync(string owner, CancellationToken cancellationToken) => store.ReleaseShardsAsync(owner, cancellationToken);

    private TaskCompletionSource Of(string scenario) => reached.GetOrAdd(scenario, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
