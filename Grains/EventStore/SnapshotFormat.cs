using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Svom.EventStore;

/// <summary>How a state is kept beside its records so that loading stays short: written each so many transitions.</summary>
/// <param name="Write">State to octets.</param>
/// <param name="Read">Octets to state; null when written by another version: then the records are folded from the start.</param>
/// <param name="Every">Transitions between two snapshots.</param>
internal sealed record SnapshotFormat<TState>(Func<TState, ReadOnlyMemory<byte>> Write, Func<ReadOnlyMemory<byte>, TState?> Read, int Every)
    where TState : class
{
    /// <summary>JSON behind one octet of version.</summary>
    /// <param name="version">Raised whenever the fold gives another state: a snapshot of before would keep the old one alive.</param>
    public static SnapshotFormat<TState> Json(JsonTypeInfo<TState> type, byte version, int every) => new(
        state => (byte[])[version, .. JsonSerializer.SerializeToUtf8Bytes(state, type)], octets => Parse(octets, type, version), every);

    private static TState? Parse(ReadOnlyMemory<byte> octets, JsonTypeInfo<TState> type, byte version)
    {
        if (octets.IsEmpty || octets.Span[0] != version)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(octets.Span[1..], type);
        }
        catch (JsonException)
        {
            return null; // The records are all there: a snapshot only saves their reading.
        }
    }
}
