using System.Net;
using System.Text;

namespace Svom.Pages;

/// <summary>The frame of every plain page: one style sheet of ours, no inline script, nothing from elsewhere.</summary>
internal static class Page
{
    /// <summary>What a browser may load for a plain page.</summary>
    public const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>A page around a body that is safe to show.</summary>
    public static IResult Html(string title, string body, string? script = null) => Results.Content(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{WebUtility.HtmlEncode(title)} · SVOM ground segment</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/pages/house.css">
        {(script is null ? "" : $"<script src=\"/pages/{script}\" defer></script>")}
        </head>
        <body>
        <header><a href="/">SVOM ground segment</a><nav><a href="/docs">Reference</a> <a href="/dashboard">Dashboard</a> <a href="/login">Login</a></nav></header>
        <main>
        {body}
        </main>
        </body>
        </html>
        """, "text/html; charset=utf-8", Encoding.UTF8);
}
