using Svom.Sqlite;

namespace Svom.Packets;

/// <summary>
/// Fills the table that finds contents by digest: many at once and in its own order, between the commits of receptions. What it
/// does not hold yet is the end of each feed, short enough to be looked through.
/// </summary>
internal static class DigestTable
{
    private const long Enough = 32_768; // Receptions; a look through that many takes some ms.

    /// <summary>Called by the writer between batches.</summary>
    public static void Fill(Connection connection)
    {
        var feeds = connection.Part(static c => new PacketStatements(c)).Feeds;
        if (feeds.Sum(static feed => feed.Head - feed.Hashed) < Enough)
        {
            return;
        }

        connection.Execute("BEGIN IMMEDIATE");
        foreach (var feed in feeds)
        {
            var insert = connection.Prepare("INSERT OR IGNORE INTO by_digest (high, key) VALUES (?1, ?2)");
            foreach (var (high, key) in Missing(connection, feed).Order())
            {
                insert.Bind(1, high).Bind(2, key).Run();
            }

            connection.Prepare("UPDATE feed SET hashed = ?2 WHERE id = ?1").Bind(1, feed.Id).Bind(2, feed.Head).Run();
        }

        connection.Execute("COMMIT");
        foreach (var feed in feeds)
        {
            feed.Hashed = feed.Head;
        }
    }

    private static List<(long High, long Key)> Missing(Connection connection, FeedRow feed)
    {
        var query = connection.Prepare("SELECT high, key FROM content WHERE key > ?1 AND key <= ?2").Bind(1, feed.Key(feed.Hashed)).Bind(2, feed.Key(feed.Head));
        var rows = new List<(long High, long Key)>();
        while (query.Step())
        {
            rows.Add((query.Int(0), query.Int(1)));
        }

        return rows;
    }
}
