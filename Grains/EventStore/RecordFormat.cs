using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Svom.EventStore;

/// <summary>
/// How the records of one transition are written: an octet with the format's version, then a JSON array. JSON, because rows are
/// read for as long as the mission's archive is kept, by people too; unknown members are ignored, missing ones take their default.
/// </summary>
internal sealed class RecordFormat<TRecord>(JsonTypeInfo<TRecord[]> records)
{
    private const byte Version = 1;

    public ReadOnlyMemory<byte> Encode(TRecord[] transition)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(transition, records);
        var payload = new byte[json.Length + 1];
        payload[0] = Version;
        json.CopyTo(payload, 1);
        return payload;
    }

    public TRecord[] Decode(ReadOnlyMemory<byte> payload) =>
        payload.Span is [Version, ..]
            ? JsonSerializer.Deserialize(payload.Span[1..], records) ?? []
            : throw new InvalidDataException("A transition is written in a format that this version does not know: a newer version wrote this data folder.");
}
