using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Svom.Postgres;
using Svom.Storage;

namespace Svom.EventStore;

/// <summary>The event store in a PostgreSQL database that several silos share.</summary>
public sealed class PostgresEventStore : IEventStore, IAsyncDisposable
{
    private const string Schema = "svom_events";
    private static readonly int Lanes = Enum.GetValues<AppendLane>().Length;

    private readonly PostgresEventWriter _writer;
    private readonly AppendTelling _telling;
    private readonly Func<long> _lastTicket;
    private readonly SettledRows _settled = new();
    private readonly bool _callersTime;

    public PostgresEventStore(
        IOptions<StorageOptions> options, TimeProvider time, IEnumerable<IAppendObserver> observers, ILogger<PostgresEventStore> logger, IMeterFactory? meters = null)
        : this(options.Value, time, observers, logger, null, callersTime: false)
    {
        _writer.Measure(meters, "events");
    }

    /// <param name="options">Address and bounds.</param>
    /// <param name="time">Clock of commits.</param>
    /// <param name="observers">Told of what landed.</param>
    /// <param name="logger">Of observers' failures.</param>
    /// <param name="faults">Test hook.</param>
    /// <param name="callersTime">Leases expire by the caller's clock, so that a test can move it.</param>
    internal PostgresEventStore(
        StorageOptions options, TimeProvider time, IEnumerable<IAppendObserver> observers, ILogger<PostgresEventStore> logger, IStorageFaults? faults, bool callersTime)
    {
        (_telling, _callersTime) = (new(observers, logger), callersTime);
        Database = new(options.ConnectionString, Schema, options.ReadConnections, time);
        _writer = new(Database, options, Lanes, time, faults);
        _lastTicket = () => _writer.LastTicket;
    }

    /// <summary>The database, for the other tables of the schema.</summary>
    internal PostgresDatabase Database { get; }

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (broken, octets) = AppendLimits.Check(append);
        if (broken is not null)
        {
            return Task.FromResult(new AppendResult(AppendOutcome.Malformed, 0, [], broken));
        }

        var work = new PostgresAppend(append, octets, _lastTicket, _telling.Tell, cancellationToken);
        return _writer.TryAdd(work)
            ? work.Answer.Task
            : Task.FromResult(new AppendResult(AppendOutcome.Overloaded, 0, [], $"lane {append.Lane} is full"));
    }

    public Task<StreamContent> LoadAsync(StreamId stream, CancellationToken cancellationToken) =>
        Database.ReadAsync(c => PostgresStreamReads.LoadAsync(c, stream, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<StreamRow>> ReadAsync(StreamId stream, long afterVersion, int max, CancellationToken cancellationToken) =>
        Database.ReadAsync(c => PostgresStreamReads.ReadAsync(c, stream, afterVersion, max, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<OwedRow>> OwedAsync(int fromShard, int toShard, int max, CancellationToken cancellationToken)
    {
        var settled = _settled.Copy();
        return Database.ReadAsync(c => PostgresStreamReads.OwedAsync(c, fromShard, toShard, max, settled, cancellationToken), cancellationToken);
    }

    public Task SettleAsync(IReadOnlyList<OwedRow> delivered, CancellationToken cancellationToken)
    {
        _settled.Add(delivered);
        _writer.AddLazy(new PostgresSettle(delivered, _settled));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DueRow>> DueAsync(int fromShard, int toShard, DateTimeOffset until, int max, CancellationToken cancellationToken) =>
        Database.ReadAsync(c => PostgresStreamReads.DueAsync(c, fromShard, toShard, until, max, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> ArchiveAsync(string archive, long after, int max, CancellationToken cancellationToken) =>
        ReadAsync<ArchivedEntry>(c => PostgresArchiveReads.AfterAsync(c, archive, after, max, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> SearchArchiveAsync(string archive, ArchiveQuery query, CancellationToken cancellationToken) =>
        ReadAsync<ArchivedEntry>(c => PostgresArchiveReads.SearchAsync(c, archive, query, cancellationToken), cancellationToken);

    public Task<ArchivedEntry?> ArchivedAsync(string archive, string id, CancellationToken cancellationToken) =>
        Database.ReadAsync(c => PostgresArchiveReads.ByIdAsync(c, archive, id, cancellationToken), cancellationToken);

    public Task<long> ArchiveHeadAsync(string archive, CancellationToken cancellationToken) =>
        Database.ReadAsync(c => PostgresArchiveReads.HeadAsync(c, archive, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<IndexRow>> IndexAsync(
        string index, string fromKey, string toKey, int max, bool descending, CancellationToken cancellationToken) =>
        Database.ReadAsync(c => PostgresStreamReads.IndexAsync(c, index, fromKey, toKey, max, descending, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<ShardLease>> LeaseShardsAsync(
        string owner, int fromShard, int toShard, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var clock = _callersTime ? FormattableString.Invariant($"{now.UtcTicks}::bigint") : PostgresShardLeases.DatabaseClock;
        return Database.ReadAsync(c => PostgresShardLeases.LeaseAsync(c, clock, owner, fromShard, toShard, now, until, cancellationToken), cancellationToken);
    }

    public Task ReleaseShardsAsync(string owner, CancellationToken cancellationToken) =>
        Database.ReadAsync(c => PostgresShardLeases.ReleaseAsync(c, owner, cancellationToken), cancellationToken);

    /// <summary>Commits what is queued and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await Database.DisposeAsync();
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(Func<NpgsqlConnection, Task<List<T>>> read, CancellationToken cancellationToken) =>
        Database.ReadAsync<IReadOnlyList<T>>(async c => await read(c), cancellationToken);
}
