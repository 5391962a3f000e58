using Microsoft.Data.Sqlite;
using SQLitePCL;
using Svom.Storage;

namespace Svom.Sqlite;

/// <summary>The only writer of one file.</summary>
internal sealed class WriterThread : WriterLoop<WriteWork>
{
    private readonly string _file;
    private readonly IStorageFaults? _faults;
    private readonly Checkpointer _checkpointer;
    private readonly Action<Connection, bool>? _between;
    private Connection _connection;
    private bool _broken;
    private bool _failed;

    /// <param name="file">Full path.</param>
    /// <param name="schema">Its tables; brought up to date here.</param>
    /// <param name="lanes">Number of lanes.</param>
    /// <param name="limits">Bounds of the queue.</param>
    /// <param name="now">Time of the start, for the record of formats.</param>
    /// <param name="faults">Test hook.</param>
    /// <param name="between">Called on the writer's thread after each batch, with whether a commit failed: house-keeping in transactions of its own.</param>
    public WriterThread(
        string file, Schema schema, int lanes, WriteLimits limits, DateTimeOffset now, IStorageFaults? faults, Action<Connection, bool>? between = null)
        : base(schema.Name, lanes, limits)
    {
        (_file, _faults, _between) = (file, faults, between);
        _connection = new(file, ConnectionUse.Write, faults);
        try
        {
            schema.Prepare(_connection, now);
            _checkpointer = new(file);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }

        Start();
    }

    /// <summary>Runs a function in a transaction of the writer.</summary>
    /// <exception cref="StoreOverloadedException">The lane is full; nothing was done.</exception>
    public Task<T> CallAsync<T>(int lane, Func<Connection, T> apply, CancellationToken cancellationToken)
    {
        var work = new WriteCall<T>(lane, apply, cancellationToken);
        return TryAdd(work) ? work.Answer : Task.FromException<T>(new StoreOverloadedException($"Lane {lane} of {_file} is full."));
    }

    protected override WriteFailure<WriteWork>? TryWrite(WriteWork[] batch)
    {
        var landed = false;
        try
        {
            Mend();
            _faults?.At(StorageStep.BeforeBegin, null);
            _connection.Execute("BEGIN IMMEDIATE");
            foreach (var work in batch)
            {
                work.Apply(_connection);
            }

            _faults?.At(StorageStep.BeforeCommit, null);
            _connection.Execute("COMMIT");
            landed = true;
            _faults?.At(StorageStep.AfterCommit, null);
            return null;
        }
        catch (Exception failure)
        {
            _failed = true;
            if (!landed)
            {
                Undo();
            }

            return landed || !WorthHalving(failure) ? WriteFailure<WriteWork>.OfAll(failure) : WriteFailure<WriteWork>.InHalves(failure, batch);
        }
    }

    protected override void CloseStore()
    {
        _checkpointer.Dispose();
        _connection.Truncate();
        _connection.Dispose();
    }

    // A broken disk or file refuses every half as well; a full one may still take the small ones.
    private static bool WorthHalving(Exception failure) =>
        failure is not SqliteException { SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB };

    private void Undo()
    {
        try
        {
            if (_connection.InTransaction)
            {
                _connection.Execute("ROLLBACK");
            }

            _connection.Forget();
        }
        catch (Exception)
        {
            // A connection that cannot roll back is of no more use; a new one begins from what is committed.
            _broken = true;
        }
    }

    private void Mend()
    {
        if (_broken)
        {
            _connection.Dispose();
            _connection = new(_file, ConnectionUse.Write, _faults);
            _broken = false;
        }
    }

    protected override void KeepHouse()
    {
        if (_broken)
        {
            return;
        }

        try
        {
            _between?.Invoke(_connection, _failed);
            _failed = false;
        }
        catch (Exception)
        {
            // Tried again after the next batch; nothing waits for it.
            Undo();
        }

        if (_checkpointer.Wrote(_connection.PagesWritten()))
        {
            // The log is long and all but its end is copied: copy the end while nothing is being written, so that the next
            // commit starts the log over in place. The bulk was copied beside us.
            _connection.Checkpoint();
        }
    }
}
