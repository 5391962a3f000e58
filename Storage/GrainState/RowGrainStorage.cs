using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Svom.GrainState;

/// <summary>Key of a grain's state in a store.</summary>
internal sealed record StateKey(string Grain, string State, string Provider);

/// <summary>What became of a write: taken, or the tag that stands there instead of the expected one.</summary>
internal readonly record struct StateWrite(bool Taken, string? StoredETag);

/// <summary>Low-rate grain state in rows with a tag each: who writes names the tag that it read.</summary>
internal abstract class RowGrainStorage(string provider, IGrainStorageSerializer serializer, IActivatorProvider activators) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        if (await ReadAsync(Key(stateName, grainId), cancellationToken) is { } found)
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
        var content = serializer.Serialize(grainState.State).ToMemory();
        var (expected, next) = (grainState.ETag, NewETag());
        Refuse(stateName, grainId, expected, await WriteAsync(Key(stateName, grainId), expected, next, content, cancellationToken));
        (grainState.ETag, grainState.RecordExists) = (next, true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var expected = grainState.ETag;
        Refuse(stateName, grainId, expected, await ClearAsync(Key(stateName, grainId), expected, cancellationToken));
        Set(grainState, activators.GetActivator<T>().Create(), null, exists: false);
    }

    protected abstract Task<(string ETag, byte[] Content)?> ReadAsync(StateKey key, CancellationToken cancellationToken);

    /// <param name="key">Whose state.</param>
    /// <param name="expected">Tag that must stand there; null for none.</param>
    /// <param name="next">Tag that stands there then.</param>
    /// <param name="content">The state.</param>
    /// <param name="cancellationToken">Ends it before it is written.</param>
    protected abstract Task<StateWrite> WriteAsync(StateKey key, string? expected, string next, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    protected abstract Task<StateWrite> ClearAsync(StateKey key, string? expected, CancellationToken cancellationToken);

    // Never a number that starts again: a state that was cleared and written anew must not fit an old activation's tag.
    private static string NewETag() => Guid.NewGuid().ToString("N");

    private StateKey Key(string stateName, GrainId grainId) => new(grainId.ToString(), stateName, provider);

    private static void Refuse(string stateName, GrainId grainId, string? expected, StateWrite write)
    {
        if (!write.Taken)
        {
            // Orleans drops the activation that sees this; the next one reads what is stored.
            throw new InconsistentStateException($"State {stateName} of {grainId} was written by somebody else.", write.StoredETag ?? "", expected ?? "");
        }
    }

    private static void Set<T>(IGrainState<T> grainState, T? state, string? etag, bool exists) =>
        (grainState.State, grainState.ETag, grainState.RecordExists) = (state!, etag!, exists);
}
