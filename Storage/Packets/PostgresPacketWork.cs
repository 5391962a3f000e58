using Svom.Storage;

namespace Svom.Packets;

/// <summary>What the writer of the packet log in PostgreSQL takes: calls of receptions, and positions of readers.</summary>
internal abstract class PostgresPacketWork : QueuedWork;

/// <summary>One call's receptions on their way into the log: all or none.</summary>
internal sealed class PostgresIngest(
    IReadOnlyList<CheckedReception> receptions, DateTimeOffset storedAt, long octets, FeedHeads heads, LogTail tail, CancellationToken cancellationToken) : PostgresPacketWork
{
    public override long Octets => octets;

    public override CancellationToken CancellationToken => cancellationToken;

    public IReadOnlyList<CheckedReception> Receptions => receptions;

    public DateTimeOffset StoredAt => storedAt;

    public LogAnswer Answer { get; } = new(receptions, heads, tail);

    public override void Committed() => Answer.Committed();

    public override void Failed(Exception failure) => Answer.Failed(failure);

    public override void Cancelled() => Answer.Cancelled(cancellationToken);
}

/// <summary>A reader's position that goes with the next commit.</summary>
internal sealed class PostgresPosition(ReaderPositions positions, string reader, FeedId feed) : PostgresPacketWork
{
    public string Reader => reader;

    public FeedId Feed => feed;

    public long Take() => positions.Take(reader, feed);

    public override void Committed()
    {
    }

    // The next position brings it along; until then a crash reads a little again.
    public override void Failed(Exception failure)
    {
    }
}
