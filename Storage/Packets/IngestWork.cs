using Svom.EventStore;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>One call's receptions on their way into the log: all or none.</summary>
internal sealed class IngestWork(
    IReadOnlyList<CheckedReception> receptions, DateTimeOffset storedAt, long octets, FeedHeads heads, LogTail tail, CancellationToken cancellationToken) : WriteWork
{
    private readonly TaskCompletionSource<LogAppend> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Growth> _grown = [];
    private LogAppend? _result;

    public override long Octets => octets;

    public override CancellationToken CancellationToken => cancellationToken;

    public Task<LogAppend> Answer => _answer.Task;

    public override void Apply(Connection connection)
    {
        var statements = connection.Part(static c => new PacketStatements(c));
        var (accepted, invalid) = (0, 0);
        long? first = null, last = null;
        _grown.Clear();
        foreach (var reception in receptions)
        {
            var feed = statements.Feed(reception.Feed);
            if (!Write(connection, statements, GrowthOf(feed), reception))
            {
                continue;
            }

            accepted++;
            invalid += reception.Verdict == ReceptionVerdict.Valid ? 0 : 1;
            first ??= feed.Head;
            last = feed.Head;
        }

        _grown.RemoveAll(static growth => growth.Feed.Head == growth.After);
        foreach (var growth in _grown)
        {
            statements.MoveHead(growth.Feed);
            growth.UpTo = growth.Feed.Head;
            connection.Faults?.At(StorageStep.FeedMoved, receptions);
        }

        var oneFeed = receptions.All(one => one.Feed == receptions[0].Feed);
        _result = new(accepted, receptions.Count - accepted, invalid, oneFeed ? first : null, oneFeed ? last : null);
    }

    public override void Committed()
    {
        // Before the answer: who has been answered finds its receptions counted.
        foreach (var growth in _grown)
        {
            tail.Add(growth.Feed.Feed, growth.After, growth.UpTo, growth.Packets);
            if (growth.Conflict)
            {
                tail.Distrust(growth.Feed.Feed);
            }

            heads.Publish(growth.Feed.Feed, growth.UpTo);
        }

        _answer.TrySetResult(_result!);
    }

    public override void Failed(Exception failure) =>
        _answer.TrySetException(new AppendUncertainException($"The commit of {receptions.Count} receptions failed; sending them again is safe.", failure));

    public override void Cancelled() => _answer.TrySetCanceled(cancellationToken);

    private Growth GrowthOf(FeedRow feed)
    {
        foreach (var known in _grown)
        {
            if (known.Feed == feed)
            {
                return known;
            }
        }

        var growth = new Growth(feed);
        _grown.Add(growth);
        return growth;
    }

    /// <returns>False for a reception that was here before.</returns>
    private bool Write(Connection connection, PacketStatements statements, Growth growth, CheckedReception reception)
    {
        var (feed, id, taken) = (growth.Feed, reception.Id, reception.Reception);
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
        var app = feed.App(reception.Header);
        var (copyOf, conflict) = FindOrAddContent(connection, statements, key, app, reception);
        growth.Conflict |= conflict;
        if (copyOf is null && reception.Verdict == ReceptionVerdict.Valid)
        {
            growth.Packets.Add(Logged(feed.Head, conflict, reception));
        }

        var row = statements.Reception.Bind(1, key).Bind(3, station).Bind(4, receivedMs).Bind(6, (int)reception.Verdict).Bind(7, app).Bind(8, storedAt.UtcTicks);
        _ = copyOf is { } content ? row.Bind(2, content) : row.BindNull(2);
        _ = taken.SignalDbm is { } signal ? row.Bind(5, signal) : row.BindNull(5);
        row.Run();
        connection.Faults?.At(StorageStep.ReceptionWritten, receptions);
        return true;
    }

    /// <summary>The reception as a query would give it back: with an array of its own, for the request's is large and soon let go.</summary>
    private LoggedReception Logged(long position, bool conflict, CheckedReception reception)
    {
        var (id, taken) = (reception.Id, reception.Reception);
        return new(
            position, taken.Station, DateTimeOffset.FromUnixTimeMilliseconds(taken.ReceivedAt.ToUnixTimeMilliseconds()), taken.SignalDbm, reception.Verdict, id,
            reception.Header is { } header ? header with { PacketTime = header.PacketTime.ToUniversalTime() } : null,
            FirstCopy: true, conflict, storedAt.ToUniversalTime(), taken.Octets.ToArray());
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

    /// <summary>What this call brings to one feed.</summary>
    private sealed class Growth(FeedRow feed)
    {
        public FeedRow Feed => feed;

        public long After { get; } = feed.Head;

        public long UpTo { get; set; }

        public List<LoggedReception> Packets { get; } = [];

        /// <summary>A content came under a known header, so that an older row may have been flagged too.</summary>
        public bool Conflict { get; set; }
    }
}
