using System.Data;
using Npgsql;

namespace Svom.Postgres;

/// <summary>One schema of one database: how to connect to it, and its pool of connections for reading.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>How long a server that is away is waited for: a restart takes some seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string _connectionString;
    private readonly SemaphoreSlim _places;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _reads;

    public PostgresDatabase(string connectionString, string schema, int readConnections, TimeProvider time)
    {
        (_connectionString, Schema, _time, _places) = (connectionString, schema, time, new(readConnections));
        var reads = Settings("reads");
        (reads.Pooling, reads.MaxPoolSize, reads.MinPoolSize) = (true, readConnections, 0);
        (reads.MaxAutoPrepare, reads.AutoPrepareMinUsages) = (64, 2);
        _reads = new NpgsqlDataSourceBuilder(reads.ToString()).Build();
    }

    public string Schema { get; }

    public string Server => new NpgsqlConnectionStringBuilder(_connectionString) is var at ? $"{at.Host}:{at.Port}/{at.Database}" : "";

    /// <summary>Opens a connection of its own, outside the pool.</summary>
    public NpgsqlConnection Open(string purpose)
    {
        var connection = new NpgsqlConnection(Settings(purpose).ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Brings the schema to the newest format, for a store without a writer of its own. Waits like one for a server that is away.</summary>
    /// <exception cref="StoreUnreachableException">The database does not answer, or refuses.</exception>
    public void Prepare(PostgresSchema schema)
    {
        using var pause = new ManualResetEventSlim();
        for (var began = _time.GetTimestamp(); ; pause.Wait(Pause))
        {
            try
            {
                using var connection = Open("migration");
                schema.Prepare(connection);
                return;
            }
            catch (NpgsqlException failure) when (!IsAway(failure) || _time.GetElapsedTime(began) >= Patience)
            {
                throw new StoreUnreachableException(Server, failure);
            }
            catch (NpgsqlException)
            {
                // Away for a moment: once more.
            }
        }
    }

    /// <summary>
    /// Runs a query on a connection of the pool. A server that is away for a moment is waited for: a query may be asked again. A connection
    /// that broke unnoticed shows only now.
    /// </summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var began = _time.GetTimestamp();
            while (true)
            {
                try
                {
                    await using var connection = await _reads.OpenConnectionAsync(cancellationToken);
                    return await ReadAsync(connection, read);
                }
                catch (NpgsqlException failure) when (IsAway(failure) && _time.GetElapsedTime(began) < Patience)
                {
                    await Task.Delay(Pause, _time, cancellationToken);
                }
            }
        }
        finally
        {
            _places.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reads.DisposeAsync();
        _places.Dispose();
    }

    /// <summary>The connection broke, or the server is starting or stopping.</summary>
    public static bool IsAway(NpgsqlException failure) =>
        failure is not PostgresException refusal ? failure.IsTransient : refusal.SqlState[..2] is "57" && refusal.SqlState != PostgresErrorCodes.QueryCanceled;

    /// <summary>
    /// While a long message still goes out, the driver takes a broken connection apart under whoever awaits the answer. That shows as any failure
    /// of a thing disposed or gone, inside an exception of the driver or alone; here it is told as what it is.
    /// </summary>
    private static async Task<T> ReadAsync<T>(NpgsqlConnection connection, Func<NpgsqlConnection, Task<T>> read)
    {
        try
        {
            return await read(connection);
        }
        catch (Exception failure) when (failure is not (PostgresException or OperationCanceledException) && connection.State != ConnectionState.Open)
        {
            throw new NpgsqlException("The connection broke.", new IOException(failure.Message, failure));
        }
    }

    private NpgsqlConnectionStringBuilder Settings(string purpose) => new(_connectionString)
    {
        ApplicationName = $"{Schema}-{purpose}",
        SearchPath = Schema,
        Pooling = false,
        Timeout = 5,
        CommandTimeout = 20, // A network that swallows everything is noticed by this alone.
        IncludeErrorDetail = false, // Details quote rows.
    };
}
