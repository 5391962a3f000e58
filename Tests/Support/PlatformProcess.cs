using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Svom.Support;

/// <summary>The platform as a process of its own, to be looked at from outside and killed.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(30);
    private readonly Process process;
    private readonly List<string> output = [];

    private PlatformProcess(Process process, string dataFolder, int httpPort, int mqttPort)
    {
        (this.process, DataFolder, HttpPort, MqttPort) = (process, dataFolder, httpPort, mqttPort);
        Http = new() { BaseAddress = new($"http://127.0.0.1:{httpPort}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public string DataFolder { get; }

    public int HttpPort { get; }

    public int MqttPort { get; }

    /// <summary>Reads without a token; use <see cref="Authorized"/> for writes.</summary>
    public HttpClient Http { get; }

    public int ProcessId => process.Id;

    public string Output
    {
        get
        {
            lock (output)
            {
                return string.Join('\n', output);
            }
        }
    }

    public string Token => File.ReadAllText(Path.Combine(DataFolder, "operator.token")).Trim();

    /// <summary>Starts the platform on a data folder and waits until it says that it is ready.</summary>
    public static async Task<PlatformProcess> StartAsync(string dataFolder, int httpPort, int mqttPort, params string[] settings)
    {
        var platform = Launch(dataFolder, httpPort, mqttPort, settings);
        await platform.ReadyAsync();
        return platform;
    }

    /// <summary>Starts the process and waits for nothing.</summary>
    public static PlatformProcess Launch(string dataFolder, int httpPort, int mqttPort, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = dataFolder,
        };
        foreach (var argument in (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "Svom.Silo.dll"), "--data", dataFolder,
            "--Svom:Ports:Http", httpPort.ToString(CultureInfo.InvariantCulture), "--Svom:Ports:Mqtt", mqttPort.ToString(CultureInfo.InvariantCulture),
            .. settings.Contains("--Svom:Ports:Grpc") ? Array.Empty<string>() : ["--Svom:Ports:Grpc", "0"], .. settings,
        ])
        {
            start.ArgumentList.Add(argument);
        }

        var started = Process.Start(start) ?? throw new InvalidOperationException("The platform did not start.");
        var platform = new PlatformProcess(started, dataFolder, httpPort, mqttPort);
        started.OutputDataReceived += (_, line) => platform.Keep(line.Data);
        started.ErrorDataReceived += (_, line) => platform.Keep(line.Data);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return platform;
    }

    /// <summary>
    /// A port that was free a moment ago, below those that the system gives to whoever asks for any: a platform that starts again on its old
    /// ports would otherwise find one taken by some connection.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: another.
            }
        }
    }

    /// <summary>Waits until the platform says that it is ready.</summary>
    public async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(ReadyWithin);
        while (true)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The platform ended with {process.ExitCode}:\n{Output}");
            }

            try
            {
                using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet: asked again below.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    public HttpClient Authorized()
    {
        var client = new HttpClient { BaseAddress = Http.BaseAddress, Timeout = Http.Timeout };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>SIGTERM, as every system stops a service.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(StopsWithin);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(ReadyWithin);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: false);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
        Http.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.Add(line);
            }
        }
    }
}
