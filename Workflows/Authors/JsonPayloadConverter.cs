using System.Collections.Immutable;
using System.Text.Json;

namespace Svom.Workflows;

/// <summary>
/// Octets as they are (<c>binary/plain</c>), null as nothing (<c>binary/null</c>), all else as JSON (<c>json/plain</c>): the encodings
/// that other kits know as well. Values are written by their type at run time.
/// </summary>
/// <param name="options">Null: names as the author wrote them.</param>
public sealed class JsonPayloadConverter(JsonSerializerOptions? options = null) : IPayloadConverter
{
    private const string Encoding = "encoding";
    private const string Null = "binary/null";
    private const string Plain = "binary/plain";
    private const string Json = "json/plain";

    private static readonly ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> JsonMetadata = Metadata("json/plain"u8);
    private static readonly ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> PlainMetadata = Metadata("binary/plain"u8);
    private static readonly Payload NullPayload = new(Metadata("binary/null"u8), default);

    public static JsonPayloadConverter Default { get; } = new();

    private readonly JsonSerializerOptions options = options ?? JsonSerializerOptions.Default;

    public Payload ToPayload(object? value)
    {
        switch (value)
        {
            case null:
                return NullPayload;
            case Payload payload:
                return payload;
            case byte[] octets:
                return new(PlainMetadata, octets);
            case ReadOnlyMemory<byte> octets:
                return new(PlainMetadata, octets);
            default:
                try
                {
                    return new(JsonMetadata, JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options));
                }
                catch (Exception exception) when (exception is JsonException or NotSupportedException)
                {
                    throw new PayloadException($"A value of type {value.GetType()} can't be written as JSON: {exception.Message}", exception);
                }
        }
    }

    public object? ToValue(Payload payload, Type type)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(type);
        if (type == typeof(Payload))
        {
            return payload;
        }

        var encoding = payload.Metadata.TryGetValue(Encoding, out var name) ? System.Text.Encoding.UTF8.GetString(name.Span) : "";
        return encoding switch
        {
            Null => Nothing(type),
            Plain => Octets(payload, type),
            Json => Value(payload, type),
            _ => throw new PayloadException($"A payload of encoding '{encoding}' can't be read; known are {Null}, {Plain} and {Json}."),
        };
    }

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Metadata(ReadOnlySpan<byte> encoding) =>
        ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal).Add(Encoding, encoding.ToArray());

    private static object? Nothing(Type type) =>
        !type.IsValueType || Nullable.GetUnderlyingType(type) is not null ? null
        : type == typeof(ReadOnlyMemory<byte>) ? (object)default(ReadOnlyMemory<byte>) // The cast, or an array that is null would turn into octets.
        : throw new PayloadException($"The payload is null, which is no {type}.");

    private static object Octets(Payload payload, Type type) =>
        type == typeof(byte[]) || type == typeof(object) ? (object)payload.Data.ToArray()
        : type == typeof(ReadOnlyMemory<byte>) ? payload.Data
        : throw new PayloadException($"The payload is plain octets, which are no {type}.");

    private object? Value(Payload payload, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(payload.Data.Span, type, options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new PayloadException($"The payload can't be read as {type}: {exception.Message}", exception);
        }
    }
}
