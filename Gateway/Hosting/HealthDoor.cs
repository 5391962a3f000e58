using System.Collections.Immutable;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Svom.Access;
using Svom.Outcomes;

namespace Svom.Hosting;

/// <summary>Live: the process answers. Ready: every health check that the composition root registered agrees.</summary>
internal static class HealthDoor
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = static _ => false, ResponseWriter = WriteAsync }).For(Deed.Look);
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).For(Deed.Look);
    }

    // Descriptions only: an exception's text may hold paths and names of ours.
    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        var parts = report.Entries.Select(static part => new HealthPart(part.Key, Word(part.Value.Status), part.Value.Description, part.Value.Duration.TotalMilliseconds));
        return http.Response.WriteAsJsonAsync(new HealthBody(Word(report.Status), [.. parts]), ProblemJson.Options, http.RequestAborted);
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };

    private sealed record HealthBody(string Status, ImmutableArray<HealthPart> Checks);

    private sealed record HealthPart(string Name, string Status, string? Description, double DurationMs);
}
