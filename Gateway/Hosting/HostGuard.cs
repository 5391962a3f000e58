using System.Net;
using Microsoft.Extensions.Options;
using Svom.Outcomes;
using Svom.Pages;

namespace Svom.Hosting;

/// <summary>
/// Answers only for host names that are ours. A page elsewhere can point its own name at 127.0.0.1 and have a browser call us as
/// its own origin; the name in the Host header gives it away.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, IOptions<GatewayOptions> options)
{
    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        http.Response.OnStarting(static state =>
        {
            var response = ((HttpContext)state).Response;
            if (response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is true && response.Headers.ContentSecurityPolicy.Count == 0)
            {
                response.Headers.ContentSecurityPolicy = PolicyFor(((HttpContext)state).Request.Path);
            }

            return Task.CompletedTask;
        }, http);
        return IsOurs(http.Request.Host) ? next(http)
            : new Problem(ProblemTypes.MisdirectedHost, "This platform answers for loopback names such as localhost and 127.0.0.1.").ExecuteAsync(http);
    }

    /// <summary>localhost, 127.0.0.0/8 and [::1], with any port.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (host is [>= '0' and <= '9', ..] or ['[', .., ']'] && IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private bool IsOurs(HostString host) =>
        host.HasValue && (IsLoopback(host.Host)
            || options.Value.Hosts.Any(ours => ours == "*" || ours.Equals(host.Host, StringComparison.OrdinalIgnoreCase)));

    // The reference page and the dashboard bring scripts and styles inside their pages; still nothing from elsewhere.
    private static string PolicyFor(PathString path) => path.StartsWithSegments("/docs/api", StringComparison.Ordinal) || path.StartsWithSegments("/dashboard", StringComparison.Ordinal)
        ? "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
        : Page.Policy;
}
