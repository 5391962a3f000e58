using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Svom.Hosting;

/// <summary>The platform as a process of its own, seen through its doors and by the system's accounts.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly ConcurrentQueue<string> errors;

    private PlatformProcess(Process process, string folder, (int Http, int Grpc, int Mqtt) ports, ConcurrentQueue<string> errors, TimeSpan startedIn)
    {
        (this.process, this.errors, HttpPort, GrpcPort, MqttPort, StartedIn) = (process, errors, ports.Http, ports.Grpc, ports.Mqtt, startedIn);
        Token = File.ReadAllText(Path.Combine(folder, "operator.token")).Trim();
        Handler = new() { UseProxy = false };
        Http = new(Handler) { BaseAddress = new($"http://127.0.0.1:{ports.Http}/"), Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    /// <summary>Folder of a published platform to measure; null: the one built beside the benchmarks.</summary>
    public static DirectoryInfo? Published { get; set; }

    /// <summary>What is measured, for the figure's text.</summary>
    public static string Form => Published is null ? "Release build" : "published for a server";

    public int HttpPort { get; }

    public int GrpcPort { get; }

    public int MqttPort { get; }

    /// <summary>The operator's.</summary>
    public string Token { get; }

    public int ProcessId => process.Id;

    /// <summary>Lines of its log that tell of errors.</summary>
    public IReadOnlyList<string> Errors => [.. errors];

    /// <summary>From the start of the process to the first good answer of the readiness door.</summary>
    public TimeSpan StartedIn { get; }

    /// <summary>Keeps its connection between requests.</summary>
    public HttpClient Http { get; }

    /// <summary>Resident memory, octets.</summary>
    public long Resident => Refreshed().WorkingSet64;

    /// <summary>CPU used so far.</summary>
    public TimeSpan Cpu => Refreshed().TotalProcessorTime;

    /// <summary>Memory that is this process's alone, octets; null where the system does not tell.</summary>
    public long? Private
    {
        get
        {
            var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/smaps_rollup");
            return File.Exists(file)
                ? 1_024 * File.ReadLines(file).Where(static line => line.StartsWith("Private_", StringComparison.Ordinal))
                    .Sum(static line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
                : null;
        }
    }

    private SocketsHttpHandler Handler { get; }

    public static async Task<PlatformProcess> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var (http, grpc, mqtt) = (FreePort(), FreePort(), FreePort());
        var told = new ConcurrentQueue<string>();
        var start = new ProcessStartInfo(Published is null ? "dotnet" : Path.Combine(Published.FullName, "Svom.Silo"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["Logging__Console__LogLevel__Default"] = "Warning";
        start.Environment["Logging__Console__LogLevel__Orleans"] = "Error";
        foreach (var argument in (string[])
        [
            .. Published is null ? [Path.Combine(AppContext.BaseDirectory, "Svom.Silo.dll")] : Array.Empty<string>(), "--data", folder,
            "--Svom:Ports:Http", http.ToString(CultureInfo.InvariantCulture), "--Svom:Ports:Grpc", grpc.ToString(CultureInfo.InvariantCulture), "--Svom:Ports:Mqtt", mqtt.ToString(CultureInfo.InvariantCulture),
        ])
        {
            start.ArgumentList.Add(argument);
        }

        var began = Stopwatch.GetTimestamp();
        var started = Process.Start(start) ?? throw new InvalidOperationException("The platform did not start.");
        started.OutputDataReceived += (_, line) => Keep(told, line.Data);
        started.ErrorDataReceived += (_, line) =>
        {
            Keep(told, line.Data);
            Console.Error.WriteLine(line.Data);
        };
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        await ReadyAsync(started, http, cancellationToken);
        return new(started, folder, (http, grpc, mqtt), told, Stopwatch.GetElapsedTime(began));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Handler.Dispose();
        if (!process.HasExited)
        {
            using var interrupt = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static async Task ReadyAsync(Process started, int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ReadyWithin);
        using var http = new HttpClient { BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")) };
        while (!started.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(Look, TimeProvider.System, patience.Token);
        }

        throw new InvalidOperationException($"The platform ended with {started.ExitCode}.");
    }

    private static void Keep(ConcurrentQueue<string> errors, string? line)
    {
        if (line is not null && (line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal) || line.Contains("Unhandled exception", StringComparison.Ordinal)))
        {
            errors.Enqueue(line);
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private Process Refreshed()
    {
        process.Refresh();
        return process;
    }
}
