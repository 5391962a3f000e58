using System.Net;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Svom.Support;

namespace Svom.Cluster;

/// <summary>The roll of silos as Orleans wants it: every change fenced by the version of the whole table, heartbeats by nothing.</summary>
public sealed class PostgresMembershipTests(SharedPostgres postgres)
{
    private static readonly DateTime Noon = new(2026, 4, 21, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task What_is_inserted_reads_back_whole()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var table = await OpenAsync(database);
        var empty = await table.ReadAll();
        Assert.Empty(empty.Members);
        var entry = Entry(1);
        entry.AddSuspector(Address(2), Noon.AddSeconds(3));
        Assert.True(await table.InsertRow(entry, empty.Version.Next()));

        var read = await table.ReadAll();
        Assert.Equal((1, "1"), (read.Version.Version, read.Version.VersionEtag));
        var (found, tag) = Assert.Single(read.Members);
        Assert.Equal("1", tag);
        Assert.Equal(entry.ToFullString(), found.ToFullString());
        Assert.Equal((entry.StartTime, entry.IAmAliveTime, entry.RoleName, entry.ProxyPort), (found.StartTime, found.IAmAliveTime, found.RoleName, found.ProxyPort));
        Assert.Equal(entry.SuspectTimes, found.SuspectTimes);
    }

    [Fact]
    public async Task One_silo_is_read_with_the_version_of_the_table_also_when_it_is_not_there()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var table = await OpenAsync(database);
        await InsertAsync(table, 1);
        await InsertAsync(table, 2);
        var one = await table.ReadRow(Address(2));
        Assert.Equal(Address(2), Assert.Single(one.Members).Item1.SiloAddress);
        var none = await table.ReadRow(Address(3));
        Assert.Empty(none.Members);
        Assert.Equal((2, 2), (one.Version.Version, none.Version.Version));
    }

    [Fact]
    public async Task A_change_decided_upon_an_older_version_is_refused_and_changes_nothing()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var table = await OpenAsync(database);
        var before = await table.ReadAll();
        await InsertAsync(table, 1);
        Assert.False(await table.InsertRow(Entry(2), before.Version.Next()));
        Assert.False(await table.UpdateRow(Entry(1, SiloStatus.Dead), "0", before.Version.Next()));

        var after = await table.ReadAll();
        Assert.Equal(1, after.Version.Version);
        Assert.Equal(SiloStatus.Joining, Assert.Single(after.Members).Item1.Status);
    }

    [Fact]
    public async Task A_silo_that_is_there_is_not_inserted_and_one_that_is_not_is_not_changed()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var table = await OpenAsync(database);
        await InsertAsync(table, 1);
        var version = (await table.ReadAll()).Version;
        Assert.False(await table.InsertRow(Entry(1), version.Next()));
        Assert.False(await table.UpdateRow(Entry(2), version.VersionEtag, version.Next()));
        Assert.Equal(version, (await table.ReadAll()).Version);
    }

    [Fact]
    public async Task A_heartbeat_moves_its_own_time_and_leaves_earlier_reads_good_for_a_change()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var table = await OpenAsync(database);
        await InsertAsync(table, 1);
        var read = await table.ReadAll();
        var alive = Entry(1, SiloStatus.Active);
        alive.IAmAliveTime = Noon.AddMinutes(1);
        await table.UpdateIAmAlive(alive);

        var after = await table.ReadAll();
        Assert.Equal((SiloStatus.Joining, Noon.AddMinutes(1)), (after.Members[0].Item1.Status, after.Members[0].Item1.IAmAliveTime));
        Assert.True(await table.UpdateRow(alive, read.Members[0].Item2, read.Version.Next()));
        Assert.Equal(SiloStatus.Active, (await table.ReadAll()).Members[0].Item1.Status);
    }

    [Fact]
    public async Task Of_silos_that_change_the_table_at_once_one_wins_each_version()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var table = await OpenAsync(database);
        await using var other = await OpenAsync(database);
        for (var round = 0; round < 5; round++)
        {
            var version = (await table.ReadAll()).Version.Next();
            var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => (n % 2 == 0 ? table : other).InsertRow(Entry((round * 10) + n + 1), version)));
            Assert.Single(won, static one => one);
        }

        var all = await table.ReadAll();
        Assert.Equal((5, 5), (all.Version.Version, all.Members.Count));
    }

    [Fact]
    public async Task Only_the_long_dead_are_forgotten_and_clusters_do_not_see_each_other()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var table = await OpenAsync(database);
        await using var other = await OpenAsync(database, "other");
        await InsertAsync(table, 1, SiloStatus.Dead);
        await InsertAsync(table, 2);
        await InsertAsync(other, 1, SiloStatus.Dead);
        await table.CleanupDefunctSiloEntries(new DateTimeOffset(Noon));
        Assert.Equal(2, (await table.ReadAll()).Members.Count);
        await table.CleanupDefunctSiloEntries(new DateTimeOffset(Noon.AddTicks(1)));
        Assert.Equal(Address(2), Assert.Single((await table.ReadAll()).Members).Item1.SiloAddress);
        Assert.Single((await other.ReadAll()).Members);

        await table.DeleteMembershipTableEntries("test");
        Assert.Empty((await table.ReadAll()).Members);
        Assert.Single((await other.ReadAll()).Members);
    }

    private static async Task<PostgresMembershipTable> OpenAsync(TestDatabase database, string cluster = "test")
    {
        var table = new PostgresMembershipTable(Options.Create(database.Options()), Options.Create(new ClusterOptions { ClusterId = cluster }), TimeProvider.System);
        await table.InitializeMembershipTable(true);
        return table;
    }

    private static async Task InsertAsync(PostgresMembershipTable table, int silo, SiloStatus status = SiloStatus.Joining) =>
        Assert.True(await table.InsertRow(Entry(silo, status), (await table.ReadAll()).Version.Next()));

    private static SiloAddress Address(int n) => SiloAddress.New(IPAddress.Loopback, 11_000 + n, n);

    private static MembershipEntry Entry(int n, SiloStatus status = SiloStatus.Joining) => new()
    {
        SiloAddress = Address(n),
        SiloName = $"silo {n}",
        HostName = "host",
        RoleName = "role",
        Status = status,
        ProxyPort = 30_000,
        UpdateZone = 1,
        FaultZone = 2,
        StartTime = Noon,
        IAmAliveTime = Noon,
        SuspectTimes = [],
    };
}
