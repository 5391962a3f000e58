using Svom.Sqlite;

namespace Svom.Packets;

/// <summary>Queries of the packet log.</summary>
internal static class PacketReads
{
    private const int MaxCopies = 1000;

    /// <summary>Every feed with its id and head.</summary>
    public static List<(FeedId Feed, long Id, long Head, long Hashed)> Feeds(Connection connection)
    {
        var query = connection.Prepare("SELECT spacecraft, session, id, head, hashed FROM feed");
        var feeds = new List<(FeedId, long, long, long)>();
        while (query.Step())
        {
            var session = query.Text(1);
            feeds.Add((new(query.Text(0), session.Length == 0 ? null : session), query.Int(2), query.Int(3), query.Int(4)));
        }

        return feeds;
    }

    public static (long Id, long Hashed)? Feed(Connection connection, FeedId feed)
    {
        var query = connection.Prepare("SELECT id, hashed FROM feed WHERE spacecraft = ?1 AND session = ?2").Bind(1, feed.Spacecraft).Bind(2, feed.Session ?? "");
        (long, long)? row = query.Step() ? (query.Int(0), query.Int(1)) : null;
        query.Reset();
        return row;
    }

    /// <summary>Stored position of a reader; 0 without one.</summary>
    public static long Position(Connection connection, string reader, FeedId feed) =>
        Feed(connection, feed) is { } row
            ? connection.Prepare("SELECT position FROM reader WHERE name = ?1 AND feed = ?2").Bind(1, reader).Bind(2, row.Id).Scalar() ?? 0
            : 0;

    /// <param name="connection">Where to read.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="after">Position before the first.</param>
    /// <param name="head">Committed head, known before the query begins: the query sees at least that far and looks no farther.</param>
    /// <param name="max">Most rows.</param>
    /// <param name="packetsOnly">First valid copies only.</param>
    public static LogSlice Slice(Connection connection, FeedId feed, long after, long head, int max, bool packetsOnly)
    {
        if (after >= head || max <= 0 || Feed(connection, feed) is not { } row)
        {
            return new([], after);
        }

        var low = row.Id << PacketSchema.FeedShift;
        var query = connection.Prepare(packetsOnly
            ? $"SELECT {PacketRows.Columns} FROM content c CROSS JOIN reception r ON r.key = c.key WHERE c.key > ?1 AND c.key <= ?2 AND c.app & 4095 < 4095 ORDER BY c.key LIMIT ?3"
            : $"SELECT {PacketRows.Columns} FROM reception r CROSS JOIN content c ON c.key = coalesce(r.copy_of, r.key) WHERE r.key > ?1 AND r.key <= ?2 ORDER BY r.key LIMIT ?3");
        var items = connection.Part(static c => new PacketRows(c)).Take(query.Bind(1, low + after).Bind(2, low + head).Bind(3, max));
        return new(items, items.Count == max ? items[^1].Position : head);
    }

    /// <summary>What was diverted, on from a position.</summary>
    public static LogSlice Diverted(Connection connection, FeedId feed, long after, long head, int max)
    {
        if (Feed(connection, feed) is not { } row)
        {
            return new([], after);
        }

        var low = row.Id << PacketSchema.FeedShift;
        var query = connection.Prepare(
            $"SELECT {PacketRows.Columns} FROM reception r CROSS JOIN content c ON c.key = coalesce(r.copy_of, r.key) WHERE r.app = ?1 AND r.key > ?2 AND r.key <= ?3 ORDER BY r.key LIMIT ?4");
        var items = connection.Part(static c => new PacketRows(c)).Take(query.Bind(1, (row.Id << 12) + PacketSchema.NoApid).Bind(2, low + after).Bind(3, low + head).Bind(4, max));
        return new(items, items.Count == max ? items[^1].Position : head);
    }

    public static List<LoggedReception> Copies(Connection connection, FeedId feed, PacketId id)
    {
        var rows = connection.Part(static c => new PacketRows(c));
        var found = new List<LoggedReception>();
        if (Feed(connection, feed) is not { } row)
        {
            return found;
        }

        // One content has two rows when the packet definitions changed between its copies.
        foreach (var key in Contents(connection, row.Id, row.Hashed, id))
        {
            found.AddRange(rows.Take(connection.Prepare($"""
                SELECT {PacketRows.Columns} FROM (
                    SELECT * FROM reception WHERE key = ?1 UNION ALL SELECT * FROM (SELECT * FROM reception WHERE copy_of = ?1 ORDER BY key LIMIT {MaxCopies})) r
                CROSS JOIN content c ON c.key = ?1 ORDER BY r.key LIMIT {MaxCopies}
                """).Bind(1, key)));
        }

        return [.. found.OrderBy(static one => one.Position).Take(MaxCopies)];
    }

    /// <summary>Counts of an application's packets within a span of packet time: the index by header holds all that is needed.</summary>
    public static List<int> Counts(Connection connection, FeedId feed, int apid, DateTimeOffset from, DateTimeOffset to, int max)
    {
        var counts = new HashSet<int>();
        if (Feed(connection, feed) is { } row)
        {
            foreach (var app in (ReadOnlySpan<int>)[apid, apid + AppCode.Recovered])
            {
                var query = connection.Prepare("SELECT count FROM content WHERE app = ?1 AND time_ticks >= ?2 AND time_ticks <= ?3 ORDER BY time_ticks LIMIT ?4")
                    .Bind(1, (row.Id << 12) + app).Bind(2, from.UtcTicks).Bind(3, to.UtcTicks).Bind(4, max);
                while (query.Step())
                {
                    counts.Add((int)query.Int(0));
                }
            }
        }

        return [.. counts];
    }

    public static List<FeedId> Where(Connection connection, PacketId id) =>
        [.. Feeds(connection).Where(feed => Contents(connection, feed.Id, feed.Hashed, id).Count > 0).Select(static feed => feed.Feed)];

    /// <summary>Keys of a content in a feed: from the table by digest, and from the end of the feed that is not in it yet.</summary>
    private static SortedSet<long> Contents(Connection connection, long feed, long hashed, PacketId id)
    {
        var (low, high) = (feed << PacketSchema.FeedShift, (feed + 1) << PacketSchema.FeedShift);
        var keys = new SortedSet<long>();
        Add(connection.Prepare("""
            SELECT c.key FROM by_digest d CROSS JOIN content c ON c.key = d.key
            WHERE d.high = ?1 AND c.low = ?2 AND d.key > ?3 AND d.key < ?4
            """).Bind(3, low));
        Add(connection.Prepare("SELECT key FROM content WHERE high = ?1 AND low = ?2 AND key > ?3 AND key < ?4").Bind(3, low + hashed));
        return keys;

        void Add(Statement query)
        {
            query.Bind(1, unchecked((long)id.High)).Bind(2, unchecked((long)id.Low)).Bind(4, high);
            while (query.Step())
            {
                keys.Add(query.Int(0));
            }
        }
    }
}
