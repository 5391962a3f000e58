using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>Turns an author's values into payloads and back. Must give the same octets for the same value for ever: histories are replayed.</summary>
public interface IPayloadConverter
{
    /// <param name="value">Null is a value like others.</param>
    Payload ToPayload(object? value);

    /// <param name="type">What the author's code expects.</param>
    /// <exception cref="PayloadException">The payload can't be read as that.</exception>
    object? ToValue(Payload payload, Type type);
}

/// <summary>A payload can't be read, or a value can't be written as one.</summary>
public sealed class PayloadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Several values at once.</summary>
public static class PayloadConverterExtensions
{
    public static ImmutableArray<Payload> ToPayloads(this IPayloadConverter converter, IReadOnlyList<object?> values)
    {
        ArgumentNullException.ThrowIfNull(converter);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
        {
            return [];
        }

        var payloads = ImmutableArray.CreateBuilder<Payload>(values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            payloads.Add(converter.ToPayload(values[i]));
        }

        return payloads.MoveToImmutable();
    }

    public static T ToValue<T>(this IPayloadConverter converter, Payload payload)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return converter.ToValue(payload, typeof(T)) is T value ? value : default!;
    }

    /// <summary>The single value of a result; the type's default when there is none.</summary>
    public static T ToResult<T>(this IPayloadConverter converter, ImmutableArray<Payload> result) =>
        result.IsDefaultOrEmpty ? default! : converter.ToValue<T>(result[0]);
}
