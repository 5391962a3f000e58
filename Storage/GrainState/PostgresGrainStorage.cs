using Npgsql;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Svom.EventStore;
using Svom.Postgres;

namespace Svom.GrainState;

/// <summary>
/// Grain state in the database of the event store. A write that is asked again after a broken connection finds its own tag and is taken as done.
/// </summary>
internal sealed class PostgresGrainStorage(
    string provider, PostgresEventStore store, IGrainStorageSerializer serializer, IActivatorProvider activators) : RowGrainStorage(provider, serializer, activators)
{
    private const string OfKey = "grain = $1 AND state = $2 AND provider = $3";

    protected override Task<(string ETag, byte[] Content)?> ReadAsync(StateKey key, CancellationToken cancellationToken) =>
        store.Database.ReadAsync(c => FindAsync(c, key, cancellationToken), cancellationToken);

    protected override Task<StateWrite> WriteAsync(StateKey key, string? expected, string next, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        store.Database.ReadAsync(
            async c => await ResultAsync(
                c, key,
                await (expected is null
                    ? c.RunAsync(
                        """
                        INSERT INTO grain_state AS s (grain, state, provider, etag, content) VALUES ($1, $2, $3, $4, $5)
                        ON CONFLICT (grain, state, provider) DO UPDATE SET content = excluded.content WHERE s.etag = excluded.etag
                        """,
                        cancellationToken, [.. Values(key), next, content])
                    : c.RunAsync(
                        $"UPDATE grain_state SET etag = $4, content = $5 WHERE {OfKey} AND etag IN ($4, $6)",
                        cancellationToken, [.. Values(key), next, content, expected])) == 1,
                cancellationToken),
            cancellationToken);

    protected override Task<StateWrite> ClearAsync(StateKey key, string? expected, CancellationToken cancellationToken) =>
        store.Database.ReadAsync(
            async c => await ResultAsync(
                c, key,
                expected is null
                    ? await FindAsync(c, key, cancellationToken) is null
                    : await c.RunAsync($"DELETE FROM grain_state WHERE {OfKey} AND etag = $4", cancellationToken, [.. Values(key), expected]) == 1,
                cancellationToken),
            cancellationToken);

    private static async Task<StateWrite> ResultAsync(NpgsqlConnection connection, StateKey key, bool taken, CancellationToken cancellationToken) =>
        taken ? new(Taken: true, null) : new(Taken: false, (await FindAsync(connection, key, cancellationToken))?.ETag);

    private static async Task<(string ETag, byte[] Content)?> FindAsync(NpgsqlConnection connection, StateKey key, CancellationToken cancellationToken)
    {
        var rows = await connection.RowsAsync(
            $"SELECT etag, content FROM grain_state WHERE {OfKey}", static row => (row.GetString(0), row.Octets(1)), cancellationToken, Values(key));
        return rows.Count == 0 ? null : rows[0];
    }

    private static object[] Values(StateKey key) => [PostgresText.Store(key.Grain), PostgresText.Store(key.State), PostgresText.Store(key.Provider)];
}
