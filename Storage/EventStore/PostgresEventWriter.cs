using Npgsql;
using Svom.Postgres;
using Svom.Storage;

namespace Svom.EventStore;

/// <summary>Commits batches of appends and settled rows.</summary>
internal sealed class PostgresEventWriter : PostgresWriter<PostgresEventWork>
{
    private readonly TimeProvider _time;
    private readonly StalePipelines _stale = new();
    private PostgresCall? _append;
    private PostgresCall? _facts;

    public PostgresEventWriter(PostgresDatabase database, StorageOptions options, int lanes, TimeProvider time, IStorageFaults? faults)
        : base(database, new(database.Schema, ["postgres-events-1.sql", "postgres-events-2.sql"]), lanes, options.Appends, options.LockTimeout, time, faults)
    {
        _time = time;
        Start();
    }

    protected override void Opened(NpgsqlConnection connection) =>
        (_append, _facts) = (AppendArrays.Prepare(connection), KnownFacts.Prepare(connection));

    protected override void Write(NpgsqlConnection connection, PostgresEventWork[] batch, int look, bool locked)
    {
        var plan = look == 0 ? AppendPlan.Of(batch, null, _stale, Faults) : null;
        if (plan is null)
        {
            if (locked)
            {
                _ = Locked(connection, batch, "");
            }

            var facts = KnownFacts.Read(_facts!, [.. batch.OfType<PostgresAppend>().Select(static work => work.Append)]);
            plan = AppendPlan.Of(batch, facts, _stale, Faults)!;
        }

        Faults?.At(StorageStep.BeforeCommit, null);
        plan.Answer(plan.IsEmpty ? [] : AppendArrays.Send(_append!, plan, _time.GetUtcNow().UtcTicks));
    }

    protected override void Forget() => _stale.Forget();

    protected override IReadOnlySet<PostgresEventWork> Held(NpgsqlConnection connection, PostgresEventWork[] batch)
    {
        var free = Locked(connection, batch, "SKIP LOCKED");
        using var all = new NpgsqlCommand("SELECT name FROM stream WHERE name = ANY($1)", connection) { Parameters = { new() { Value = Names(batch) } } };
        var held = Read(all);
        held.ExceptWith(free);
        return batch.Where(work => work is PostgresAppend append && held.Contains(append.Append.Stream.Value)).ToHashSet();
    }

    /// <summary>Locks the heads of a batch in the order of their names until the transaction ends.</summary>
    private static HashSet<string> Locked(NpgsqlConnection connection, PostgresEventWork[] batch, string others)
    {
        using var locking = new NpgsqlCommand($"SELECT name FROM stream WHERE name = ANY($1) ORDER BY name FOR NO KEY UPDATE {others}", connection);
        locking.Parameters.Add(new() { Value = Names(batch) });
        return Read(locking);
    }

    private static string[] Names(PostgresEventWork[] batch) =>
        [.. batch.OfType<PostgresAppend>().Select(static work => PostgresText.Store(work.Append.Stream.Value)).Distinct(StringComparer.Ordinal)];

    private static HashSet<string> Read(NpgsqlCommand command)
    {
        using var rows = command.ExecuteReader();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Read())
        {
            names.Add(PostgresText.Read(rows.GetString(0)));
        }

        return names;
    }
}
