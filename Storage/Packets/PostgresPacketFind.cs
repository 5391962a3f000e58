using System.Globalization;
using System.Text;
using Npgsql;
using Svom.Postgres;

namespace Svom.Packets;

/// <summary>
/// Browsing, newest first. Walks the feed backwards, or an application's rows in it, for a bounded number of rows: an index by station
/// would cost every reception a write for a search that few make. A short window of arrival times is found by those times instead.
/// </summary>
internal static class PostgresPacketFind
{
    private const int ShortWindow = 20_000;
    private const string InWindow = "feed = $1 AND received_ms >= $2 AND received_ms < $3";
    private static readonly LogFind Nothing = new([], null);

    public static async Task<LogFind> FindAsync(NpgsqlConnection connection, PacketQuery query, CancellationToken cancellationToken)
    {
        if (await PostgresPacketReads.FeedAsync(connection, query.Feed, cancellationToken) is not { } feed || (query.Apid is not null && query.Invalid == true))
        {
            return Nothing;
        }

        var station = query.Station is null ? null : await connection.NumberAsync(
            "SELECT id::bigint FROM station WHERE name = $1", cancellationToken, PostgresText.Store(query.Station));
        if (query.Station is not null && station is null)
        {
            return Nothing;
        }

        var (from, to) = (query.From is { } f ? CeilMs(f) : long.MinValue, query.To is { } t ? CeilMs(t) : long.MaxValue);
        var byTime = (query.From ?? query.To) is not null && await IsShortAsync(connection, feed, from, to, cancellationToken);
        var apid = query.Invalid == true ? KeyedReception.NoApid : query.Apid + (query.Recovered ? AppCode.Recovered : 0);
        var head = await connection.NumberAsync("SELECT head FROM feed WHERE id = $1", cancellationToken, feed) ?? 0;
        var below = Math.Clamp(query.Before ?? long.MaxValue, 0, head + 1);
        var floor = byTime ? 0 : await FloorAsync(connection, feed, below, apid, Math.Max(query.Look, 1), cancellationToken);
        var limit = Math.Clamp(query.Limit, 1, 1000);

        var sql = new StringBuilder()
            .Append(byTime ? $"WITH span AS MATERIALIZED (SELECT position FROM reception WHERE {InWindow}) " : "")
            .Append(CultureInfo.InvariantCulture, $"SELECT {PostgresPacketReads.Columns} FROM (SELECT * FROM reception WHERE {InWindow} AND position > $4 AND position < $5")
            .Append(byTime ? " AND position IN (SELECT position FROM span)" : "")
            .Append(apid is null ? "" : string.Create(CultureInfo.InvariantCulture, $" AND apid = {apid}"))
            .Append(query.Recovered ? " AND verdict = 7" : query.Invalid == false || query.FirstCopies ? " AND verdict = 0" : "")
            .Append(query.FirstCopies || query.Recovered ? " AND copy_of IS NULL" : "")
            .Append(station is null ? "" : string.Create(CultureInfo.InvariantCulture, $" AND station = {station}"))
            .Append(CultureInfo.InvariantCulture, $" ORDER BY position DESC LIMIT {limit}) r {PostgresPacketReads.OfReception} ORDER BY r.position DESC");
        var found = await connection.RowsAsync(sql.ToString(), PostgresPacketReads.Row, cancellationToken, feed, from, to, floor, below);
        return new(found, found.Count == limit ? found[^1].Position : floor > 0 ? floor + 1 : null);
    }

    /// <summary>The last position that is not looked at any more; 0 when the walk may reach the begin of the feed.</summary>
    private static async Task<long> FloorAsync(NpgsqlConnection connection, int feed, long below, int? apid, int look, CancellationToken cancellationToken) =>
        apid is null ? Math.Max(0, below - 1 - look) // Positions have no gaps.
        : await connection.NumberAsync(
            "SELECT position FROM reception WHERE feed = $1 AND apid = $2 AND position < $3 ORDER BY position DESC LIMIT 1 OFFSET $4", cancellationToken,
            feed, (short)apid.Value, below, (long)look) ?? 0;

    private static async Task<bool> IsShortAsync(NpgsqlConnection connection, int feed, long from, long to, CancellationToken cancellationToken) =>
        await connection.NumberAsync($"SELECT count(*) FROM (SELECT FROM reception WHERE {InWindow} LIMIT {ShortWindow}) few", cancellationToken, feed, from, to) < ShortWindow;

    // Arrival times are whole milliseconds: "not before" and "before" a time between two of them both mean the later one.
    private static long CeilMs(DateTimeOffset time) => time.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();
}
