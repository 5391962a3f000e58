using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Svom.Demo;

/// <summary>JSON as its values by path.</summary>
internal static class Leaves
{
    /// <summary>Every value that is not null. An element that has a number of its own goes by that: in a list with gaps its place says nothing.</summary>
    public static ImmutableSortedDictionary<string, string> Of(JsonElement value, string path = "")
    {
        var leaves = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        Read(value, path, leaves);
        return leaves.ToImmutable();
    }

    private static void Read(JsonElement value, string path, ImmutableSortedDictionary<string, string>.Builder leaves)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Read(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", leaves);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (element, n) in value.EnumerateArray().Select(static (element, n) => (element, n)))
                {
                    var name = element.ValueKind is JsonValueKind.Object && element.TryGetProperty("number", out var number) ? number.GetRawText() : n.ToString(CultureInfo.InvariantCulture);
                    Read(element, $"{path}[{name}]", leaves);
                }

                break;
            case JsonValueKind.Null:
                break;
            default:
                leaves[path] = value.GetRawText();
                break;
        }
    }
}
