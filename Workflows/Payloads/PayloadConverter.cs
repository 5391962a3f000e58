using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>
/// A payload in JSON: its members as they are called, octets as base64. By hand, since every record holds some: the generated way boxes an
/// enumerator for each and makes a tree of its own for each metadata that is read, though nearly all of them say the same.
/// </summary>
internal sealed class PayloadConverter : JsonConverter<Payload>
{
    private static readonly JsonEncodedText Metadata = JsonEncodedText.Encode("metadata");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");

    public override Payload Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Payload value, JsonSerializerOptions options) => Write(writer, value);

    public static Payload Read(ref Utf8JsonReader reader)
    {
        var (metadata, data) = (PayloadMetadata.None, default(ReadOnlyMemory<byte>));
        Enter(ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(Metadata.EncodedUtf8Bytes))
            {
                reader.Read();
                metadata = reader.TokenType == JsonTokenType.Null ? metadata : ReadMetadata(ref reader);
            }
            else if (reader.ValueTextEquals(Data.EncodedUtf8Bytes))
            {
                reader.Read();
                data = Octets(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new(metadata, data);
    }

    public static void Write(Utf8JsonWriter writer, Payload payload)
    {
        writer.WriteStartObject();
        if (ReferenceEquals(payload.Metadata, PayloadMetadata.Json))
        {
            writer.WriteStartObject(Metadata);
            writer.WriteBase64String(PayloadMetadata.Encoding, PayloadMetadata.JsonName);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteStartObject(Metadata);
            foreach (var (name, octets) in payload.Metadata)
            {
                writer.WriteBase64String(name, octets.Span);
            }

            writer.WriteEndObject();
        }

        writer.WriteBase64String(Data, payload.Data.Span);
        writer.WriteEndObject();
    }

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> ReadMetadata(ref Utf8JsonReader reader)
    {
        Enter(ref reader);
        var metadata = PayloadMetadata.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var first = metadata.IsEmpty && reader.ValueTextEquals(PayloadMetadata.Encoding);
            var name = first ? PayloadMetadata.Encoding : reader.GetString()!;
            reader.Read();
            var octets = Octets(ref reader);
            metadata = first && PayloadMetadata.Known(octets.Span) is { } known ? known : metadata.SetItem(name, octets);
        }

        return metadata;
    }

    private static ReadOnlyMemory<byte> Octets(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null ? default(ReadOnlyMemory<byte>) : reader.GetBytesFromBase64();

    private static void Enter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"A payload is an object, with an object of metadata in it; here stands {reader.TokenType}.");
        }
    }
}
