using System.Text;
using System.Text.Json;

namespace Svom.Workflows;

/// <summary>
/// Octets as they are (<c>binary/plain</c>), null as nothing (<c>binary/null</c>), all else as JSON (<c>json/plain</c>): the encodings
/// that other kits know as well. Values are written by their type at run time.
/// </summary>
/// <param name="options">Null: names as the author wrote them.</param>
public sealed class JsonPayloadConverter(JsonSerializerOptions? options = null) : IPayloadConverter
{
    private static readonly Payload NullPayload = new(PayloadMetadata.Null, default);

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
                return new(PayloadMetadata.Plain, octets);
            case ReadOnlyMemory<byte> octets:
                return new(PayloadMetadata.Plain, octets);
            default:
                try
                {
                    return new(PayloadMetadata.Json, JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options));
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

        var encoding = payload.Metadata.TryGetValue(PayloadMetadata.Encoding, out var name) ? name.Span : default;
        return encoding.SequenceEqual(PayloadMetadata.JsonName) ? Value(payload, type)
            : encoding.SequenceEqual(PayloadMetadata.PlainName) ? Octets(payload, type)
            : encoding.SequenceEqual(PayloadMetadata.NullName) ? Nothing(type)
            : throw new PayloadException($"A payload of encoding '{Encoding.UTF8.GetString(encoding)}' can't be read; known are json/plain, binary/plain and binary/null.");
    }

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
