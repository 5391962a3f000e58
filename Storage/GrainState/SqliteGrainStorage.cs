using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Svom.EventStore;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.GrainState;

/// <summary>Grain state in the event store's file, written by its writer: it shares the commits of appends.</summary>
internal sealed class SqliteGrainStorage(
    string provider, SqliteEventStore store, IGrainStorageSerializer serializer, IActivatorProvider activators) : RowGrainStorage(provider, serializer, activators)
{
    protected override Task<(string ETag, byte[] Content)?> ReadAsync(StateKey key, CancellationToken cancellationToken) =>
        store.ReadAsync(c => Read(c, key), cancellationToken);

    protected override Task<StateWrite> WriteAsync(StateKey key, string? expected, string next, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        store.CallAsync(AppendLane.GrainState, c => Write(c, key, expected, next, content), cancellationToken);

    protected override Task<StateWrite> ClearAsync(StateKey key, string? expected, CancellationToken cancellationToken) =>
        store.CallAsync(AppendLane.GrainState, c => Clear(c, key, expected), cancellationToken);

    private static (string ETag, byte[] Content)? Read(Connection connection, StateKey key)
    {
        var query = Bind(connection.Prepare("SELECT etag, content FROM grain_state WHERE grain = ?1 AND state = ?2 AND provider = ?3"), key);
        (string, byte[])? row = query.Step() ? (query.Text(0), query.Blob(1)) : null;
        query.Reset();
        return row;
    }

    private static StateWrite Write(Connection connection, StateKey key, string? expected, string next, ReadOnlyMemory<byte> content)
    {
        var stored = StoredETag(connection, key);
        if (stored != expected)
        {
            return new(Taken: false, stored);
        }

        Bind(connection.Prepare("""
            INSERT INTO grain_state (grain, state, provider, etag, content) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (grain, state, provider) DO UPDATE SET etag = excluded.etag, content = excluded.content
            """), key).Bind(4, next).Bind(5, content.Span).Run();
        connection.Faults?.At(StorageStep.StateWritten, key);
        return new(Taken: true, next);
    }

    private static StateWrite Clear(Connection connection, StateKey key, string? expected)
    {
        var stored = StoredETag(connection, key);
        if (stored != expected)
        {
            return new(Taken: false, stored);
        }

        Bind(connection.Prepare("DELETE FROM grain_state WHERE grain = ?1 AND state = ?2 AND provider = ?3"), key).Run();
        connection.Faults?.At(StorageStep.StateWritten, key);
        return new(Taken: true, null);
    }

    private static string? StoredETag(Connection connection, StateKey key)
    {
        var query = Bind(connection.Prepare("SELECT etag FROM grain_state WHERE grain = ?1 AND state = ?2 AND provider = ?3"), key);
        var etag = query.Step() ? query.Text(0) : null;
        query.Reset();
        return etag;
    }

    private static Statement Bind(Statement statement, StateKey key) => statement.Bind(1, key.Grain).Bind(2, key.State).Bind(3, key.Provider);
}
