using Microsoft.Data.Sqlite;
using SQLitePCL;
using Svom.Storage;

namespace Svom.Sqlite;

/// <summary>What a capability keeps per connection: its prepared statements, and on the writer what it remembers of the tables.</summary>
internal interface IConnectionPart
{
    /// <summary>The open transaction was undone: forget what was remembered from it.</summary>
    void Forget();
}

internal enum ConnectionUse
{
    Write,
    Read,
    Checkpoint,
}

/// <summary>One SQLite connection with its statements. Used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, IConnectionPart> _parts = [];

    public Connection(string file, ConnectionUse use, IStorageFaults? faults = null)
    {
        Faults = faults;
        _connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            _connection.Open();

            // FULL: an answered append survives a power cut. No automatic checkpoints: they would stall the commit that
            // happens to cross the threshold; the checkpointer does them beside the writer.
            Execute("PRAGMA busy_timeout=5000");
            Execute("PRAGMA journal_mode=WAL");
            Execute("PRAGMA synchronous=FULL");
            Execute("PRAGMA wal_autocheckpoint=0");
            Execute("PRAGMA temp_store=MEMORY");
            Execute(use == ConnectionUse.Write ? "PRAGMA cache_size=-65536" : "PRAGMA cache_size=-8192");
            if (use == ConnectionUse.Read)
            {
                Execute("PRAGMA query_only=1");
            }
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public IStorageFaults? Faults { get; }

    private sqlite3 Handle => _connection.Handle!;

    /// <summary>True between BEGIN and COMMIT or ROLLBACK.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    public long LastRowId => raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>A new statement, owned by the caller's part: closed with the connection.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements.Add(sql, statement = new(Handle, sql));
        }

        return statement;
    }

    /// <summary>Runs SQL without parameters once, several statements too.</summary>
    public void Execute(string sql)
    {
        var result = raw.sqlite3_exec(Handle, sql);
        if (result != raw.SQLITE_OK)
        {
            throw new SqliteException(
                $"SQLite {result}: {raw.sqlite3_errmsg(Handle).utf8_to_string()}", result & 0xFF, raw.sqlite3_extended_errcode(Handle));
        }
    }

    /// <summary>The part of a capability, made at first use.</summary>
    public T Part<T>(Func<Connection, T> make)
        where T : class, IConnectionPart
    {
        if (!_parts.TryGetValue(typeof(T), out var part))
        {
            _parts.Add(typeof(T), part = make(this));
        }

        return (T)part;
    }

    public void Forget()
    {
        foreach (var part in _parts.Values)
        {
            part.Forget();
        }
    }

    /// <summary>Pages this connection wrote to the log since it was asked last.</summary>
    public int PagesWritten()
    {
        const int CacheWrites = 9; // SQLITE_DBSTATUS_CACHE_WRITE
        return raw.sqlite3_db_status(Handle, CacheWrites, out var pages, out _, 1) == raw.SQLITE_OK ? pages : 0;
    }

    /// <summary>Copies what it can from the log into the file without waiting for anybody.</summary>
    /// <returns>Pages in the log and how many of them are copied.</returns>
    public (int Logged, int Copied) Checkpoint()
    {
        var result = raw.sqlite3_wal_checkpoint_v2(Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var logged, out var copied);
        return result is raw.SQLITE_OK or raw.SQLITE_BUSY or raw.SQLITE_LOCKED ? (logged, copied) : (0, 0);
    }

    /// <summary>Empties the log into the file, when nobody else uses it.</summary>
    public void Truncate() => raw.sqlite3_wal_checkpoint_v2(Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
