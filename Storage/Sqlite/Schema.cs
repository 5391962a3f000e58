using Svom.Storage;

namespace Svom.Sqlite;

/// <summary>The tables of one file and how they came to be.</summary>
/// <param name="Name">Of the file, for messages.</param>
/// <param name="ApplicationId">Marks the file as ours in its header (SQLite's application_id).</param>
/// <param name="Migrations">SQL from format n to n + 1; the first makes the tables. Written once, never edited afterwards.</param>
/// <param name="HeadChecks">Queries that return a sentence for each head that disagrees with its rows.</param>
internal sealed record Schema(string Name, int ApplicationId, IReadOnlyList<string> Migrations, IReadOnlyList<string> HeadChecks)
{
    /// <summary>Brings the file to the newest format, in one transaction a step, and checks that heads and rows agree.</summary>
    public void Prepare(Connection connection, DateTimeOffset now)
    {
        var mark = connection.Prepare("PRAGMA application_id").Scalar() ?? 0;
        var used = (connection.Prepare("SELECT count(*) FROM sqlite_master").Scalar() ?? 0) > 0;
        if (used && mark != ApplicationId)
        {
            throw new StoreUnreadableException($"{Name} is not a file of this program.");
        }

        var format = used ? connection.Prepare("SELECT max(version) FROM schema_version").Scalar() ?? 0 : 0;
        if (format > Migrations.Count)
        {
            throw new StoreUnreadableException($"{Name} has format {format}; this program knows formats up to {Migrations.Count}. Use the newer program.");
        }

        for (var next = (int)format; next < Migrations.Count; next++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            connection.Execute(Migrations[next]);
            connection.Prepare("INSERT INTO schema_version (version, applied_ticks) VALUES (?1, ?2)").Bind(1, next + 1).Bind(2, now.UtcTicks).Run();
            connection.Execute($"PRAGMA application_id={ApplicationId}");
            connection.Execute("COMMIT");
        }

        foreach (var check in HeadChecks)
        {
            var disagreeing = connection.Prepare(check);
            if (disagreeing.Step())
            {
                var what = disagreeing.Text(0);
                disagreeing.Reset();
                throw new StoreUnreadableException($"{Name} is damaged: {what}. Restore it from a backup.");
            }
        }
    }
}
