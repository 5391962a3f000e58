using Npgsql;
using Svom.Postgres;

namespace Svom.EventStore;

/// <summary>
/// Lease rows of the shards. The database's clock decides what has expired: silos' clocks differ, and one that is ahead must not take
/// what another still holds. A caller's times only say how long it wants to hold.
/// </summary>
internal static class PostgresShardLeases
{
    /// <summary>The database's clock in UTC ticks.</summary>
    public const string DatabaseClock = "(extract(epoch FROM clock_timestamp()) * 10000000)::bigint + 621355968000000000";

    public static async Task<IReadOnlyList<ShardLease>> LeaseAsync(
        NpgsqlConnection connection, string clock, string owner, int from, int to, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        // Rows are locked in their order before any is changed: two silos that ask at once wait for each other and never in a circle.
        var rows = await connection.RowsAsync(
            $"""
            WITH clock AS MATERIALIZED (SELECT {clock} AS ticks),
            free AS MATERIALIZED (
                SELECT l.shard FROM shard_lease l, clock
                WHERE l.shard >= $2 AND l.shard < $3 AND (l.owner IS NULL OR l.owner = $1 OR l.until_ticks <= clock.ticks)
                ORDER BY l.shard FOR NO KEY UPDATE OF l),
            taken AS (
                UPDATE shard_lease l SET epoch = l.epoch + (l.owner IS DISTINCT FROM $1)::int, owner = $1, until_ticks = clock.ticks + $4
                FROM free, clock WHERE l.shard = free.shard
                RETURNING l.shard, l.epoch, l.until_ticks)
            SELECT shard, epoch, until_ticks - clock.ticks FROM taken, clock
            UNION ALL
            SELECT l.shard, l.epoch, l.until_ticks - clock.ticks FROM shard_lease l, clock
            WHERE l.owner = $1 AND l.until_ticks > clock.ticks AND (l.shard < $2 OR l.shard >= $3)
            ORDER BY 1
            """,
            row => new ShardLease(row.GetInt32(0), row.GetInt64(1), now.AddTicks(row.GetInt64(2))),
            cancellationToken, PostgresText.Store(owner), from, to, (until - now).Ticks);
        return rows;
    }

    public static Task<int> ReleaseAsync(NpgsqlConnection connection, string owner, CancellationToken cancellationToken) =>
        connection.RunAsync("UPDATE shard_lease SET owner = NULL, until_ticks = 0 WHERE owner = $1", cancellationToken, PostgresText.Store(owner));
}
