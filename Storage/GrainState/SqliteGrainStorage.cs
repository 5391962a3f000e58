using Orleans.Runtime;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Svom.EventStore;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.GrainState;

/// <summary>Low-rate grain state in the event store's file, written by its writer: it shares the commits of appends.</summary>
internal sealed class SqliteGrainStorage(
    string provider, SqliteEventStore store, IGrainStorageSerializer serializer, IActivatorProvider activators) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = Key(stateName, grainId);
        var row = await store.ReadAsync(c => Read(c, key), cancellationToken);
        if (row is { } found)
        {
            Set(grainState, serializer.Deserialize<T>(new BinaryData(found.Content)), found.ETag, exists: true);
        }
        else
        {
            Set(grainState, activators.GetActivator<T>().Create(), null, exists: false);
        }
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = Key(stateName, grainId);
        var content = serializer.Serialize(grainState.State).ToMemory();
        var (expected, next) = (grainState.ETag, NewETag());
        Refuse(stateName, grainId, expected, await CallAsync(c => Write(c, key, expected, next, content), cancellationToken));
        (grainState.ETag, grainState.RecordExists) = (next, true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = Key(stateName, grainId);
        var expected = grainState.ETag;
        Refuse(stateName, grainId, expected, await CallAsync(c => Clear(c, key, expected), cancellationToken));
        Set(grainState, activators.GetActivator<T>().Create(), null, exists: false);
    }

    // Never a number that starts again: a state that was cleared and written anew must not fit an old activation's tag.
    private static string NewETag() => Guid.NewGuid().ToString("N");

    private StateKey Key(string stateName, GrainId grainId) => new(grainId.ToString(), stateName, provider);

    private Task<StateWrite> CallAsync(Func<Connection, StateWrite> write, CancellationToken cancellationToken) =>
        store.CallAsync(AppendLane.GrainState, write, cancellationToken);

    private static void Refuse(string stateName, GrainId grainId, string? expected, StateWrite write)
    {
        if (!write.Taken)
        {
            // Orleans drops the activation that sees this; the next one reads what is stored.
            throw new InconsistentStateException($"State {stateName} of {grainId} was written by somebody else.", write.StoredETag ?? "", expected ?? "");
        }
    }

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

    private static void Set<T>(IGrainState<T> grainState, T? state, string? etag, bool exists) =>
        (grainState.State, grainState.ETag, grainState.RecordExists) = (state!, etag!, exists);

    private sealed record StateKey(string Grain, string State, string Provider);

    private readonly record struct StateWrite(bool Taken, string? StoredETag);
}
