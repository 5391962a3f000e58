using System.Text;
using Svom.Sqlite;

namespace Svom.EventStore;

/// <summary>Queries of archives.</summary>
internal static class ArchiveReads
{
    private const string Columns = "SELECT e.sequence, e.id, e.owner, e.kind, e.at_ticks, e.content FROM archived e JOIN archive a ON a.id = e.archive";

    public static List<ArchivedEntry> After(Connection connection, string archive, long after, int max) => Entries(
        archive, connection.Prepare($"{Columns} WHERE a.name = ?1 AND e.sequence > ?2 ORDER BY e.sequence LIMIT ?3").Bind(1, archive).Bind(2, after).Bind(3, max));

    public static ArchivedEntry? ById(Connection connection, string archive, string id) =>
        Entries(archive, connection.Prepare($"{Columns} WHERE a.name = ?1 AND e.id = ?2").Bind(1, archive).Bind(2, id)).FirstOrDefault();

    public static long Head(Connection connection, string archive) =>
        connection.Prepare("SELECT head FROM archive WHERE name = ?1").Bind(1, archive).Scalar() ?? 0;

    public static List<ArchivedEntry> Search(Connection connection, string archive, ArchiveQuery query)
    {
        // One text for each set of fields asked, so that each finds its index; those of owners and kinds hold no empty ones.
        var sql = new StringBuilder(Columns).Append(" WHERE a.name = ?1");
        Where(query.Owner, " AND e.owner = ?2 AND e.owner <> ''");
        Where(query.Kind, " AND e.kind = ?3 AND e.kind <> ''");
        Where(query.From, " AND e.at_ticks >= ?4");
        Where(query.To, " AND e.at_ticks < ?5");
        Where(query.Before, " AND e.sequence < ?6");
        Where(query.After, " AND e.sequence > ?7");
        sql.Append(" ORDER BY e.sequence").Append(query.Ascending ? "" : " DESC").Append(" LIMIT ?8");

        // All eight are bound whichever are used: a statement has as many parameters as its highest number.
        var search = connection.Prepare(sql.ToString()).Bind(1, archive);
        _ = query.Owner is null ? search.BindNull(2) : search.Bind(2, query.Owner);
        _ = query.Kind is null ? search.BindNull(3) : search.Bind(3, query.Kind);
        _ = search.Bind(4, query.From?.UtcTicks ?? 0).Bind(5, query.To?.UtcTicks ?? 0);
        _ = search.Bind(6, query.Before ?? 0).Bind(7, query.After ?? 0).Bind(8, Math.Clamp(query.Limit, 1, 1000));
        return Entries(archive, search);

        void Where(object? asked, string condition) => sql.Append(asked is null ? "" : condition);
    }

    private static List<ArchivedEntry> Entries(string archive, Statement query)
    {
        var entries = new List<ArchivedEntry>();
        while (query.Step())
        {
            entries.Add(new(query.Int(0), new(archive, query.Text(1), query.Text(2), query.Text(3), StreamReads.Time(query, 4), query.Blob(5))));
        }

        return entries;
    }
}
