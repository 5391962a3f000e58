using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Svom.Postgres;
using static Svom.Postgres.PostgresArrays;

namespace Svom.Packets;

/// <summary>A plan as the arrays that the function <c>log_1</c> takes.</summary>
internal static class IngestArrays
{
    private static readonly NpgsqlDbType[] Types =
    [
        PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Longs,
        PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Shorts, PostgresCall.Longs, PostgresCall.Ints, PostgresCall.Ids, PostgresCall.Flags, PostgresCall.Blobs,
        PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Longs, PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Reals, PostgresCall.Shorts,
        PostgresCall.Shorts, PostgresCall.Longs, PostgresCall.Ids,
        PostgresCall.Ints, PostgresCall.Shorts, PostgresCall.Longs, PostgresCall.Ints,
        PostgresCall.Texts, PostgresCall.Ints, PostgresCall.Longs,
    ];

    public static PostgresCall Prepare(NpgsqlConnection connection) => new(
        connection, $"SELECT log_1({string.Join(", ", Enumerable.Range(1, Types.Length).Select(static n => "$" + n.ToString(CultureInfo.InvariantCulture)))})", Types);

    public static void Send(PostgresCall log, IngestPlan plan, IReadOnlyList<(string Reader, int Feed, long Position)> readers)
    {
        var (contents, receptions) = (plan.Contents, plan.Receptions);
        var conflicts = plan.Conflicts.ToArray();
        log.Set(
            plan.Feeds.Keys.ToArray(), plan.Feeds.Values.Select(static feed => feed.Was).ToArray(), plan.Feeds.Values.Select(static feed => feed.Head).ToArray(),
            Map(contents, static one => one.Key.Header.Feed), Map(contents, static one => one.Position), Map(contents, static one => one.Key.Header.Apid),
            Map(contents, static one => one.Key.Header.TimeTicks), Map(contents, static one => one.Key.Header.Count), Map(contents, static one => one.Key.Digest),
            Map(contents, static one => one.Conflict), Map(contents, static one => one.Octets),
            Map(receptions, static one => one.Reception.Seen.Feed), Map(receptions, static one => one.Position), Map(receptions, static one => one.CopyOf),
            Map(receptions, static one => one.Reception.Seen.Station), Map(receptions, static one => one.Reception.Seen.ReceivedMs),
            Map(receptions, static one => one.Reception.Checked.Reception.SignalDbm), Map(receptions, static one => (short)one.Reception.Checked.Verdict),
            Map(receptions, static one => one.Reception.Content.Header.Apid), Map(receptions, static one => one.StoredTicks),
            Map(receptions, static one => one.Reception.Seen.Digest),
            Map(conflicts, static one => one.Feed), Map(conflicts, static one => one.Apid), Map(conflicts, static one => one.TimeTicks), Map(conflicts, static one => one.Count),
            PostgresText.Store(readers, static one => one.Reader), Map(readers, static one => one.Feed), Map(readers, static one => one.Position)).Run();
    }
}
