using System.Text;
using Svom.Sqlite;

namespace Svom.Packets;

/// <summary>
/// Browsing, newest first. Walks the feed backwards, or an application's rows in it; a short window of arrival times is found by
/// those times instead.
/// </summary>
internal static class PacketFind
{
    private const int ShortWindow = 20_000;

    public static List<LoggedReception> Find(Connection connection, PacketQuery query)
    {
        if (PacketReads.Feed(connection, query.Feed) is not { } feed || (query.Apid is not null && query.Invalid == true))
        {
            return [];
        }

        var station = query.Station is null ? 0 : connection.Prepare("SELECT id FROM station WHERE name = ?1").Bind(1, query.Station).Scalar();
        if (station is null)
        {
            return [];
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
            .Append(query.Invalid == false || query.FirstCopies ? " AND r.verdict = 0" : "")
            .Append(query.FirstCopies ? " AND r.copy_of IS NULL" : "")
            .Append(query.Station is null ? "" : " AND r.station = ?7")
            .Append(" ORDER BY r.key DESC LIMIT ?8");

        // Every parameter is bound, used or not: a statement has as many as its highest number.
        var low = feed.Id << PacketSchema.FeedShift;
        var end = (1L << PacketSchema.FeedShift) - 1;
        var find = connection.Prepare(sql.ToString()).Bind(1, feed.Id).Bind(2, low).Bind(3, low + Math.Clamp(query.Before ?? end, 0, end))
            .Bind(4, from).Bind(5, to).Bind(6, (feed.Id << 12) + (query.Apid ?? PacketSchema.NoApid)).Bind(7, station.Value)
            .Bind(8, Math.Clamp(query.Limit, 1, 1000));
        return connection.Part(static c => new PacketRows(c)).Take(find);
    }

    private static bool IsShort(Connection connection, long feed, long from, long to) =>
        connection.Prepare($"SELECT count(*) FROM (SELECT 1 FROM seen WHERE feed = ?1 AND received_ms >= ?2 AND received_ms < ?3 LIMIT {ShortWindow})")
            .Bind(1, feed).Bind(2, from).Bind(3, to).Scalar() < ShortWindow;

    // Arrival times are whole milliseconds: "not before" and "before" a time between two of them both mean the later one.
    private static long CeilMs(DateTimeOffset time) => time.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();
}
