using Svom.Sqlite;

namespace Svom.EventStore;

/// <summary>Queries of streams, owed rows, wake-ups and search rows.</summary>
internal static class StreamReads
{
    public static StreamContent Load(Connection connection, StreamId stream)
    {
        // Snapshot first: rows are never removed, so whatever lands between the two queries is in the second.
        var found = connection.Prepare(
            "SELECT s.id, p.version, p.content FROM stream s LEFT JOIN snapshot p ON p.stream = s.id WHERE s.name = ?1").Bind(1, stream.Value);
        if (!found.Step())
        {
            return new(0, 0, null, []);
        }

        var id = found.Int(0);
        var version = found.IsNull(1) ? 0 : found.Int(1);
        var snapshot = found.IsNull(1) ? default(ReadOnlyMemory<byte>?) : found.Blob(2);
        found.Reset();
        var rows = Rows(connection, id, version, int.MaxValue);
        return new(rows.Count == 0 ? version : rows[^1].Version, version, snapshot, rows);
    }

    public static IReadOnlyList<StreamRow> Read(Connection connection, StreamId stream, long after, int max)
    {
        var id = connection.Prepare("SELECT id FROM stream WHERE name = ?1").Bind(1, stream.Value).Scalar();
        return id is null ? [] : Rows(connection, id.Value, after, max);
    }

    public static List<OwedRow> Owed(Connection connection, int from, int to, int max, HashSet<(string Stream, long Version, int N)> settled)
    {
        var query = connection.Prepare("""
            SELECT s.name, e.version, o.id & 65535, o.route, o.target, o.payload
            FROM owed o JOIN event e ON e.seq = o.id >> 16 JOIN stream s ON s.id = e.stream
            WHERE o.shard >= ?1 AND o.shard < ?2 ORDER BY o.id
            """).Bind(1, from).Bind(2, to);
        var rows = new List<OwedRow>();
        while (rows.Count < max && query.Step())
        {
            var row = new OwedRow(new(query.Text(0)), query.Int(1), (int)query.Int(2), new(query.Text(3), query.Text(4), query.Blob(5)));
            if (settled.Count == 0 || !settled.Contains((row.Stream.Value, row.Version, row.N)))
            {
                rows.Add(row);
            }
        }

        query.Reset();
        return rows;
    }

    public static List<DueRow> Due(Connection connection, int from, int to, DateTimeOffset until, int max)
    {
        var query = connection.Prepare("""
            SELECT s.name, d.name, d.at_ticks FROM due d JOIN stream s ON s.id = d.stream
            WHERE d.at_ticks <= ?3 AND d.shard >= ?1 AND d.shard < ?2 ORDER BY d.at_ticks LIMIT ?4
            """).Bind(1, from).Bind(2, to).Bind(3, until.UtcTicks).Bind(4, max);
        var rows = new List<DueRow>();
        while (query.Step())
        {
            rows.Add(new(new(query.Text(0)), query.Text(1), Time(query, 2)));
        }

        return rows;
    }

    public static List<IndexRow> Index(Connection connection, string index, string from, string to, int max, bool descending)
    {
        var query = connection.Prepare($"""
            SELECT i.key, s.name, i.value FROM search i JOIN stream s ON s.id = i.stream
            WHERE i.name = ?1 AND i.key >= ?2 AND i.key < ?3
            ORDER BY i.key {(descending ? "DESC" : "")}, i.stream {(descending ? "DESC" : "")} LIMIT ?4
            """).Bind(1, index).Bind(2, from).Bind(3, to).Bind(4, max);
        var rows = new List<IndexRow>();
        while (query.Step())
        {
            rows.Add(new(query.Text(0), new(query.Text(1)), query.Blob(2)));
        }

        return rows;
    }

    public static DateTimeOffset Time(Statement row, int column) => new(row.Int(column), TimeSpan.Zero);

    private static List<StreamRow> Rows(Connection connection, long stream, long after, int max)
    {
        var query = connection.Prepare("""
            SELECT version, append_id, at_ticks, payload FROM event WHERE stream = ?1 AND version > ?2 ORDER BY version LIMIT ?3
            """).Bind(1, stream).Bind(2, after).Bind(3, max);
        var rows = new List<StreamRow>();
        while (query.Step())
        {
            rows.Add(new(query.Int(0), query.Guid(1), Time(query, 2), query.Blob(3)));
        }

        return rows;
    }
}
