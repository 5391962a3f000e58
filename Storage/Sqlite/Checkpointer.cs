namespace Svom.Sqlite;

/// <summary>
/// Copies the write-ahead log into its file on a thread and connection of its own, so that no commit waits for it. The log is
/// reused in place rather than cut: overwriting a written file syncs much faster than growing one.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    private const int PagesBetween = 4_096; // 16 MiB
    private const int LongLog = 16_384; // 64 MiB: from here the writer itself copies the last few pages.
    private const int ShortEnd = 1_024;

    private readonly Connection _connection;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private int _pages;
    private volatile bool _busy;
    private volatile bool _closed;
    private volatile bool _finish;

    public Checkpointer(string file)
    {
        _connection = new(file, ConnectionUse.Checkpoint);
        _thread = new(Loop) { IsBackground = true, Name = "checkpoints of " + Path.GetFileName(file) };
        _thread.Start();
    }

    /// <summary>Called by the writer after a commit.</summary>
    /// <returns>True when the writer should copy the end of the log now.</returns>
    public bool Wrote(int pages)
    {
        _pages += pages;
        if (_finish)
        {
            _finish = false;
            return true;
        }

        if (_pages >= PagesBetween && !_busy)
        {
            _pages = 0;
            _busy = true;
            _wake.Release();
        }

        return false;
    }

    public void Dispose()
    {
        _closed = true;
        _wake.Release();
        _thread.Join();
        _connection.Dispose();
        _wake.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _wake.Wait();
            if (_closed)
            {
                return;
            }

            var (logged, copied) = _connection.Checkpoint();
            for (var again = 0; again < 3 && logged - copied > ShortEnd && !_closed; again++)
            {
                (logged, copied) = _connection.Checkpoint();
            }

            _finish = logged > LongLog;
            _busy = false;
        }
    }
}
