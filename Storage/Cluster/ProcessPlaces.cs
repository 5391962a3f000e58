using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Npgsql;
using Svom.Postgres;
using Svom.Storage;

namespace Svom.Cluster;

/// <summary>
/// Places that the processes on a database take: one process alone, or several that share it. They are held by a session with the database, so
/// they are free as soon as the process is gone, however it went; some ten seconds after its machine is. Checked at the start only: a server that
/// restarts forgets them.
/// </summary>
public sealed class ProcessPlaces(IOptions<StorageOptions> storage, TimeProvider time) : IAsyncDisposable
{
    // The session of a killed predecessor may last a moment longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // By itself a server takes two hours to miss a machine, and may be told to end sessions that ask for nothing. Those settings that it knows.
    internal const string LastsAsLongAsWeDo =
        """
        SELECT count(set_config(name, value, false))
        FROM (VALUES ('tcp_keepalives_idle', '4'), ('tcp_keepalives_interval', '2'), ('tcp_keepalives_count', '3'), ('idle_session_timeout', '0')) AS wanted (name, value)
        JOIN pg_settings USING (name)
        """;

    private NpgsqlConnection? session;

    /// <summary>Takes a place, or waits a moment for whoever is just leaving it. Not to be called while another call is under way.</summary>
    /// <param name="place">Its name.</param>
    /// <param name="shared">Others may share it; false: it is this process's alone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when another process has it.</returns>
    /// <exception cref="StoreUnreachableException">The database does not answer, or refuses.</exception>
    public async Task<bool> TryTakeAsync(string place, bool shared, CancellationToken cancellationToken)
    {
        if (session is null)
        {
            await OpenAsync();
        }

        var take = shared ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock";
        for (var began = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellationToken))
        {
            if (await TryAsync(session!, take, place, cancellationToken))
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

    private async Task OpenAsync()
    {
        await using var database = new PostgresDatabase(storage.Value.ConnectionString, "svom_cluster", 1, time);
        try
        {
            session = database.Open("places");
            await session.RunAsync(LastsAsLongAsWeDo, CancellationToken.None);
        }
        catch (NpgsqlException refused)
        {
            throw new StoreUnreachableException(database.Server, refused);
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "One of two constants.")]
    private static async Task<bool> TryAsync(NpgsqlConnection session, string take, string place, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {take}(hashtextextended($1, 1))", session);
        command.Parameters.Add(new() { Value = $"svom_cluster/{place}" });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
