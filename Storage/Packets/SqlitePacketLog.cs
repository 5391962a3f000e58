using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>The packet log in <c>packets.db</c> of the data folder: its own file and writer, so that bulk never delays a decision.</summary>
public sealed class SqlitePacketLog : IPacketLog, IAsyncDisposable
{
    private readonly LogTail _tail = new(LogTail.Length);
    private readonly ReaderPositions _positions = new();
    private readonly FeedHeads _heads;
    private readonly ReadPool _reads;

    public SqlitePacketLog(DataFolder folder, IOptions<StorageOptions> options, TimeProvider time, IMeterFactory? meters = null)
        : this(folder, options.Value, time, null)
    {
        Writer.Measure(meters, "packets");
    }

    internal SqlitePacketLog(DataFolder folder, StorageOptions options, TimeProvider time, IStorageFaults? faults)
    {
        var file = folder.File("packets.db");
        _heads = new(time);
        Writer = new(file, PacketSchema.Schema, 1, options.Ingests, time.GetUtcNow(), faults, KeepHouse);
        _reads = new(file, options.ReadConnections);
        using var connection = new Connection(file, ConnectionUse.Read);
        PublishHeads(connection);
    }

    internal WriterThread Writer { get; }

    public Task<LogAppend> AppendAsync(IReadOnlyList<CheckedReception> receptions, DateTimeOffset storedAt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (receptions.Count == 0)
        {
            return Task.FromResult(new LogAppend(0, 0, 0, null, null));
        }

        var work = new IngestWork(receptions, storedAt, LogAnswer.Weigh(receptions), _heads, _tail, cancellationToken);
        return Writer.TryAdd(work) ? work.Answer : Task.FromResult(new LogAppend(0, 0, 0, null, null, Overloaded: true));
    }

    public Task<LogSlice> ReadAsync(FeedId feed, long after, int max, bool packetsOnly, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var head = _heads.Head(feed);
        return after >= head || max <= 0 ? Task.FromResult(new LogSlice([], after))
            : packetsOnly && _tail.Read(feed, after, head, max) is { } slice ? Task.FromResult(slice)
            : _reads.ReadAsync(c => PacketReads.Slice(c, feed, after, head, max, packetsOnly), cancellationToken);
    }

    public Task<LogSlice> ReadDivertedAsync(FeedId feed, long after, int max, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var head = _heads.Head(feed);
        return after >= head || max <= 0
            ? Task.FromResult(new LogSlice([], after))
            : _reads.ReadAsync(c => PacketReads.Diverted(c, feed, after, head, max), cancellationToken);
    }

    public Task<long> HeadAsync(FeedId feed, CancellationToken cancellationToken) => Task.FromResult(_heads.Head(feed));

    public Task<IReadOnlyList<FeedId>> FeedsAsync(CancellationToken cancellationToken) => Task.FromResult(_heads.Feeds);

    public Task<long> WaitAnyAsync(long ticket, TimeSpan atMost, CancellationToken cancellationToken) =>
        _heads.WaitAnyAsync(ticket, atMost, cancellationToken);

    public Task<LogFind> FindAsync(PacketQuery query, CancellationToken cancellationToken) =>
        _reads.ReadAsync(c => PacketFind.Find(c, query), cancellationToken);

    public Task<IReadOnlyList<LoggedReception>> CopiesAsync(FeedId feed, PacketId id, CancellationToken cancellationToken) =>
        _reads.ReadAsync<IReadOnlyList<LoggedReception>>(c => PacketReads.Copies(c, feed, id), cancellationToken);

    public Task<IReadOnlyList<int>> CountsAsync(FeedId feed, int apid, DateTimeOffset from, DateTimeOffset to, int max, CancellationToken cancellationToken) =>
        _reads.ReadAsync<IReadOnlyList<int>>(c => PacketReads.Counts(c, feed, apid, from, to, max), cancellationToken);

    public Task<IReadOnlyList<FeedId>> WhereAsync(PacketId id, CancellationToken cancellationToken) =>
        _reads.ReadAsync<IReadOnlyList<FeedId>>(c => PacketReads.Where(c, id), cancellationToken);

    public async Task<long> CheckpointAsync(string reader, FeedId feed, CancellationToken cancellationToken) =>
        _positions.Saved(reader, feed) ?? await _reads.ReadAsync(c => PacketReads.Position(c, reader, feed), cancellationToken);

    public async Task SaveCheckpointAsync(string reader, FeedId feed, long position, CancellationToken cancellationToken)
    {
        // Never backwards, also against what a former process wrote.
        if (position > await CheckpointAsync(reader, feed, cancellationToken) && _positions.Save(reader, feed, position))
        {
            Writer.AddLazy(new PositionWork(_positions, reader, feed));
        }
    }

    /// <summary>Commits what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _reads.Dispose();
        await Writer.DisposeAsync();
    }

    private void KeepHouse(Connection connection, bool failed)
    {
        if (failed)
        {
            // A commit of which nobody knows may have landed: the table knows.
            PublishHeads(connection);
        }

        DigestTable.Fill(connection);
    }

    private void PublishHeads(Connection connection)
    {
        foreach (var feed in PacketReads.Feeds(connection))
        {
            _heads.Publish(feed.Feed, feed.Head);
        }
    }
}
