using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Svom.Packets;

/// <summary>What a sender did.</summary>
internal sealed record SentReceptions(long Receptions, double Seconds, int Again);

/// <summary>
/// The other end of the HTTP door, as a process of its own: makes its requests first, waits for a line on its input, sends them
/// over some connections, and prints what it did.
/// </summary>
internal static class ReceptionSender
{
    private const int Connections = 4;
    private const int EachRequest = 500;
    private const int Copies = 3;

    public static Command Command()
    {
        var to = new Option<string>("--to") { Required = true };
        var token = new Option<string>("--token") { Required = true };
        var session = new Option<string>("--session") { Required = true };
        var start = new Option<DateTimeOffset>("--start") { Required = true };
        var packets = new Option<int>("--packets") { Required = true };
        var asJson = new Option<bool>("--as-json");
        var grpc = new Option<string?>("--grpc");
        var command = new Command("send", "Sends receptions: the other process of ingest-http and ingest-grpc.") { to, token, session, start, packets, asJson, grpc };
        command.SetAction((parsed, cancellation) => parsed.GetValue(grpc) is { } door
            ? GrpcSender.RunAsync(
                new(door), parsed.GetRequiredValue(token), Connections,
                InventedTraffic.Receptions(parsed.GetRequiredValue(start), parsed.GetValue(packets), Copies, parsed.GetRequiredValue(session)).Chunk(EachRequest), cancellation)
            : RunAsync(
            new(parsed.GetRequiredValue(to)), parsed.GetRequiredValue(token),
            Requests(parsed.GetRequiredValue(start), parsed.GetValue(packets), parsed.GetRequiredValue(session), parsed.GetValue(asJson)), cancellation));
        return command;
    }

    /// <summary>Starts a sender, lets it begin when it is ready, and waits for its answer.</summary>
    /// <param name="began">Called just before it begins.</param>
    public static async Task<SentReceptions> RunAsync(IEnumerable<string> arguments, Action began, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[typeof(ReceptionSender).Assembly.Location, "send", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("The sender did not start.");
        _ = await process.StandardOutput.ReadLineAsync(cancellationToken); // It is ready.
        began();
        await process.StandardInput.WriteLineAsync("go");
        var answer = await process.StandardOutput.ReadLineAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return JsonSerializer.Deserialize(answer ?? "null", BenchmarkJson.Default.SentReceptions) ?? throw new InvalidOperationException("The sender said nothing.");
    }

    private static async Task<int> RunAsync(Uri to, string token, (ReadOnlyMemory<byte> Body, int Count, string Type)[] requests, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = Connections, UseProxy = false };
        using var http = new HttpClient(handler) { BaseAddress = to, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await Console.Out.WriteLineAsync("ready");
        _ = await Console.In.ReadLineAsync(cancellationToken);
        var (next, again) = (-1, 0);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(
            async () =>
            {
                for (var n = Interlocked.Increment(ref next); n < requests.Length; n = Interlocked.Increment(ref next))
                {
                    while (!await PostAsync(http, requests[n].Body, requests[n].Type, cancellationToken))
                    {
                        Interlocked.Increment(ref again);
                        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
                    }
                }
            },
            cancellationToken)));
        var sent = new SentReceptions(requests.Sum(static request => (long)request.Count), Stopwatch.GetElapsedTime(began).TotalSeconds, again);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(sent, BenchmarkJson.Default.SentReceptions));
        return 0;
    }

    /// <returns>False when the platform asked to come back.</returns>
    public static async Task<bool> PostAsync(HttpClient http, ReadOnlyMemory<byte> body, string type, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await http.PostAsync(new Uri("api/v1/packets", UriKind.Relative), content, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }

        answer.EnsureSuccessStatusCode();
        return true;
    }

    /// <summary>One binary request.</summary>
    public static ReadOnlyMemory<byte> Binary(IEnumerable<Reception> receptions)
    {
        var batch = new Simulation.ReceptionBatch();
        foreach (var reception in receptions)
        {
            batch.Add(reception.Station, reception.ReceivedAt, reception.Octets.Span, reception.SignalDbm, reception.Session);
        }

        return batch.Octets;
    }

    private static (ReadOnlyMemory<byte> Body, int Count, string Type)[] Requests(DateTimeOffset start, int packets, string session, bool asJson) =>
        [.. InventedTraffic.Receptions(start, packets, Copies, session).Chunk(EachRequest).Select(batch => asJson
            ? (Json(batch), batch.Length, "application/json")
            : (Binary(batch), batch.Length, Simulation.ReceptionBatch.ContentType))];

    private static ReadOnlyMemory<byte> Json(IEnumerable<Reception> receptions)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var reception in receptions)
            {
                json.WriteStartObject();
                json.WriteString("station", reception.Station);
                json.WriteString("receivedAt", reception.ReceivedAt);
                json.WriteBase64String("octets", reception.Octets.Span);
                json.WriteNumber("signalDbm", reception.SignalDbm ?? 0);
                json.WriteString("session", reception.Session);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.ToArray();
    }
}
