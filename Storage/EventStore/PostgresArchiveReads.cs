using System.Globalization;
using System.Text;
using Npgsql;
using Svom.Postgres;

namespace Svom.EventStore;

/// <summary>Queries of archives.</summary>
internal static class PostgresArchiveReads
{
    private const string Columns = "SELECT e.sequence, e.id, e.owner, e.kind, e.at_ticks, e.content FROM archived e JOIN archive a ON a.id = e.archive";

    public static Task<List<ArchivedEntry>> AfterAsync(NpgsqlConnection connection, string archive, long after, int max, CancellationToken cancellationToken) => EntriesAsync(
        connection, archive, $"{Columns} WHERE a.name = $1 AND e.sequence > $2 ORDER BY e.sequence LIMIT $3", cancellationToken,
        PostgresText.Store(archive), after, (long)max);

    public static async Task<ArchivedEntry?> ByIdAsync(NpgsqlConnection connection, string archive, string id, CancellationToken cancellationToken) => (await EntriesAsync(
        connection, archive, $"{Columns} WHERE a.name = $1 AND e.id = $2", cancellationToken, PostgresText.Store(archive), PostgresText.Store(id))).FirstOrDefault();

    public static async Task<long> HeadAsync(NpgsqlConnection connection, string archive, CancellationToken cancellationToken) =>
        await connection.NumberAsync("SELECT head FROM archive WHERE name = $1", cancellationToken, PostgresText.Store(archive)) ?? 0;

    public static Task<List<ArchivedEntry>> SearchAsync(NpgsqlConnection connection, string archive, ArchiveQuery query, CancellationToken cancellationToken)
    {
        // One text for each set of fields asked, so that each finds its index; those of owners and kinds hold no empty ones.
        var sql = new StringBuilder(Columns).Append(" WHERE a.name = $1");
        List<object> values = [PostgresText.Store(archive)];
        Where("e.owner <> '' AND e.owner =", query.Owner is { } owner ? PostgresText.Store(owner) : null);
        Where("e.kind <> '' AND e.kind =", query.Kind is { } kind ? PostgresText.Store(kind) : null);
        Where("e.at_ticks >=", query.From?.UtcTicks);
        Where("e.at_ticks <", query.To?.UtcTicks);
        Where("e.sequence <", query.Before);
        Where("e.sequence >", query.After);
        sql.Append(CultureInfo.InvariantCulture, $" ORDER BY e.sequence {(query.Ascending ? "ASC" : "DESC")} LIMIT {Math.Clamp(query.Limit, 1, 1000)}");
        return EntriesAsync(connection, archive, sql.ToString(), cancellationToken, [.. values]);

        void Where(string condition, object? value)
        {
            if (value is not null)
            {
                values.Add(value);
                sql.Append(CultureInfo.InvariantCulture, $" AND {condition} ${values.Count}");
            }
        }
    }

    private static Task<List<ArchivedEntry>> EntriesAsync(
        NpgsqlConnection connection, string archive, string sql, CancellationToken cancellationToken, params object[] values) => connection.RowsAsync(
            sql, row => new ArchivedEntry(row.GetInt64(0), new(archive, row.Text(1), row.Text(2), row.Text(3), row.Time(4), row.Octets(5))), cancellationToken, values);
}
