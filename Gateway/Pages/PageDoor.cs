using System.Collections.Frozen;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Net.Http.Headers;
using Svom.Access;
using Svom.Outcomes;

namespace Svom.Pages;

/// <summary>The first page and the login of a browser.</summary>
internal static class PageDoor
{
    private static readonly FrozenDictionary<string, (string Type, byte[] Octets)> Assets = new Dictionary<string, (string, byte[])>(StringComparer.Ordinal)
    {
        ["house.css"] = ("text/css; charset=utf-8", Resource("house.css")),
        ["home.js"] = ("text/javascript; charset=utf-8", Resource("home.js")),
        ["login.js"] = ("text/javascript; charset=utf-8", Resource("login.js")),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", static (IServer server) => Page.Html("Home", Home(server), "home.js")).For(Deed.Look).ExcludeFromDescription();
        routes.MapGet("/login", static () => Page.Html("Login", LoginBody, "login.js")).For(Deed.Look).ExcludeFromDescription();
        routes.MapGet("/pages/{name}", static (string name, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return Assets.TryGetValue(name, out var asset)
                ? Results.Bytes(asset.Octets, asset.Type, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(asset.Octets))}\""))
                : new Problem(ProblemTypes.NotFound, "There is no such file.");
        }).For(Deed.Look).ExcludeFromDescription();
    }

    private static string Home(IServer server)
    {
        var addresses = new StringBuilder();
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses.Take(1) ?? [])
        {
            addresses.Append(System.Globalization.CultureInfo.InvariantCulture, $"<li><code>{WebUtility.HtmlEncode(address)}</code></li>");
        }

        return $"""
            <h1>Ground segment</h1>
            <p id="ready" role="status">Asking whether all parts are ready …</p>
            <section><h2>Latest bursts</h2><div id="bursts"><p>None yet.</p></div><p><a href="/api/v1/bursts">All bursts</a></p></section>
            <section><h2>Latest notices</h2><div id="notices"><p>None yet.</p></div><p><a href="/api/v1/notices">The notice archive</a></p></section>
            <section><h2>Doors</h2>
            <ul>
              <li><a href="/api/v1/packets">Packets</a></li>
              <li><a href="/docs">Reference</a> and <a href="/docs/api">REST, to try</a></li>
              <li><a href="/dashboard">Dashboard</a> of the grains</li>
              <li><a href="/health/ready">Health</a></li>
            </ul>
            <p>Listening at</p><ul>{addresses}</ul></section>
            """;
    }

    private const string LoginBody =
        """
        <h1>Login</h1>
        <p id="state" role="status">This page takes the token from the address that the start of the platform printed.</p>
        <p><button id="leave" type="button" hidden>Forget the token</button></p>
        <p>The token stays in this tab until it is closed, and is sent only to this platform.</p>
        """;

    private static byte[] Resource(string name)
    {
        using var stream = typeof(PageDoor).Assembly.GetManifestResourceStream($"pages/{name}") ?? throw new InvalidOperationException($"The page {name} is not in the assembly.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
