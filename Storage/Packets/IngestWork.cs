using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>One call's receptions on their way into the log: all or none.</summary>
internal sealed class IngestWork(
    IReadOnlyList<CheckedReception> receptions, DateTimeOffset storedAt, long octets, FeedHeads heads, LogTail tail, CancellationToken cancellationToken) : WriteWork
{
    private readonly LogAnswer _answer = new(receptions, heads, tail);
    private readonly List<(FeedRow Row, FeedGrowth Growth)> _grown = [];

    public override long Octets => octets;

    public override CancellationToken CancellationToken => cancellationToken;

    public Task<LogAppend> Answer => _answer.Task;

    public override void Apply(Connection connection)
    {
        var statements = connection.Part(static c => new PacketStatements(c));
        var invalid = 0;
        var positions = new List<long>();
        _grown.Clear();
        foreach (var reception in receptions)
        {
            var feed = statements.Feed(reception.Feed);
            if (Write(connection, statements, feed, GrowthOf(feed), reception))
            {
                positions.Add(feed.Head);
                invalid += reception.Verdict.IsPacket() ? 0 : 1;
            }
        }

        _grown.RemoveAll(static one => one.Row.Head == one.Growth.After);
        foreach (var (feed, growth) in _grown)
        {
            statements.MoveHead(feed);
            growth.UpTo = feed.Head;
            connection.Faults?.At(StorageStep.FeedMoved, receptions);
        }

        _answer.Decide(positions, invalid, [.. _grown.Select(static one => one.Growth)]);
    }

    public override void Committed() => _answer.Committed();

    public override void Failed(Exception failure) => _answer.Failed(failure);

    public override void Cancelled() => _answer.Cancelled(cancellationToken);

    private FeedGrowth GrowthOf(FeedRow feed)
    {
        foreach (var (known, grown) in _grown)
        {
            if (known == feed)
            {
                return grown;
            }
        }

        var growth = new FeedGrowth(feed.Feed, feed.Head);
        _grown.Add((feed, growth));
        return growth;
    }

    /// <returns>False for a reception that was here before.</returns>
    private bool Write(Connection connection, PacketStatements statements, FeedRow feed, FeedGrowth growth, CheckedReception reception)
    {
        var (id, taken) = (reception.Id, reception.Reception);
        var station = statements.Station(taken.Station);
        var receivedMs = taken.ReceivedAt.ToUnixTimeMilliseconds();
        var (high, low) = (unchecked((long)id.High), unchecked((long)id.Low));
        var seen = statements.Seen.Bind(1, feed.Id).Bind(2, receivedMs).Bind(3, station).Bind(4, high).Bind(5, low).Bind(6, feed.Head + 1).Run();
        if (seen == 0)
        {
            return false;
        }

        connection.Faults?.At(StorageStep.SeenWritten, receptions);
        feed.Head++;
        var key = feed.Key(feed.Head);
        var app = feed.App(reception.Verdict, reception.Header);
        var (copyOf, conflict) = FindOrAddContent(connection, statements, key, app, reception);
        growth.Conflict |= conflict;
        if (copyOf is null && reception.Verdict.IsPacket())
        {
            growth.Packets.Add(LogAnswer.Logged(feed.Head, conflict, reception, storedAt));
        }

        var row = statements.Reception.Bind(1, key).Bind(3, station).Bind(4, receivedMs).Bind(6, (int)reception.Verdict).Bind(7, app).Bind(8, storedAt.UtcTicks);
        _ = copyOf is { } content ? row.Bind(2, content) : row.BindNull(2);
        _ = taken.SignalDbm is { } signal ? row.Bind(5, signal) : row.BindNull(5);
        row.Run();
        connection.Faults?.At(StorageStep.ReceptionWritten, receptions);
        return true;
    }

    /// <returns>
    /// Key of the content this is a copy of; null when the content is new and now stands under the reception's own key, and then
    /// whether another stands under the same header.
    /// </returns>
    private (long? CopyOf, bool Conflict) FindOrAddContent(Connection connection, PacketStatements statements, long key, int app, CheckedReception reception)
    {
        var (time, count) = (reception.Header?.PacketTime.UtcTicks ?? 0, reception.Header?.SequenceCount ?? 0);
        var (high, low) = (unchecked((long)reception.Id.High), unchecked((long)reception.Id.Low));
        if (statements.FindContent.Bind(1, app).Bind(2, time).Bind(3, count).Bind(4, high).Bind(5, low).Scalar() is { } known)
        {
            return (known, false);
        }

        var conflict = reception.Header is not null && IsConflict(statements, app, time, count);
        statements.Content.Bind(1, key).Bind(2, app).Bind(3, time).Bind(4, count).Bind(5, high).Bind(6, low)
            .Bind(7, conflict ? 1 : 0).Bind(8, reception.Reception.Octets.Span).Run();
        connection.Faults?.At(StorageStep.ContentWritten, receptions);
        return (null, conflict);
    }

    /// <summary>Another content under the same header? It is flagged too, if it stood alone until now: then it is the only one without the flag.</summary>
    private static bool IsConflict(PacketStatements statements, int app, long time, int count)
    {
        var other = statements.SameHeader.Bind(1, app).Bind(2, time).Bind(3, count);
        if (!other.Step())
        {
            return false;
        }

        var (otherKey, flagged) = (other.Int(0), other.Int(1) != 0);
        other.Reset();
        if (!flagged)
        {
            statements.FlagConflict.Bind(1, otherKey).Run();
        }

        return true;
    }
}
