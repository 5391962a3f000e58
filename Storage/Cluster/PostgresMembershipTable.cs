using Microsoft.Extensions.Options;
using Npgsql;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Svom.Postgres;
using Svom.Storage;

namespace Svom.Cluster;

/// <summary>
/// The roll of silos that Orleans keeps, in the database that they share. The version of the whole table is the fence: a change counts only
/// if nobody changed anything since it was decided upon. A change that is asked again after a broken connection is refused, and Orleans reads anew.
/// </summary>
internal sealed class PostgresMembershipTable : IMembershipTable, IAsyncDisposable
{
    private const int Connections = 2;
    private const string Schema = "svom_cluster";

    // Outer parts see a row only if the version was moved: the row of the cluster is locked from here on.
    private const string MoveVersion = "WITH moved AS (UPDATE cluster SET version = $2 WHERE id = $1 AND version = $3";
    private readonly PostgresDatabase database;
    private readonly string cluster;

    public PostgresMembershipTable(IOptions<StorageOptions> storage, IOptions<ClusterOptions> options, TimeProvider time)
    {
        database = new(storage.Value.ConnectionString, Schema, Connections, time);
        cluster = PostgresText.Store(options.Value.ClusterId);
    }

    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        try
        {
            using var connection = database.Open("start");
            new PostgresSchema(Schema, ["postgres-cluster-1.sql"]).Prepare(connection);
        }
        catch (NpgsqlException refused)
        {
            throw new StoreUnreachableException(database.Server, refused);
        }

        if (tryInitTableVersion)
        {
            await RunAsync("INSERT INTO cluster (id, version) VALUES ($1, 0) ON CONFLICT DO NOTHING", cluster);
        }
    }

    public Task DeleteMembershipTableEntries(string clusterId) =>
        RunAsync("WITH gone AS (DELETE FROM silo WHERE cluster = $1) DELETE FROM cluster WHERE id = $1", PostgresText.Store(clusterId));

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        RunAsync("DELETE FROM silo WHERE cluster = $1 AND status = $2 AND alive_ticks < $3 AND started_ticks < $3", cluster, (int)SiloStatus.Dead, beforeDate.UtcTicks);

    public Task<MembershipTableData> ReadAll() => ReadAsync("", cluster);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadAsync("AND s.address = $2", cluster, MembershipRow.NameOf(key));

    public async Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => await RunAsync(
        $"""
        {MoveVersion} AND NOT EXISTS (SELECT FROM silo WHERE cluster = $1 AND address = $4) RETURNING id)
        INSERT INTO silo (cluster, address, {MembershipRow.Columns})
        SELECT id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 FROM moved
        """,
        [.. Fence(entry, tableVersion), .. MembershipRow.Values(entry)]) == 1;

    public async Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => await RunAsync(
        $"""
        {MoveVersion} AND EXISTS (SELECT FROM silo WHERE cluster = $1 AND address = $4) RETURNING id)
        UPDATE silo s SET ({MembershipRow.Columns}) = ROW ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) FROM moved WHERE s.cluster = moved.id AND s.address = $4
        """,
        [.. Fence(entry, tableVersion), .. MembershipRow.Values(entry)]) == 1;

    public Task UpdateIAmAlive(MembershipEntry entry) =>
        RunAsync("UPDATE silo SET alive_ticks = $3 WHERE cluster = $1 AND address = $2", cluster, MembershipRow.NameOf(entry.SiloAddress), entry.IAmAliveTime.Ticks);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private object[] Fence(MembershipEntry entry, TableVersion next) => [cluster, next.Version, MembershipRow.VersionOf(next.VersionEtag), MembershipRow.NameOf(entry.SiloAddress)];

    private Task<int> RunAsync(string sql, params object[] values) =>
        database.ReadAsync(c => c.RunAsync(sql, CancellationToken.None, values), CancellationToken.None);

    /// <summary>Version and silos in one query: they belong to one moment.</summary>
    private async Task<MembershipTableData> ReadAsync(string which, params object[] values)
    {
        var rows = await database.ReadAsync(
            c => c.RowsAsync(
                $"SELECT c.version, s.address, {MembershipRow.Columns} FROM cluster c LEFT JOIN silo s ON s.cluster = c.id {which} WHERE c.id = $1",
                static row => (Version: row.GetInt32(0), Entry: row.IsDBNull(1) ? null : MembershipRow.Read(row, 1)), CancellationToken.None, values),
            CancellationToken.None);
        var version = rows.Count == 0 ? 0 : rows[0].Version;
        var tag = MembershipRow.TagOf(version);
        return new([.. rows.Where(static row => row.Entry is not null).Select(row => Tuple.Create(row.Entry!, tag))], new(version, tag));
    }
}
