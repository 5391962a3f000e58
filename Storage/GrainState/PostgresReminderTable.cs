using Npgsql;
using Orleans;
using Orleans.Runtime;
using Svom.EventStore;
using Svom.Postgres;

namespace Svom.GrainState;

/// <summary>Reminders in the database of the event store.</summary>
internal sealed class PostgresReminderTable(PostgresEventStore store) : IReminderTable
{
    private const string Columns = "SELECT grain, name, start_ticks, period_ticks, etag FROM reminder";

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadAsync($"{Columns} WHERE grain = $1", PostgresText.Store(grainId.ToString()));

    /// <summary>Rows of a part of the ring (<paramref name="begin"/>, <paramref name="end"/>], which may run over its end.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        ReadAsync($"{Columns} WHERE grain_hash > $1 {(begin < end ? "AND" : "OR")} grain_hash <= $2", (long)begin, (long)end);

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await ReadAsync($"{Columns} WHERE grain = $1 AND name = $2", PostgresText.Store(grainId.ToString()), PostgresText.Store(reminderName))).Reminders.FirstOrDefault();

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var etag = Guid.NewGuid().ToString("N");
        var start = entry.StartAt.Kind == DateTimeKind.Local ? entry.StartAt.ToUniversalTime() : entry.StartAt;
        await WriteAsync(
            """
            INSERT INTO reminder (grain, name, grain_hash, start_ticks, period_ticks, etag) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (grain, name) DO UPDATE SET start_ticks = excluded.start_ticks, period_ticks = excluded.period_ticks, etag = excluded.etag
            """,
            PostgresText.Store(entry.GrainId.ToString()), PostgresText.Store(entry.ReminderName), (long)entry.GrainId.GetUniformHashCode(), start.Ticks, entry.Period.Ticks, etag);
        entry.ETag = etag;
        return etag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => await WriteAsync(
        "DELETE FROM reminder WHERE grain = $1 AND name = $2 AND etag = $3", PostgresText.Store(grainId.ToString()), PostgresText.Store(reminderName), eTag) == 1;

    public Task TestOnlyClearTable() => WriteAsync("DELETE FROM reminder");

    private Task<int> WriteAsync(string sql, params object[] values) =>
        store.Database.ReadAsync(c => c.RunAsync(sql, CancellationToken.None, values), CancellationToken.None);

    private async Task<ReminderTableData> ReadAsync(string sql, params object[] values) =>
        new(await store.Database.ReadAsync(c => c.RowsAsync(sql, Take, CancellationToken.None, values), CancellationToken.None));

    private static ReminderEntry Take(NpgsqlDataReader row) => new()
    {
        GrainId = GrainId.Parse(row.Text(0)),
        ReminderName = row.Text(1),
        StartAt = new(row.GetInt64(2), DateTimeKind.Utc),
        Period = new(row.GetInt64(3)),
        ETag = row.GetString(4),
    };
}
