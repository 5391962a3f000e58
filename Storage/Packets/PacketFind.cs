using System.Text;
using Svom.Sqlite;

namespace Svom.Packets;

/// <summary>
/// Browsing, newest first. Walks the feed backwards, or an application's rows in it, for a bounded number of rows: an index by station
/// would cost every reception a write for a search that few make. A short window of arrival times is found by those times instead.
/// </summary>
internal static class PacketFind
{
    private const int ShortWindow = 20_000;
    private static readonly LogFind Nothing = new([], null);

    public static LogFind Find(Connection connection, PacketQuery query)
    {
        if (PacketReads.Feed(connection, query.Feed) is not { } feed || (query.Apid is not null && query.Invalid == true))
        {
            return Nothing;
        }

        var station = query.Station is null ? 0 : connection.Prepare("SELECT id FROM station WHERE name = ?1").Bind(1, query.Station).Scalar();
        if (station is null)
        {
            return Nothing;
        }

        var from = query.From is { } f ? CeilMs(f) : long.MinValue;
        var to = query.To is { } t ? CeilMs(t) : long.MaxValue;
        var windowed = query.From is not null || query.To is not null;
        var byTime = windowed && IsShort(connection, feed.Id, from, to);
        var byApp = !byTime && (query.Apid is not null || query.Invalid == true);

        var sql = new StringBuilder($"SELECT {PacketRows.Columns} FROM reception r CROSS JOIN content c ON c.key = coalesce(r.copy_of, r.key) WHERE ")
            .Append(byTime
                ? "r.key IN (SELECT (feed << 40) + position FROM seen WHERE feed = ?1 AND received_ms >= ?4 AND received_ms < ?5) AND r.key < ?3"
                : "r.key > ?2 AND r.key < ?3")
            .Append(windowed && !byTime ? " AND r.received_ms >= ?4 AND r.received_ms < ?5" : "")
            .Append(byApp ? " AND r.app = ?6" : query.Apid is not null || query.Invalid == true ? " AND +r.app = ?6" : "")
            .Append(query.Recovered ? " AND r.verdict = 7" : query.Invalid == false || query.FirstCopies ? " AND r.verdict = 0" : "")
            .Append(query.FirstCopies || query.Recovered ? " AND r.copy_of IS NULL" : "")
            .Append(query.Station is null ? "" : " AND r.station = ?7")
            .Append(" ORDER BY r.key DESC LIMIT ?8");

        var low = feed.Id << PacketSchema.FeedShift;
        var app = (feed.Id << 12) + (query.Apid + (query.Recovered ? AppCode.Recovered : 0) ?? PacketSchema.NoApid);
        var limit = Math.Clamp(query.Limit, 1, 1000);
        var below = low + Math.Clamp(query.Before ?? long.MaxValue, 0, 1 + Head(connection, low));
        var floor = byTime ? low : Floor(connection, low, below, byApp ? app : null, Math.Max(query.Look, 1));

        // Every parameter is bound, used or not: a statement has as many as its highest number.
        var find = connection.Prepare(sql.ToString()).Bind(1, feed.Id).Bind(2, floor).Bind(3, below)
            .Bind(4, from).Bind(5, to).Bind(6, app).Bind(7, station.Value).Bind(8, limit);
        var found = connection.Part(static c => new PacketRows(c)).Take(find);
        return new(found, found.Count == limit ? found[^1].Position : floor > low ? floor - low + 1 : null);
    }

    /// <summary>The last key that is not looked at any more; that of no row when the walk may reach the begin of the feed.</summary>
    private static long Floor(Connection connection, long low, long below, long? app, int look) =>
        app is null ? Math.Max(low, below - 1 - look) // Positions have no gaps.
        : connection.Prepare("SELECT key FROM reception WHERE app = ?1 AND key < ?2 ORDER BY key DESC LIMIT 1 OFFSET ?3").Bind(1, app.Value).Bind(2, below).Bind(3, look).Scalar() ?? low;

    private static long Head(Connection connection, long low) =>
        (connection.Prepare("SELECT max(key) FROM reception WHERE key < ?1").Bind(1, low + (1L << PacketSchema.FeedShift)).Scalar() ?? low) is var last && last > low ? last - low : 0;

    private static bool IsShort(Connection connection, long feed, long from, long to) =>
        connection.Prepare($"SELECT count(*) FROM (SELECT 1 FROM seen WHERE feed = ?1 AND received_ms >= ?2 AND received_ms < ?3 LIMIT {ShortWindow})")
            .Bind(1, feed).Bind(2, from).Bind(3, to).Scalar() < ShortWindow;

    // Arrival times are whole milliseconds: "not before" and "before" a time between two of them both mean the later one.
    private static long CeilMs(DateTimeOffset time) => time.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();
}
