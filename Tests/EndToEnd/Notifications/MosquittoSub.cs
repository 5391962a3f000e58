using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Svom.EndToEnd.Notifications;

/// <summary>A message as mosquitto's client printed it.</summary>
internal sealed record PrintedMessage(bool Retained, string Topic, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);
}

/// <summary>The client of another house, as a process of its own, subscribed to everything.</summary>
internal sealed class MosquittoSub : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<PrintedMessage> heard = new();
    private readonly SemaphoreSlim more = new(0);
    private readonly Process process;
    private readonly Task reading;

    /// <param name="version">mqttv311 or mqttv5.</param>
    public MosquittoSub(int port, string version)
    {
        process = Tool.Start(
            Tool.Require("mosquitto_sub", "mosquitto-clients"),
            ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-V", version, "-i", $"listener-{version}-{port}", "-q", "1", "-t", "svom/v1/#", "-F", "%r %t %x"]);
        reading = ReadAsync();
    }

    public IReadOnlyCollection<PrintedMessage> Heard => heard;

    /// <summary>Waits for a message.</summary>
    public async Task<PrintedMessage> UntilAsync(Func<PrintedMessage, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (heard.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Not heard; heard were {string.Join(", ", heard.Select(static message => message.Topic).Distinct(StringComparer.Ordinal))}", late);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await reading;
        process.Dispose();
        more.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var parts = line.Split(' ', 3);
            heard.Enqueue(new(parts[0] == "1", parts[1], Convert.FromHexString(parts[2])));
            more.Release();
        }
    }
}
