using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Svom.Outcomes;

namespace Svom.Support.Hostile;

/// <summary>What an HTTP answer says, and whether it may say so.</summary>
internal static class AnswerClass
{
    private const string Problem = "application/problem+json";

    public static string Of(int status, string body) => status < 400
        ? status.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{status} {Slug(body) ?? "bare"}");

    /// <returns>Why it may not; null when it may.</returns>
    public static string? Fault(int status, string? type, string body) =>
        status is >= 500 and not 503 ? $"answered {status}"
        : status >= 400 && type != Problem ? $"answered {status} without a problem"
        : status >= 400 && !ProblemTypes.All.Any(known => known.Status == status && known.Slug == Slug(body)) ? $"answered {status} with a problem that no page names"
        : status == 503 && Slug(body) == ProblemTypes.Unavailable.Slug ? "a part of the platform did not answer in time"
        : null;

    private static string? Slug(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["type"]?.GetValue<string>() is { } type && type.StartsWith("/docs/problems/", StringComparison.Ordinal) ? type["/docs/problems/".Length..] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
