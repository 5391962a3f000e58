using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Svom.EndToEnd.Monitoring;

/// <summary>Takes what OTLP exporters post, as protobuf over HTTP.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication application;

    private Collector(WebApplication application) => this.application = application;

    public ConcurrentQueue<(string Path, byte[] Body)> Posted { get; } = new();

    public string Address => application.Urls.First();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var collector = new Collector(builder.Build());
        collector.application.Run(collector.TakeAsync);
        await collector.application.StartAsync();
        return collector;
    }

    /// <summary>Whether something posted to a path holds these octets: names, ids of traces and attributes stand in protobuf as they are.</summary>
    public bool Holds(string path, ReadOnlySpan<byte> octets)
    {
        foreach (var (to, body) in Posted)
        {
            if (to == path && body.AsSpan().IndexOf(octets) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Posted.Enqueue((http.Request.Path, body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }
}
