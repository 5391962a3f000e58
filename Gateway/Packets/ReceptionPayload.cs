using System.Collections.Immutable;

namespace Svom.Packets;

/// <summary>Reads receptions as a message carries them: one as a JSON object, or a binary batch. For doors that speak in messages, not in requests.</summary>
public static class ReceptionPayload
{
    /// <summary>One reception as a JSON object.</summary>
    public const string Json = IngestDoor.JsonArray;

    /// <summary>For each reception a 4-byte big-endian length and a protobuf <c>svom.v1.Reception</c>.</summary>
    public const string Binary = IngestDoor.Binary;

    /// <summary>Reads a payload whole: all of its receptions or none.</summary>
    /// <param name="contentType">
    /// Media type; null where the sender has no way to say it. Then the first octet decides: a batch begins with a length below 16 MiB, so with a
    /// zero octet, and no JSON text does.
    /// </param>
    /// <param name="payload">The message's octets.</param>
    /// <param name="most">Most receptions taken.</param>
    /// <returns>Receptions, or a sentence that says why there are none.</returns>
    public static (ImmutableArray<Reception> Receptions, string? Fault) Read(string? contentType, ReadOnlySpan<byte> payload, int most)
    {
        if (payload.IsEmpty)
        {
            return ([], "The payload is empty.");
        }

        var read = (contentType ?? (payload[0] == 0 ? Binary : Json)).ToLowerInvariant() switch
        {
            Json or Json + "; charset=utf-8" or Json + ";charset=utf-8" => ReceptionJson.ReadOne(payload),
            Binary => ReceptionBinary.Read(payload, most),
            _ => null,
        };
        return read is null ? ([], $"Receptions come as {Json} (one object) or {Binary}.")
            : read.Fault is { TooMany: true } many ? ([], $"{many.Reason}.")
            : read.Fault is { } fault ? ([], $"Element {fault.Index}: {fault.Reason}. Nothing of the message was stored.")
            : (read.Receptions, null);
    }
}
