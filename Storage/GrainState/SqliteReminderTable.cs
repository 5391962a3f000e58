using Orleans;
using Orleans.Runtime;
using Svom.EventStore;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.GrainState;

/// <summary>Reminders in the event store's file, written by its writer.</summary>
internal sealed class SqliteReminderTable(SqliteEventStore store) : IReminderTable
{
    private const string Columns = "SELECT grain, name, start_ticks, period_ticks, etag FROM reminder";

    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        ReadAsync(c => c.Prepare($"{Columns} WHERE grain = ?1").Bind(1, grainId.ToString()));

    /// <summary>Rows of a part of the ring (<paramref name="begin"/>, <paramref name="end"/>], which may run over its end.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        ReadAsync(c => c.Prepare(begin < end
            ? $"{Columns} WHERE grain_hash > ?1 AND grain_hash <= ?2"
            : $"{Columns} WHERE grain_hash > ?1 OR grain_hash <= ?2").Bind(1, begin).Bind(2, end));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var rows = await ReadAsync(c => c.Prepare($"{Columns} WHERE grain = ?1 AND name = ?2").Bind(1, grainId.ToString()).Bind(2, reminderName));
        return rows.Reminders.FirstOrDefault();
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var etag = Guid.NewGuid().ToString("N");
        await WriteAsync(c =>
        {
            var changed = c.Prepare("""
                INSERT INTO reminder (grain, name, grain_hash, start_ticks, period_ticks, etag) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (grain, name) DO UPDATE SET start_ticks = excluded.start_ticks, period_ticks = excluded.period_ticks, etag = excluded.etag
                """).Bind(1, entry.GrainId.ToString()).Bind(2, entry.ReminderName).Bind(3, entry.GrainId.GetUniformHashCode())
                .Bind(4, Utc(entry.StartAt).Ticks).Bind(5, entry.Period.Ticks).Bind(6, etag).Run();
            c.Faults?.At(StorageStep.StateWritten, entry);
            return changed;
        });
        entry.ETag = etag;
        return etag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        await WriteAsync(c => c.Prepare("DELETE FROM reminder WHERE grain = ?1 AND name = ?2 AND etag = ?3")
            .Bind(1, grainId.ToString()).Bind(2, reminderName).Bind(3, eTag).Run()) == 1;

    public Task TestOnlyClearTable() => WriteAsync(static c => c.Prepare("DELETE FROM reminder").Run());

    private Task<int> WriteAsync(Func<Connection, int> write) => store.CallAsync(AppendLane.GrainState, write, CancellationToken.None);

    private Task<ReminderTableData> ReadAsync(Func<Connection, Statement> query) => store.ReadAsync(c => Take(query(c)), CancellationToken.None);

    private static ReminderTableData Take(Statement query)
    {
        var rows = new List<ReminderEntry>();
        while (query.Step())
        {
            rows.Add(new()
            {
                GrainId = GrainId.Parse(query.Text(0)),
                ReminderName = query.Text(1),
                StartAt = new(query.Int(2), DateTimeKind.Utc),
                Period = new(query.Int(3)),
                ETag = query.Text(4),
            });
        }

        return new(rows);
    }

    private static DateTime Utc(DateTime time) => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time;
}
