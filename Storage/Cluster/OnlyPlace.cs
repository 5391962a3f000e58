using Microsoft.Extensions.Options;
using Npgsql;
using Svom.Postgres;
using Svom.Storage;

namespace Svom.Cluster;

/// <summary>
/// A place that one process of those on a database may have. It is held by a session with the database, so it is free as soon as the process is
/// gone, however it went. Checked at the start only: a server that restarts forgets it.
/// </summary>
public sealed class OnlyPlace(IOptions<StorageOptions> storage, TimeProvider time) : IAsyncDisposable
{
    // The session of a killed predecessor may last a moment longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private NpgsqlConnection? session;

    /// <returns>False when another process has it.</returns>
    public async Task<bool> TryTakeAsync(string place, CancellationToken cancellationToken)
    {
        await using var database = new PostgresDatabase(storage.Value.ConnectionString, "svom_cluster", 1, time);
        try
        {
            session = database.Open(place);
        }
        catch (NpgsqlException refused)
        {
            throw new StoreUnreachableException(database.Server, refused);
        }

        for (var began = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellationToken))
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended($1, 1))", session);
            command.Parameters.Add(new() { Value = $"svom_cluster/{place}" });
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return true;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                return false;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (session is not null)
        {
            await session.DisposeAsync();
        }
    }
}
