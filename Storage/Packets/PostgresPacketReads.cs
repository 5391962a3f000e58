using Npgsql;
using Svom.Postgres;

namespace Svom.Packets;

/// <summary>Queries of the packet log.</summary>
internal static class PostgresPacketReads
{
    /// <summary>What <see cref="Row"/> takes, from <c>reception r</c>, <c>content c</c> and <c>station s</c>.</summary>
    public const string Columns =
        "r.position, s.name, r.received_ms, r.signal_dbm, r.verdict, r.stored_ticks, r.copy_of IS NULL, c.apid, c.time_ticks, c.count, c.digest, c.conflict, c.octets";

    public const string OfReception = "JOIN content c ON c.feed = r.feed AND c.position = coalesce(r.copy_of, r.position) JOIN station s ON s.id = r.station";

    /// <summary>Every feed with its id and head, for <see cref="Feed"/>.</summary>
    public const string Feeds = "SELECT id, spacecraft, session, head FROM feed";

    private const int MaxCopies = 1000;

    public static (int Id, FeedId Feed, long Head) Feed(NpgsqlDataReader row) => (row.GetInt32(0), PacketNames.FeedOf(row, 1), row.GetInt64(3));

    public static async Task<int?> FeedAsync(NpgsqlConnection connection, FeedId feed, CancellationToken cancellationToken) => (int?)await connection.NumberAsync(
        "SELECT id::bigint FROM feed WHERE spacecraft = $1 AND session = $2", cancellationToken, PostgresText.Store(feed.Spacecraft), PostgresText.Store(feed.Session ?? ""));

    /// <param name="connection">Where to read.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="after">Position before the first.</param>
    /// <param name="head">Committed head, known before the query begins: the query sees at least that far and looks no farther.</param>
    /// <param name="max">Most rows.</param>
    /// <param name="packetsOnly">First valid copies only.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LogSlice> SliceAsync(
        NpgsqlConnection connection, FeedId feed, long after, long head, int max, bool packetsOnly, CancellationToken cancellationToken)
    {
        if (await FeedAsync(connection, feed, cancellationToken) is not { } id)
        {
            return new([], after);
        }

        var items = await connection.RowsAsync(
            packetsOnly
                ? $"""
                  SELECT {Columns} FROM (
                      SELECT * FROM content WHERE feed = $1 AND position > $2 AND position <= $3 AND apid < {KeyedReception.NoApid} ORDER BY position LIMIT $4) c
                  JOIN reception r ON r.feed = c.feed AND r.position = c.position JOIN station s ON s.id = r.station ORDER BY r.position
                  """
                : $"""
                  SELECT {Columns} FROM (SELECT * FROM reception WHERE feed = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4) r
                  {OfReception} ORDER BY r.position
                  """,
            Row, cancellationToken, id, after, head, (long)max);
        return new(items, items.Count == max ? items[^1].Position : head);
    }

    /// <summary>What was diverted, on from a position.</summary>
    public static async Task<LogSlice> DivertedAsync(NpgsqlConnection connection, FeedId feed, long after, long head, int max, CancellationToken cancellationToken)
    {
        if (await FeedAsync(connection, feed, cancellationToken) is not { } id)
        {
            return new([], after);
        }

        var items = await connection.RowsAsync(
            $"""
            SELECT {Columns} FROM (
                SELECT * FROM reception WHERE feed = $1 AND apid = {KeyedReception.NoApid} AND position > $2 AND position <= $3 ORDER BY position LIMIT $4) r
            {OfReception} ORDER BY r.position
            """,
            Row, cancellationToken, id, after, head, (long)max);
        return new(items, items.Count == max ? items[^1].Position : head);
    }

    public static async Task<IReadOnlyList<LoggedReception>> CopiesAsync(NpgsqlConnection connection, FeedId feed, PacketId id, CancellationToken cancellationToken)
    {
        if (await FeedAsync(connection, feed, cancellationToken) is not { } known)
        {
            return [];
        }

        // One content has two rows when the packet definitions changed between its copies.
        return await connection.RowsAsync(
            $"""
            WITH held AS MATERIALIZED (SELECT position FROM content WHERE digest = $2 AND feed = $1)
            SELECT {Columns} FROM (
                SELECT * FROM reception WHERE feed = $1 AND position IN (SELECT position FROM held)
                UNION ALL
                (SELECT * FROM reception WHERE feed = $1 AND copy_of IN (SELECT position FROM held) ORDER BY position LIMIT {MaxCopies})) r
            {OfReception} ORDER BY r.position LIMIT {MaxCopies}
            """,
            Row, cancellationToken, known, KeyedReception.Digest(id));
    }

    /// <summary>Counts of an application's packets within a span of packet time: the index by header holds all that is needed.</summary>
    public static async Task<IReadOnlyList<int>> CountsAsync(
        NpgsqlConnection connection, FeedId feed, int apid, DateTimeOffset from, DateTimeOffset to, int max, CancellationToken cancellationToken)
    {
        if (await FeedAsync(connection, feed, cancellationToken) is not { } id)
        {
            return [];
        }

        return await connection.RowsAsync(
            """
            (SELECT count FROM content WHERE feed = $1 AND apid = $2 AND time_ticks >= $4 AND time_ticks <= $5 ORDER BY time_ticks LIMIT $6)
            UNION
            (SELECT count FROM content WHERE feed = $1 AND apid = $3 AND time_ticks >= $4 AND time_ticks <= $5 ORDER BY time_ticks LIMIT $6)
            """,
            static row => row.GetInt32(0), cancellationToken, id, (short)apid, (short)(apid + AppCode.Recovered), from.UtcTicks, to.UtcTicks, (long)max);
    }

    public static async Task<IReadOnlyList<FeedId>> WhereAsync(NpgsqlConnection connection, PacketId id, CancellationToken cancellationToken) => await connection.RowsAsync(
        "SELECT f.spacecraft, f.session FROM feed f WHERE f.id IN (SELECT c.feed FROM content c WHERE c.digest = $1)",
        static row => PacketNames.FeedOf(row, 0), cancellationToken, KeyedReception.Digest(id));

    /// <summary>Stored position of a reader; 0 without one.</summary>
    public static async Task<long> PositionAsync(NpgsqlConnection connection, string reader, FeedId feed, CancellationToken cancellationToken) => await connection.NumberAsync(
        "SELECT r.position FROM reader r JOIN feed f ON f.id = r.feed WHERE r.name = $1 AND f.spacecraft = $2 AND f.session = $3", cancellationToken,
        PostgresText.Store(reader), PostgresText.Store(feed.Spacecraft), PostgresText.Store(feed.Session ?? "")) ?? 0;

    public static LoggedReception Row(NpgsqlDataReader row)
    {
        var (verdict, apid) = ((ReceptionVerdict)row.GetInt16(4), row.GetInt16(7));
        PacketHeader? header = apid == KeyedReception.NoApid ? null : new(AppCode.Apid(apid), row.GetInt32(9), row.Time(8));
        return new(
            row.GetInt64(0), row.Text(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.IsDBNull(3) ? null : row.GetDouble(3), verdict,
            KeyedReception.Id(row.GetGuid(10)), header, verdict.IsPacket() && row.GetBoolean(6), row.GetBoolean(11), row.Time(5), row.Octets(12));
    }
}
