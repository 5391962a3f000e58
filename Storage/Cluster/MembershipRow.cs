using System.Globalization;
using Npgsql;
using Orleans;
using Orleans.Runtime;
using Svom.Postgres;

namespace Svom.Cluster;

/// <summary>A silo's entry of the roll as a row.</summary>
internal static class MembershipRow
{
    /// <summary>All but the key, in the order of <see cref="Values"/> and of <see cref="Read"/>.</summary>
    public const string Columns =
        "name, host, role, status, gateway_port, update_zone, fault_zone, suspected_by, suspected_ticks, started_ticks, alive_ticks";

    /// <summary>Address and generation.</summary>
    public static string NameOf(SiloAddress address) => address.ToParsableString();

    /// <summary>The version of the table is every row's tag, too.</summary>
    public static string TagOf(int version) => version.ToString(CultureInfo.InvariantCulture);

    public static int VersionOf(string tag) => int.Parse(tag, CultureInfo.InvariantCulture);

    public static object[] Values(MembershipEntry entry)
    {
        var suspects = entry.SuspectTimes ?? [];
        return
        [
            PostgresText.Store(entry.SiloName ?? ""), PostgresText.Store(entry.HostName ?? ""), PostgresText.Store(entry.RoleName ?? ""),
            (int)entry.Status, entry.ProxyPort, entry.UpdateZone, entry.FaultZone,
            suspects.Select(static suspect => NameOf(suspect.Item1)).ToArray(), suspects.Select(static suspect => suspect.Item2.Ticks).ToArray(),
            entry.StartTime.Ticks, entry.IAmAliveTime.Ticks,
        ];
    }

    /// <param name="row">Address and columns.</param>
    /// <param name="at">Place of the address.</param>
    public static MembershipEntry Read(NpgsqlDataReader row, int at) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(row.GetString(at)),
        SiloName = row.Text(at + 1),
        HostName = row.Text(at + 2),
        RoleName = row.Text(at + 3),
        Status = (SiloStatus)row.GetInt32(at + 4),
        ProxyPort = row.GetInt32(at + 5),
        UpdateZone = row.GetInt32(at + 6),
        FaultZone = row.GetInt32(at + 7),
        SuspectTimes = [.. row.GetFieldValue<string[]>(at + 8).Zip(row.GetFieldValue<long[]>(at + 9), static (by, ticks) => Tuple.Create(SiloAddress.FromParsableString(by), Utc(ticks)))],
        StartTime = Utc(row.GetInt64(at + 10)),
        IAmAliveTime = Utc(row.GetInt64(at + 11)),
    };

    private static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);
}
