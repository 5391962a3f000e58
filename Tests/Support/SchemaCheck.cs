using System.Text.Json;
using System.Text.RegularExpressions;

namespace Svom.Support;

/// <summary>Holds JSON against a JSON schema, for the words that the platform's own schemas use; an unknown word fails the check.</summary>
internal static class SchemaCheck
{
    /// <returns>What is wrong, each with its place; empty when nothing is.</returns>
    public static IEnumerable<string> Faults(JsonElement value, JsonElement schema, string at = "$")
    {
        foreach (var word in schema.ValueKind == JsonValueKind.True ? [] : schema.EnumerateObject().ToArray())
        {
            var faults = word.Name switch
            {
                "description" => [],
                "type" => Types(word.Value).Any(type => Is(value, type)) ? [] : [$"{at} is {value.ValueKind}, not {word.Value}"],
                "enum" => word.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) ? [] : [$"{at} is {value}, none of {word.Value}"],
                "properties" => value.ValueKind != JsonValueKind.Object ? []
                    : word.Value.EnumerateObject().SelectMany(property => value.TryGetProperty(property.Name, out var member) ? Faults(member, property.Value, $"{at}.{property.Name}") : []),
                "required" => word.Value.EnumerateArray().Where(name => value.ValueKind == JsonValueKind.Object && !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at} lacks {name}"),
                "additionalProperties" when word.Value.ValueKind == JsonValueKind.False => value.ValueKind != JsonValueKind.Object ? []
                    : value.EnumerateObject().Where(member => !schema.GetProperty("properties").TryGetProperty(member.Name, out _)).Select(member => $"{at} has {member.Name}"),
                "items" => value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().SelectMany((item, n) => Faults(item, word.Value, $"{at}[{n}]")),
                "format" => value.ValueKind != JsonValueKind.String || Fits(value.GetString()!, word.Value.GetString()!) ? [] : (IEnumerable<string>)[$"{at} is '{value}', no {word.Value}"],
                "default" => [],
                _ => throw new NotSupportedException($"The schema at {at} says {word.Name}."),
            };
            foreach (var fault in faults)
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(static one => one.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };

    // Times of the platform end in Z; RFC 3339 would take an offset, too.
    private static bool Fits(string text, string format) => format switch
    {
        "date-time" => Regex.IsMatch(text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", RegexOptions.None, TimeSpan.FromSeconds(1)),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        _ => throw new NotSupportedException(format),
    };
}
