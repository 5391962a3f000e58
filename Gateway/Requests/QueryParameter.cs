using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using Svom.Packets;

namespace Svom.Requests;

/// <summary>How the value of a query parameter is read.</summary>
internal enum QueryKind
{
    Text,
    Name,
    Time,
    Number,
    Flag,
    Word,
}

/// <summary>
/// A query parameter as one call declares it. The declaration is both the check before the call runs and the entry in the
/// OpenAPI document, so the two cannot drift apart.
/// </summary>
internal sealed record QueryParameter(string Name, QueryKind Kind, string Description)
{
    public long Least { get; init; }

    public long Most { get; init; } = long.MaxValue;

    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>True when it may stand several times.</summary>
    public bool Many { get; init; }

    public string? Example { get; init; }

    public string? Standard { get; init; }

    /// <returns>What is wrong with a value; null when nothing is.</returns>
    public string? Fault(StringValues values)
    {
        if (Many && values.Count > 1)
        {
            return values.Count > 64 ? "stands more than 64 times" : values.Select(one => Fault(one)).FirstOrDefault(static fault => fault is not null);
        }

        if (values is not [{ Length: > 0 } value])
        {
            return "takes exactly one value";
        }

        return Kind switch
        {
            QueryKind.Name => FeedId.IsName(value) ? null : "takes a name: 1 to 64 letters, digits, '-', '_' or '.', beginning with a letter or digit",
            QueryKind.Time => Instant.TryRead(value, out _) ? null : $"takes a time: {Instant.Form}",
            QueryKind.Number => TryNumber(value, out var number) && number >= Least && number <= Most ? null : $"takes a whole number from {Least} to {Most}",
            QueryKind.Flag => value is "true" or "false" ? null : "takes true or false",
            QueryKind.Word => Words.Contains(value) ? null : $"takes one of {string.Join(", ", Words)}",
            _ => value.Length <= 1024 ? null : "takes at most 1024 characters",
        };
    }

    public static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}

/// <summary>The parameters that lists have in common.</summary>
internal static class QueryParameters
{
    public static readonly QueryParameter Limit = new("limit", QueryKind.Number, "At most so many items.") { Least = 1, Most = 1000, Standard = "50" };

    public static readonly QueryParameter Cursor = new("cursor", QueryKind.Text, "The `next` of the part before. Opaque; does not expire.");

    public static QueryParameter From(string what) =>
        new("from", QueryKind.Time, $"{what} at or after this time.") { Example = "2026-03-01T00:00:00Z" };

    public static QueryParameter To(string what) =>
        new("to", QueryKind.Time, $"{what} before this time.") { Example = "2026-03-02T00:00:00Z" };
}

/// <summary>All parameters of one call, as endpoint metadata.</summary>
internal sealed record QueryDeclaration(ImmutableArray<QueryParameter> Parameters);
