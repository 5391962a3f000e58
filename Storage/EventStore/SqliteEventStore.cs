using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.EventStore;

/// <summary>The event store in <c>events.db</c> of the data folder. Orleans' own state lives in the same file, behind the same writer.</summary>
public sealed class SqliteEventStore : IEventStore, IAsyncDisposable
{
    private static readonly int Lanes = Enum.GetValues<AppendLane>().Length;

    private readonly AppendTelling _telling;
    private readonly TimeProvider _time;
    private readonly Func<long> _lastTicket;
    private readonly SettledRows _settled = new();
    private readonly ReadPool _reads;

    public SqliteEventStore(
        DataFolder folder, IOptions<StorageOptions> options, TimeProvider time, IEnumerable<IAppendObserver> observers, ILogger<SqliteEventStore> logger, IMeterFactory? meters = null)
        : this(folder, options.Value, time, observers, logger, null)
    {
        Writer.Measure(meters, "events");
    }

    internal SqliteEventStore(
        DataFolder folder, StorageOptions options, TimeProvider time, IEnumerable<IAppendObserver> observers,
        ILogger<SqliteEventStore> logger, IStorageFaults? faults)
    {
        (_telling, _time) = (new(observers, logger), time);
        var file = folder.File("events.db");
        Writer = new(file, EventSchema.Schema, Lanes, options.Appends, time.GetUtcNow(), faults);
        _lastTicket = () => Writer.LastTicket;
        _reads = new(file, options.ReadConnections);
    }

    /// <summary>The writer, for the other tables of the file.</summary>
    internal WriterThread Writer { get; }

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (broken, octets) = AppendLimits.Check(append);
        if (broken is not null)
        {
            return Task.FromResult(new AppendResult(AppendOutcome.Malformed, 0, [], broken));
        }

        var work = new AppendWork(append, octets, _time, _lastTicket, _telling.Tell, cancellationToken);
        return Writer.TryAdd(work)
            ? work.Answer
            : Task.FromResult(new AppendResult(AppendOutcome.Overloaded, 0, [], $"lane {append.Lane} is full"));
    }

    public Task<StreamContent> LoadAsync(StreamId stream, CancellationToken cancellationToken) =>
        ReadAsync(c => StreamReads.Load(c, stream), cancellationToken);

    public Task<IReadOnlyList<StreamRow>> ReadAsync(StreamId stream, long afterVersion, int max, CancellationToken cancellationToken) =>
        ReadAsync(c => StreamReads.Read(c, stream, afterVersion, max), cancellationToken);

    public Task<IReadOnlyList<OwedRow>> OwedAsync(int fromShard, int toShard, int max, CancellationToken cancellationToken)
    {
        var settled = _settled.Copy();
        return ReadAsync<IReadOnlyList<OwedRow>>(c => StreamReads.Owed(c, fromShard, toShard, max, settled), cancellationToken);
    }

    public Task SettleAsync(IReadOnlyList<OwedRow> delivered, CancellationToken cancellationToken)
    {
        _settled.Add(delivered);
        Writer.AddLazy(new SettleWork(delivered, _settled));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DueRow>> DueAsync(int fromShard, int toShard, DateTimeOffset until, int max, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DueRow>>(c => StreamReads.Due(c, fromShard, toShard, until, max), cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> ArchiveAsync(string archive, long after, int max, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ArchivedEntry>>(c => ArchiveReads.After(c, archive, after, max), cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> SearchArchiveAsync(string archive, ArchiveQuery query, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ArchivedEntry>>(c => ArchiveReads.Search(c, archive, query), cancellationToken);

    public Task<ArchivedEntry?> ArchivedAsync(string archive, string id, CancellationToken cancellationToken) =>
        ReadAsync(c => ArchiveReads.ById(c, archive, id), cancellationToken);

    public Task<long> ArchiveHeadAsync(string archive, CancellationToken cancellationToken) =>
        ReadAsync(c => ArchiveReads.Head(c, archive), cancellationToken);

    public Task<IReadOnlyList<IndexRow>> IndexAsync(
        string index, string fromKey, string toKey, int max, bool descending, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<IndexRow>>(c => StreamReads.Index(c, index, fromKey, toKey, max, descending), cancellationToken);

    public Task<IReadOnlyList<ShardLease>> LeaseShardsAsync(
        string owner, int fromShard, int toShard, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        CallAsync(AppendLane.Decision, c => ShardLeases.Lease(c, owner, fromShard, toShard, now, until), cancellationToken);

    public Task ReleaseShardsAsync(string owner, CancellationToken cancellationToken) =>
        CallAsync(AppendLane.Decision, c => ShardLeases.Release(c, owner), cancellationToken);

    /// <summary>Commits what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _reads.Dispose();
        await Writer.DisposeAsync();
    }

    /// <summary>Reads the file beside the writer.</summary>
    internal Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => _reads.ReadAsync(read, cancellationToken);

    /// <summary>Writes other tables of the file in the writer's next commit.</summary>
    internal Task<T> CallAsync<T>(AppendLane lane, Func<Connection, T> write, CancellationToken cancellationToken) =>
        Writer.CallAsync((int)lane, write, cancellationToken);
}
