using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>Payloads in their order, as an array. By hand, for the reason that <see cref="PayloadConverter"/> has.</summary>
internal sealed class PayloadListConverter : JsonConverter<ImmutableArray<Payload>>
{
    public override ImmutableArray<Payload> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"Payloads are an array; here stands {reader.TokenType}.");
        }

        var payloads = ImmutableArray.CreateBuilder<Payload>(1); // Mostly there is one.
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            payloads.Add(reader.TokenType == JsonTokenType.Null ? null! : PayloadConverter.Read(ref reader)); // Null as it always was read: whoever uses it refuses it.
        }

        return payloads.DrainToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<Payload> value, JsonSerializerOptions options) => Write(writer, value);

    public static void Write(Utf8JsonWriter writer, ImmutableArray<Payload> payloads)
    {
        writer.WriteStartArray();
        foreach (var payload in payloads)
        {
            PayloadConverter.Write(writer, payload);
        }

        writer.WriteEndArray();
    }
}
