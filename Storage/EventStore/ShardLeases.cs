using Svom.Sqlite;

namespace Svom.EventStore;

/// <summary>Lease rows of the shards. The caller's clock decides what has expired, so tests can move it.</summary>
internal static class ShardLeases
{
    public static IReadOnlyList<ShardLease> Lease(Connection connection, string owner, int from, int to, DateTimeOffset now, DateTimeOffset until)
    {
        connection.Prepare("""
            UPDATE shard_lease SET epoch = epoch + (owner IS NOT ?1), owner = ?1, until_ticks = ?5
            WHERE shard >= ?2 AND shard < ?3 AND (owner IS NULL OR owner = ?1 OR until_ticks <= ?4)
            """).Bind(1, owner).Bind(2, from).Bind(3, to).Bind(4, now.UtcTicks).Bind(5, until.UtcTicks).Run();

        var held = connection.Prepare("SELECT shard, epoch, until_ticks FROM shard_lease WHERE owner = ?1 AND until_ticks > ?2 ORDER BY shard")
            .Bind(1, owner).Bind(2, now.UtcTicks);
        var leases = new List<ShardLease>();
        while (held.Step())
        {
            leases.Add(new((int)held.Int(0), held.Int(1), StreamReads.Time(held, 2)));
        }

        return leases;
    }

    public static int Release(Connection connection, string owner) =>
        connection.Prepare("UPDATE shard_lease SET owner = NULL, until_ticks = 0 WHERE owner = ?1").Bind(1, owner).Run();
}
