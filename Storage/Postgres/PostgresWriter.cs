using Npgsql;
using Svom.Storage;

namespace Svom.Postgres;

/// <summary>
/// The writer of one schema in this process, on a connection of its own. A batch is one message to the server, executed once it is there to
/// its end and committed with it: one way there and back, and no lock is held while we think.
/// </summary>
internal abstract class PostgresWriter<TWork> : WriterLoop<TWork>
    where TWork : QueuedWork
{
    private const int LooksBeforeLocks = 3;
    private const int MostLooks = 8;

    private readonly PostgresDatabase _database;
    private readonly TimeSpan _lockTimeout;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _pause = new(0); // Never released: only its time-out is used.
    private NpgsqlConnection? _connection;
    private string? _lost; // Purpose of a connection that broke; the server may still be busy with what it sent.

    protected PostgresWriter(
        PostgresDatabase database, PostgresSchema schema, int lanes, WriteLimits limits, TimeSpan lockTimeout, TimeProvider time, IStorageFaults? faults)
        : base(schema.Name, lanes, limits)
    {
        (_database, _lockTimeout, _time, Faults) = (database, lockTimeout, time, faults);
        using var connection = Wait(() => database.Open("migration"));
        schema.Prepare(connection);
    }

    protected IStorageFaults? Faults { get; }

    /// <summary>A new connection: prepares its statements.</summary>
    protected abstract void Opened(NpgsqlConnection connection);

    /// <summary>Writes a batch, committed when it returns.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="batch">What.</param>
    /// <param name="look">
    /// 0: send without looking, as if nobody else wrote. Above: look first, and send what follows from it. The server refuses what is not as
    /// it was seen, and then the next look is taken.
    /// </param>
    /// <param name="locked">True when rows are to be locked before the look: others were there first again and again.</param>
    protected abstract void Write(NpgsqlConnection connection, TWork[] batch, int look, bool locked);

    /// <summary>The transaction at hand was undone: what was remembered of it never happened.</summary>
    protected abstract void Forget();

    /// <summary>Works whose rows are held by another transaction now.</summary>
    protected abstract IReadOnlySet<TWork> Held(NpgsqlConnection connection, TWork[] batch);

    protected override WriteFailure<TWork>? TryWrite(TWork[] batch)
    {
        var landed = false;
        try
        {
            Connect();
            Faults?.At(StorageStep.BeforeBegin, null);
            LookAndWrite(batch);
            landed = true;
            Faults?.At(StorageStep.AfterCommit, null);
            return null;
        }
        catch (Exception failure)
        {
            if (!landed)
            {
                Forget();
            }

            return landed ? WriteFailure<TWork>.OfAll(failure) : Judge(failure, batch);
        }
    }

    protected override void CloseStore()
    {
        _connection?.Dispose();
        _pause.Dispose();
    }

    private void LookAndWrite(TWork[] batch)
    {
        for (var look = 0; ; look++)
        {
            try
            {
                var locked = look > LooksBeforeLocks;
                using var transaction = locked ? _connection!.BeginTransaction() : null;
                Write(_connection!, batch, look, locked);
                transaction?.Commit();
                return;
            }
            catch (PostgresException contested) when (PostgresFaults.IsRefusal(contested) && PostgresFaults.IsContested(contested) && look < MostLooks)
            {
                Forget();
            }
        }
    }

    private WriteFailure<TWork> Judge(Exception failure, TWork[] batch)
    {
        if (_connection is not { State: System.Data.ConnectionState.Open } || (failure is NpgsqlException && !PostgresFaults.IsRefusal(failure)))
        {
            Lose();
            return WriteFailure<TWork>.OfAll(failure);
        }

        return failure is PostgresException refusal && PostgresFaults.IsOfServer(refusal) ? WriteFailure<TWork>.OfAll(failure)
            : PostgresFaults.IsLocked(failure) && HeldApart(batch) is { } parts ? new(failure, parts)
            : WriteFailure<TWork>.InHalves(failure, batch);
    }

    /// <summary>The works that somebody's lock holds up, and those that it does not; null when that can't be told apart.</summary>
    private TWork[][]? HeldApart(TWork[] batch)
    {
        try
        {
            var held = Held(_connection!, batch);
            return held.Count == 0 || held.Count == batch.Length ? null : [[.. batch.Where(work => !held.Contains(work))], [.. batch.Where(held.Contains)]];
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>
    /// Nobody knows what became of the batch. Before its callers are told so, the server's side of the broken connection is ended, so that what
    /// they read then stays true: a transaction that still hung there could land after they looked.
    /// </summary>
    private void Lose()
    {
        if (_connection is { } broken)
        {
            _lost = new NpgsqlConnectionStringBuilder(broken.ConnectionString).ApplicationName;
            _connection = null;
            broken.Dispose();
            try
            {
                Open();
            }
            catch (Exception away) when (away is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
            {
                // The server is away; the next batch waits for it.
            }
        }
    }

    private void Connect()
    {
        if (_connection is null)
        {
            Wait(() =>
            {
                Open();
                return true;
            });
        }
    }

    private void Open()
    {
        var connection = _database.Open($"writer-{Guid.NewGuid().ToString("N")[..12]}");
        try
        {
            // Joins go by the arrays we send, in their order, row by row through an index: that is the order in which rows are locked, and a
            // plan made while a table was small stays good when it is large.
            Run(connection, $"""
                SET lock_timeout = {(long)_lockTimeout.TotalMilliseconds};
                SET idle_in_transaction_session_timeout = {(long)(_lockTimeout / 2).TotalMilliseconds};
                SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan;
                """);
            if (_lost is { } lost)
            {
                Run(connection, $"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '{lost}'");
                _lost = null;
            }

            Opened(connection);
            _connection = connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Tries until the server is there, patience ends, or the store is closed.</summary>
    private T Wait<T>(Func<T> attempt)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return attempt();
            }
            catch (NpgsqlException away) when (PostgresDatabase.IsAway(away) && !Closing && _time.GetElapsedTime(began) < PostgresDatabase.Patience)
            {
                _pause.Wait(PostgresDatabase.Pause);
            }
            catch (NpgsqlException refused)
            {
                throw new StoreUnreachableException(_database.Server, refused);
            }
        }
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
