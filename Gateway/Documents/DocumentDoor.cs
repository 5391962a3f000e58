using System.Net;
using System.Text;
using Scalar.AspNetCore;
using Svom.Access;
using Svom.Outcomes;
using Svom.Pages;

namespace Svom.Documents;

/// <summary>The reference of the doors, readable without a network: OpenAPI, its browser page, and what each problem means.</summary>
internal static class DocumentDoor
{
    public static void MapDocuments(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").For(Deed.Look);
        routes.MapScalarApiReference("/docs/api", static options =>
        {
            // Nothing from elsewhere: script and fonts come from this process, or not at all.
            options.Title = "SVOM ground segment";
            options.OpenApiRoutePattern = "/openapi/{documentName}.json";
            options.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp();
        }).For(Deed.Look);
        routes.MapGet("/protos.zip", static () => Results.Bytes(ProtoArchive.Octets, "application/zip", "protos.zip")).For(Deed.Look).ExcludeFromDescription();
        routes.MapGet("/asyncapi/v1.json", static () => Results.Bytes(MessageDescription.Octets, "application/json")).For(Deed.Look).ExcludeFromDescription();
        routes.MapGet("/docs", static () => Page.Html("Reference", Overview())).For(Deed.Look).ExcludeFromDescription();
        routes.MapGet("/docs/problems/{slug}", static (string slug) =>
            ProblemTypes.All.FirstOrDefault(kind => kind.Slug == slug) is { } kind
                ? Page.Html(kind.Title, Article(kind)) : new Problem(ProblemTypes.NotFound, "There is no problem type of this name.")).For(Deed.Look).ExcludeFromDescription();
    }

    private static string Overview()
    {
        var page = new StringBuilder(
            """
            <h1>Reference</h1>
            <p>Everything here is served by the platform itself and works without a network.</p>
            <ul>
              <li><a href="/docs/api">REST reference</a>, to read and to try</li>
              <li><a href="/openapi/v1.json">OpenAPI 3.1</a>, for machines</li>
              <li><a href="/asyncapi/v1.json">AsyncAPI 3</a>: topics and messages of MQTT</li>
              <li><a href="/protos.zip">Protobuf files</a> of gRPC and of the binary batch</li>
            </ul>
            <h2>Problems</h2>
            <p>Every error is an RFC 9457 problem. Its <code>type</code> is one of these.</p>
            <table><thead><tr><th>type</th><th>status</th><th>title</th></tr></thead><tbody>
            """);
        foreach (var kind in ProblemTypes.All)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"<tr><td><a href=\"{kind.Uri}\">{kind.Uri}</a></td><td>{kind.Status}</td><td>{WebUtility.HtmlEncode(kind.Title)}</td></tr>");
        }

        return page.Append("</tbody></table>").ToString();
    }

    private static string Article(ProblemType kind) =>
        $"""
        <h1>{WebUtility.HtmlEncode(kind.Title)}</h1>
        <p><code>{kind.Uri}</code>, HTTP status {kind.Status}</p>
        <p>{WebUtility.HtmlEncode(kind.Meaning)}</p>
        <h2>What to do</h2>
        <p>{WebUtility.HtmlEncode(kind.Remedy)}</p>
        <p><a href="/docs">All problems</a></p>
        """;
}
