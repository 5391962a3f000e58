using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Svom.Postgres;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>The packet log in a PostgreSQL database that several silos share; its own schema and writer, so that bulk never delays a decision.</summary>
public sealed class PostgresPacketLog : IPacketLog, IAsyncDisposable
{
    private const string Schema = "svom_packets";

    private readonly LogTail _tail = new(LogTail.Length);
    private readonly ReaderPositions _positions = new();
    private readonly FeedHeads _heads;
    private readonly PostgresDatabase _database;
    private readonly PostgresPacketWriter _writer;
    private readonly FeedListener _listener;

    public PostgresPacketLog(IOptions<StorageOptions> options, TimeProvider time, IMeterFactory? meters = null)
        : this(options.Value, time, null)
    {
        _writer.Measure(meters, "packets");
    }

    internal PostgresPacketLog(StorageOptions options, TimeProvider time, IStorageFaults? faults)
    {
        _heads = new(time);
        _database = new(options.ConnectionString, Schema, options.ReadConnections, time);
        _writer = new(_database, options, time, faults);
        _listener = new(_database, _heads, time);
    }

    public Task<LogAppend> AppendAsync(IReadOnlyList<CheckedReception> receptions, DateTimeOffset storedAt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (receptions.Count == 0)
        {
            return Task.FromResult(new LogAppend(0, 0, 0, null, null));
        }

        var work = new PostgresIngest(receptions, storedAt, LogAnswer.Weigh(receptions), _heads, _tail, cancellationToken);
        return _writer.TryAdd(work) ? work.Answer.Task : Task.FromResult(new LogAppend(0, 0, 0, null, null, Overloaded: true));
    }

    public Task<LogSlice> ReadAsync(FeedId feed, long after, int max, bool packetsOnly, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var head = _heads.Head(feed);
        return after >= head || max <= 0 ? Task.FromResult(new LogSlice([], after))
            : packetsOnly && _tail.Read(feed, after, head, max) is { } slice ? Task.FromResult(slice)
            : _database.ReadAsync(c => PostgresPacketReads.SliceAsync(c, feed, after, head, max, packetsOnly, cancellationToken), cancellationToken);
    }

    public Task<LogSlice> ReadDivertedAsync(FeedId feed, long after, int max, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var head = _heads.Head(feed);
        return after >= head || max <= 0
            ? Task.FromResult(new LogSlice([], after))
            : _database.ReadAsync(c => PostgresPacketReads.DivertedAsync(c, feed, after, head, max, cancellationToken), cancellationToken);
    }

    public Task<long> HeadAsync(FeedId feed, CancellationToken cancellationToken) => Task.FromResult(_heads.Head(feed));

    public Task<IReadOnlyList<FeedId>> FeedsAsync(CancellationToken cancellationToken) => Task.FromResult(_heads.Feeds);

    public Task<long> WaitAnyAsync(long ticket, TimeSpan atMost, CancellationToken cancellationToken) =>
        _heads.WaitAnyAsync(ticket, atMost, cancellationToken);

    public Task<LogFind> FindAsync(PacketQuery query, CancellationToken cancellationToken) =>
        _database.ReadAsync(c => PostgresPacketFind.FindAsync(c, query, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<LoggedReception>> CopiesAsync(FeedId feed, PacketId id, CancellationToken cancellationToken) =>
        _database.ReadAsync(c => PostgresPacketReads.CopiesAsync(c, feed, id, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<int>> CountsAsync(FeedId feed, int apid, DateTimeOffset from, DateTimeOffset to, int max, CancellationToken cancellationToken) =>
        _database.ReadAsync(c => PostgresPacketReads.CountsAsync(c, feed, apid, from, to, max, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<FeedId>> WhereAsync(PacketId id, CancellationToken cancellationToken) =>
        _database.ReadAsync(c => PostgresPacketReads.WhereAsync(c, id, cancellationToken), cancellationToken);

    // A reader may have gone on in another silo since this one saved a position of it.
    public async Task<long> CheckpointAsync(string reader, FeedId feed, CancellationToken cancellationToken) => Math.Max(
        _positions.Saved(reader, feed) ?? 0, await _database.ReadAsync(c => PostgresPacketReads.PositionAsync(c, reader, feed, cancellationToken), cancellationToken));

    // Never backwards, also against what another process wrote: the database keeps the greater.
    public Task SaveCheckpointAsync(string reader, FeedId feed, long position, CancellationToken cancellationToken)
    {
        if (_positions.Save(reader, feed, position))
        {
            _writer.AddLazy(new PostgresPosition(_positions, reader, feed));
        }

        return Task.CompletedTask;
    }

    /// <summary>Commits what is queued and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }
}
