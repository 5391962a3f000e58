using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Svom.Simulation;

namespace Svom.Support.Hostile;

/// <summary>A platform in a process of its own, as who attacks it and who watches it see it.</summary>
/// <param name="log">Lines that it wrote so far.</param>
internal sealed partial class AttackedPlatform(int http, int grpc, int mqtt, string token, int processId, Func<IReadOnlyList<string>> log) : IDisposable
{
    private const string Proof = "proof";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new($"http://127.0.0.1:{http}"), Timeout = Patience, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
    private int proofs;
    private long scraped;

    public int HttpPort { get; } = http;

    public int GrpcPort { get; } = grpc;

    public int MqttPort { get; } = mqtt;

    public string Token { get; } = token;

    public int ProcessId { get; } = processId;

    public HttpClient Http => client;

    /// <summary>Resident memory, octets.</summary>
    public long Resident => Status("VmRSS");

    /// <summary>Most resident memory ever, octets.</summary>
    public long MostResident => Status("VmHWM");

    /// <summary>Connections and files that are open.</summary>
    public int OpenFiles => Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/fd")).Length;

    /// <summary>Error lines of the log, but those of event ids in <paramref name="declared"/>.</summary>
    public IReadOnlyList<string> Errors(params IReadOnlyCollection<int> declared) =>
        [.. log().Where(line => line.Contains("Unhandled exception", StringComparison.Ordinal) || (ErrorLine().Match(line) is { Success: true } error && !declared.Contains(int.Parse(error.Groups["id"].Value, CultureInfo.InvariantCulture))))];

    /// <summary>Makes a token.</summary>
    public async Task<string> TokenAsync(string name, string role, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsync(new Uri("/api/v1/tokens", UriKind.Relative), new StringContent($$"""{"name":"{{name}}","roles":["{{role}}"]}""", null, "application/json"), cancellationToken);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!["token"]!.GetValue<string>();
    }

    public async Task<JsonNode> ReadAsync(string path, CancellationToken cancellationToken) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken))!;

    /// <summary>Sum of a figure's series at /metrics, of those that hold one of the words.</summary>
    public async Task<double> FigureAsync(string name, CancellationToken cancellationToken, params IReadOnlyList<string> words)
    {
        // What was scraped a moment ago is answered once more.
        var rest = TimeProvider.System.GetElapsedTime(scraped) is var age && age < Fresh ? Fresh - age : TimeSpan.Zero;
        await Task.Delay(rest, TimeProvider.System, cancellationToken);
        var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);
        scraped = TimeProvider.System.GetTimestamp();
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{' && (words.Count == 0 || words.Any(word => line.Contains(word, StringComparison.Ordinal))))
            .Sum(static line => double.Parse(line[(line.LastIndexOf('}') is >= 0 and var end ? end + 1 : line.IndexOf(' ', StringComparison.Ordinal))..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Receptions that the platform itself counted as stored.</summary>
    public Task<double> StoredAsync(CancellationToken cancellationToken) => FigureAsync("svom_receptions_total", cancellationToken, "\"accepted\"", "\"invalid\"");

    /// <summary>Waits until a figure is what it should be, or for a minute.</summary>
    /// <returns>Its last value.</returns>
    public async Task<double> UntilAsync(string name, Func<double, bool> reached, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await FigureAsync(name, cancellationToken);
            if (reached(value) || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                return value;
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Whether it lives, says that it is ready, and still takes and stores what is right.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public async Task<IReadOnlyList<string>> ProveAsync(CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        try
        {
            foreach (var door in (string[])["/health/live", "/health/ready"])
            {
                using var answer = await client.GetAsync(new Uri(door, UriKind.Relative), cancellationToken);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    wrong.Add($"{door} says {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
                }
            }

            var number = ++proofs;
            var at = HostileFrames.Start.AddSeconds(number);
            var batch = new ReceptionBatch();
            batch.Add("KOU", at, HostileFrames.Valid(new(number, HostileKind.Frames, 0), at), null, Proof);
            using var content = new ReadOnlyMemoryContent(batch.Octets) { Headers = { ContentType = new(ReceptionBatch.ContentType) } };
            using var taken = await client.PostAsync(new Uri("/api/v1/packets", UriKind.Relative), content, cancellationToken);
            var text = await taken.Content.ReadAsStringAsync(cancellationToken);
            var stored = await ReadAsync($"/api/v1/packets?session={Proof}&limit=1000", cancellationToken);
            if (taken.StatusCode != HttpStatusCode.OK || JsonNode.Parse(text)!["accepted"]!.GetValue<int>() != 1 || stored["items"]!.AsArray().Count != number)
            {
                wrong.Add($"A valid reception was answered {(int)taken.StatusCode} {text}; {stored["items"]!.AsArray().Count} of {number} are there.");
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            wrong.Add($"The platform does not answer: {failure.Message}");
        }

        return wrong;
    }

    public void Dispose() => client.Dispose();

    private long Status(string name) => 1_024 * long.Parse(
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/status")).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    [GeneratedRegex(@" (fail|crit): [\w.`+]+\[(?<id>\d+)\]", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ErrorLine();
}
