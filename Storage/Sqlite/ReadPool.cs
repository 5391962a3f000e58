using System.Collections.Concurrent;

namespace Svom.Sqlite;

/// <summary>Read connections, each lent to one query at a time. SQLite reads block, so they run on the thread pool, never in a grain's turn.</summary>
internal sealed class ReadPool(string file, int connections) : IDisposable
{
    private readonly ConcurrentBag<Connection> _free = [];
    private readonly SemaphoreSlim _places = new(connections);
    private volatile bool _closed;

    public async Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_free.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private T Read<T>(Func<Connection, T> read)
    {
        var connection = _free.TryTake(out var free) ? free : new(file, ConnectionUse.Read);
        try
        {
            var result = read(connection);
            if (_closed)
            {
                connection.Dispose();
            }
            else
            {
                _free.Add(connection);
            }

            return result;
        }
        catch
        {
            // A query that broke off may hold an open snapshot: the connection goes with it.
            connection.Dispose();
            throw;
        }
    }
}
