using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>A codec for scenarios: nothing that is kept looks like what the code sees.</summary>
internal sealed class TurnedOctets : IPayloadCodec
{
    private const string Encoding = "encoding";
    private static readonly byte[] Name = "binary/turned"u8.ToArray();

    public ValueTask<ImmutableArray<Payload>> EncodeAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
        ValueTask.FromResult(payloads.Select(static payload => new Payload(
            ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal).Add(Encoding, Name),
            Turn(JsonSerializer.SerializeToUtf8Bytes(payload.Metadata.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToArray()).Append(new("", payload.Data.ToArray())).ToDictionary())))).ToImmutableArray());

    public ValueTask<ImmutableArray<Payload>> DecodeAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
        ValueTask.FromResult(payloads.Select(static payload => Decode(payload)).ToImmutableArray());

    /// <summary>What the code sees of a payload that may be kept.</summary>
    public static Payload Decode(Payload payload)
    {
        if (!payload.Metadata.TryGetValue(Encoding, out var encoding) || !encoding.Span.SequenceEqual(Name))
        {
            return payload;
        }

        var parts = JsonSerializer.Deserialize<Dictionary<string, byte[]>>(Turn(payload.Data.ToArray()))!;
        return new(
            parts.Where(static part => part.Key.Length > 0).ToImmutableSortedDictionary(static part => part.Key, static part => (ReadOnlyMemory<byte>)part.Value, StringComparer.Ordinal),
            parts[""]);
    }

    /// <summary>As text, when it is a text.</summary>
    public static string Text(Payload payload) => System.Text.Encoding.UTF8.GetString(Decode(payload).Data.Span) is { Length: < 100 } text ? text.Trim('"') : "…";

    private static byte[] Turn(byte[] octets) => Array.ConvertAll(octets, static octet => (byte)(octet ^ 0x5A));
}
