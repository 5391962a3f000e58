using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Outcomes;

/// <summary>One occurrence of a problem; written as <c>application/problem+json</c> whatever the client accepts, to a gRPC call as its status.</summary>
/// <param name="Kind">Which problem.</param>
/// <param name="Detail">One sentence about this occurrence.</param>
internal sealed record Problem(ProblemType Kind, string Detail) : IResult
{
    /// <summary>Zero-based index of the element that caused it.</summary>
    public int? Index { get; init; }

    /// <summary>The query parameter that caused it.</summary>
    public string? Parameter { get; init; }

    /// <summary>The stable number of the refusal behind it.</summary>
    public int? Refusal { get; init; }

    /// <summary>The roles that would be allowed.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Seconds after which to try again.</summary>
    public int? RetryAfterSeconds { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (ProblemStatus.IsCall(httpContext.Request))
        {
            return ProblemStatus.WriteAsync(httpContext, this);
        }

        var response = httpContext.Response;
        response.StatusCode = Kind.Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var document = new ProblemDocument(
            Kind.Uri, Kind.Title, Kind.Status, Detail, Index, Parameter, Refusal, Roles, Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier);
        return response.WriteAsJsonAsync(document, ProblemJson.Options, "application/problem+json", httpContext.RequestAborted);
    }
}

/// <summary>RFC 9457 problem details with this platform's members.</summary>
/// <param name="Type">Kind of problem: an address with an explanation.</param>
/// <param name="Title">The same for every occurrence of the type.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">This occurrence, in a sentence.</param>
/// <param name="Index">Zero-based index of the element that caused it.</param>
/// <param name="Parameter">The query parameter that caused it.</param>
/// <param name="Refusal">Stable number of the refusal behind it.</param>
/// <param name="Roles">Roles that would be allowed.</param>
/// <param name="TraceId">Finds the log of this request.</param>
internal sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, int? Index, string? Parameter, int? Refusal, IReadOnlyList<string>? Roles, string TraceId);

internal static class ProblemJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
