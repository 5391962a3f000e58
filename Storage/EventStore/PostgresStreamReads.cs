using Npgsql;
using Svom.Postgres;

namespace Svom.EventStore;

/// <summary>Queries of streams, owed rows, wake-ups and search rows.</summary>
internal static class PostgresStreamReads
{
    public static async Task<StreamContent> LoadAsync(NpgsqlConnection connection, StreamId stream, CancellationToken cancellationToken)
    {
        // Snapshot first: rows are never removed, so whatever lands between the two queries is in the second.
        var found = await connection.RowsAsync(
            "SELECT s.id, p.version, p.content FROM stream s LEFT JOIN snapshot p ON p.stream = s.id WHERE s.name = $1",
            static row => (Id: row.GetInt64(0), Version: row.IsDBNull(1) ? 0 : row.GetInt64(1), Content: row.IsDBNull(2) ? null : row.Octets(2)),
            cancellationToken, PostgresText.Store(stream.Value));
        if (found.Count == 0)
        {
            return new(0, 0, null, []);
        }

        var (id, version, content) = found[0];
        var rows = await RowsAsync(connection, id, version, int.MaxValue, cancellationToken);
        return new(rows.Count == 0 ? version : rows[^1].Version, version, content is null ? default(ReadOnlyMemory<byte>?) : content, rows);
    }

    public static async Task<IReadOnlyList<StreamRow>> ReadAsync(
        NpgsqlConnection connection, StreamId stream, long after, int max, CancellationToken cancellationToken)
    {
        var id = await connection.NumberAsync("SELECT id FROM stream WHERE name = $1", cancellationToken, PostgresText.Store(stream.Value));
        return id is null ? [] : await RowsAsync(connection, id.Value, after, max, cancellationToken);
    }

    public static async Task<IReadOnlyList<OwedRow>> OwedAsync(
        NpgsqlConnection connection, int from, int to, int max, HashSet<(string Stream, long Version, int N)> settled, CancellationToken cancellationToken)
    {
        var rows = await connection.RowsAsync(
            """
            SELECT s.name, o.version, o.n, o.route, o.target, o.payload FROM owed o JOIN stream s ON s.id = o.stream
            WHERE o.shard >= $1 AND o.shard < $2 ORDER BY o.id LIMIT $3
            """,
            static row => new OwedRow(new(row.Text(0)), row.GetInt64(1), row.GetInt32(2), new(row.Text(3), row.Text(4), row.Octets(5))),
            cancellationToken, from, to, (long)max + settled.Count);
        rows.RemoveAll(row => settled.Contains((row.Stream.Value, row.Version, row.N)));
        return rows.Count > max ? rows[..max] : rows;
    }

    public static async Task<IReadOnlyList<DueRow>> DueAsync(
        NpgsqlConnection connection, int from, int to, DateTimeOffset until, int max, CancellationToken cancellationToken) => await connection.RowsAsync(
            """
            SELECT s.name, d.name, d.at_ticks FROM due d JOIN stream s ON s.id = d.stream
            WHERE d.at_ticks <= $3 AND d.shard >= $1 AND d.shard < $2 ORDER BY d.at_ticks LIMIT $4
            """,
            static row => new DueRow(new(row.Text(0)), row.Text(1), row.Time(2)), cancellationToken, from, to, until.UtcTicks, (long)max);

    public static async Task<IReadOnlyList<IndexRow>> IndexAsync(
        NpgsqlConnection connection, string index, string from, string to, int max, bool descending, CancellationToken cancellationToken)
    {
        var order = descending ? "DESC" : "ASC";
        return await connection.RowsAsync(
            $"""
            SELECT i.key, s.name, i.value FROM search i JOIN stream s ON s.id = i.stream
            WHERE i.name = $1 AND i.key >= $2 AND i.key < $3 ORDER BY i.key {order}, i.stream {order} LIMIT $4
            """,
            static row => new IndexRow(row.Text(0), new(row.Text(1)), row.Octets(2)),
            cancellationToken, PostgresText.Store(index), PostgresText.Store(from), PostgresText.Store(to), (long)max);
    }

    private static Task<List<StreamRow>> RowsAsync(NpgsqlConnection connection, long stream, long after, int max, CancellationToken cancellationToken) => connection.RowsAsync(
        "SELECT version, append_id, at_ticks, payload FROM event WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3",
        static row => new StreamRow(row.GetInt64(0), row.GetGuid(1), row.Time(2), row.Octets(3)), cancellationToken, stream, after, (long)max);
}
