using Npgsql;
using Svom.Postgres;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>Commits batches of receptions and reader positions.</summary>
internal sealed class PostgresPacketWriter : PostgresWriter<PostgresPacketWork>
{
    private PacketNames? _names;
    private PostgresCall? _facts;
    private PostgresCall? _log;

    public PostgresPacketWriter(PostgresDatabase database, StorageOptions options, TimeProvider time, IStorageFaults? faults)
        : base(database, new(database.Schema, ["postgres-packets-1.sql"]), 1, options.Ingests, options.LockTimeout, time, faults) => Start();

    protected override void Opened(NpgsqlConnection connection) =>
        (_names, _facts, _log) = (new(connection), IngestFacts.Prepare(connection), IngestArrays.Prepare(connection));

    protected override void Write(NpgsqlConnection connection, PostgresPacketWork[] batch, int look, bool locked)
    {
        var calls = batch.OfType<PostgresIngest>().ToArray();
        var positions = batch.OfType<PostgresPosition>().ToArray();
        var receptions = calls.SelectMany(static call => call.Receptions);
        _names!.Learn(
            [.. receptions.Select(static one => one.Feed).Concat(positions.Select(static one => one.Feed)).Distinct()],
            [.. receptions.Select(static one => one.Reception.Station).Distinct(StringComparer.Ordinal)]);
        var keyed = Array.ConvertAll(calls, call => call.Receptions.Select(one => KeyedReception.Of(one, _names.Feed(one.Feed), _names.Station(one.Reception.Station))).ToArray());
        if (locked)
        {
            Lock(connection, keyed);
        }

        var plan = new IngestPlan(calls.Length == 0 ? new() : IngestFacts.Read(_facts!, keyed.SelectMany(static call => call)));
        for (var n = 0; n < calls.Length; n++)
        {
            plan.Take(calls[n], keyed[n]);
        }

        Faults?.At(StorageStep.BeforeCommit, null);
        IngestArrays.Send(_log!, plan, [.. positions.Select(one => (one.Reader, _names.Feed(one.Feed), one.Take()))]);
    }

    protected override void Forget()
    {
    }

    // A feed has one head, and a batch is mostly of one feed: there is nobody to be told apart.
    protected override IReadOnlySet<PostgresPacketWork> Held(NpgsqlConnection connection, PostgresPacketWork[] batch) => new HashSet<PostgresPacketWork>();

    private static void Lock(NpgsqlConnection connection, KeyedReception[][] keyed)
    {
        using var locking = new NpgsqlCommand("SELECT FROM feed WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", connection);
        locking.Parameters.Add(new() { Value = keyed.SelectMany(static call => call).Select(static one => one.Seen.Feed).Distinct().ToArray() });
        locking.ExecuteNonQuery();
    }
}
