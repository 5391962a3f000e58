using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Svom.Postgres;
using static Svom.Postgres.PostgresArrays;

namespace Svom.EventStore;

/// <summary>A plan as the arrays that the function <c>append_1</c> takes.</summary>
internal static class AppendArrays
{
    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Bigint,
        PostgresCall.Texts, PostgresCall.Longs, PostgresCall.Longs, PostgresCall.Ids, PostgresCall.Ids,
        PostgresCall.Texts, PostgresCall.Longs, PostgresCall.Ids,
        PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Ids, PostgresCall.Blobs,
        PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Texts, PostgresCall.Texts,
        PostgresCall.Texts, PostgresCall.Longs,
        PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Texts, PostgresCall.Texts, PostgresCall.Texts, PostgresCall.Longs, PostgresCall.Blobs,
        PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Ints, PostgresCall.Shorts, PostgresCall.Texts, PostgresCall.Texts, PostgresCall.Blobs,
        PostgresCall.Ints, PostgresCall.Texts, PostgresCall.Longs, PostgresCall.Shorts,
        PostgresCall.Ints, PostgresCall.Texts, PostgresCall.Texts, PostgresCall.Blobs,
        PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Blobs,
        PostgresCall.Texts, PostgresCall.Longs, PostgresCall.Ints,
    ];

    public static PostgresCall Prepare(NpgsqlConnection connection) => new(
        connection, $"SELECT append_1({string.Join(", ", Enumerable.Range(1, Types.Length).Select(static n => "$" + n.ToString(CultureInfo.InvariantCulture)))})", Types);

    /// <summary>Sends a plan.</summary>
    /// <returns>Sequences of all archive entries, in the order of the plan.</returns>
    public static long[] Send(PostgresCall append, AppendPlan plan, long atTicks)
    {
        var moved = plan.Streams.Where(static stream => stream.Was > 0).ToArray();
        var made = plan.Streams.Where(static stream => stream.Was == 0).ToArray();
        var taken = plan.Taken;
        var claims = taken.SelectMany(static one => one.Work.Append.Claims.Select(claim => (one.Stream.Place, one.Version, claim.Scope, claim.Key)))
            .OrderBy(static claim => claim.Scope, StringComparer.Ordinal).ThenBy(static claim => claim.Key, StringComparer.Ordinal).ToArray();
        var archives = new PlannedArchives(taken);
        var owed = taken.SelectMany(static one => one.Work.Append.Owed.Select((message, n) => (one.Stream, one.Version, N: n, Message: message))).ToArray();
        var due = Last(taken, static append => append.Due, static change => change.Name);
        var search = Last(taken, static append => append.Index, static change => (change.Index, change.Key));
        var snapshots = Last(taken.Where(static one => one.Work.Append.Snapshot is { Length: > 0 }), static append => (Append[])[append], static _ => 0);
        var settled = plan.Settled.OrderBy(static row => row.Stream.Value, StringComparer.Ordinal).ThenBy(static row => row.Version).ThenBy(static row => row.N).ToArray();

        var heads = append.Set(
            atTicks,
            PostgresText.Store(moved, static stream => stream.Name), Map(moved, static stream => stream.Was), Map(moved, static stream => stream.Head),
            Map(moved, static stream => stream.Follows), Map(moved, static stream => stream.Added[^1]),
            PostgresText.Store(made, static stream => stream.Name), Map(made, static stream => stream.Head), Map(made, static stream => stream.Added[^1]),
            Map(taken, static one => one.Stream.Place), Map(taken, static one => one.Version), Map(taken, static one => one.Work.Append.Id),
            Map(taken, static one => one.Work.Append.Payload),
            Map(claims, static one => one.Place), Map(claims, static one => one.Version),
            PostgresText.Store(claims, static one => one.Scope), PostgresText.Store(claims, static one => one.Key),
            PostgresText.Store(archives.Names, static name => name), archives.Counts,
            Map(archives.Entries, static one => one.Archive), Map(archives.Entries, static one => one.Place), PostgresText.Store(archives.Entries, static one => one.Entry.Id),
            PostgresText.Store(archives.Entries, static one => one.Entry.Owner), PostgresText.Store(archives.Entries, static one => one.Entry.Kind),
            Map(archives.Entries, static one => one.Entry.At.UtcTicks), Map(archives.Entries, static one => one.Entry.Content),
            Map(owed, static one => one.Stream.Place), Map(owed, static one => one.Version), Map(owed, static one => one.N), Map(owed, static one => Shard(one.Stream)),
            PostgresText.Store(owed, static one => one.Message.Route), PostgresText.Store(owed, static one => one.Message.Target), Map(owed, static one => one.Message.Payload),
            Map(due, static one => one.Stream.Place), PostgresText.Store(due, static one => one.Change.Name), Map(due, static one => one.Change.At?.UtcTicks),
            Map(due, static one => Shard(one.Stream)),
            Map(search, static one => one.Stream.Place), PostgresText.Store(search, static one => one.Change.Index), PostgresText.Store(search, static one => one.Change.Key),
            Map(search, static one => one.Change.Value?.ToArray()),
            Map(snapshots, static one => one.Stream.Place), Map(snapshots, static one => one.Version), Map(snapshots, static one => one.Change.Snapshot!.Value),
            PostgresText.Store(settled, static row => row.Stream.Value), Map(settled, static row => row.Version), Map(settled, static row => row.N)).Scalar();
        return archives.Sequences(heads as long[] ?? []);
    }

    private static short Shard(PlannedStream stream) => (short)new StreamId(stream.Name).Shard;

    /// <summary>The last change of each name within a stream: one commit shows nothing of those before it.</summary>
    private static List<(PlannedStream Stream, long Version, TChange Change)> Last<TChange, TName>(
        IEnumerable<(PostgresAppend Work, PlannedStream Stream, long Version)> taken, Func<Append, IReadOnlyList<TChange>> changes, Func<TChange, TName> name)
    {
        var last = new Dictionary<(PlannedStream, TName), int>();
        var rows = new List<(PlannedStream Stream, long Version, TChange Change)>();
        foreach (var (work, stream, version) in taken)
        {
            foreach (var change in changes(work.Append))
            {
                if (last.TryGetValue((stream, name(change)), out var place))
                {
                    rows[place] = (stream, version, change);
                }
                else
                {
                    last.Add((stream, name(change)), rows.Count);
                    rows.Add((stream, version, change));
                }
            }
        }

        return rows;
    }

    /// <summary>Archive entries of a plan, each with its archive's number and its place among those that the plan adds to it.</summary>
    private sealed class PlannedArchives
    {
        public PlannedArchives(IReadOnlyList<(PostgresAppend Work, PlannedStream Stream, long Version)> taken)
        {
            Names = [.. taken.SelectMany(static one => one.Work.Append.Archive).Select(static entry => entry.Archive).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            Counts = new long[Names.Length];
            foreach (var entry in taken.SelectMany(static one => one.Work.Append.Archive))
            {
                var archive = Array.BinarySearch(Names, entry.Archive, StringComparer.Ordinal);
                Entries.Add((archive + 1, ++Counts[archive], entry));
            }
        }

        public string[] Names { get; }

        public long[] Counts { get; }

        public List<(int Archive, long Place, ArchiveEntry Entry)> Entries { get; } = [];

        public long[] Sequences(long[] heads) => [.. Entries.Select(entry => heads[entry.Archive - 1] - Counts[entry.Archive - 1] + entry.Place)];
    }
}
