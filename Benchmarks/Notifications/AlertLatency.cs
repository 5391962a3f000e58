using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Svom.Hosting;
using Svom.Packets;

namespace Svom.Notifications;

/// <summary>
/// From just before a request with one reception to the alert at a subscriber, both over TCP, with a platform in a process of its
/// own. Each sample is a burst of its own: a GRM trigger fifteen minutes after the one before, by mission time. <c>SVOM_WARM_ALERTS</c> is how many
/// come before the first sample.
/// </summary>
internal static class AlertLatency
{
    // The runtime compiles what runs often once more: after 600 alerts, 21 s, beside the samples still, after 2,500 no more.
    private static readonly int Warm =
        int.TryParse(Environment.GetEnvironmentVariable("SVOM_WARM_ALERTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 600;
    private const int Samples = 300;
    private const int LoadPerSecond = 5_000;
    private const int LoadEachRequest = 100;
    private const string Topic = "svom/v1/alerts/#";
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);
    private static readonly DateTimeOffset Start = new(2026, 4, 21, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("svom-bench-").FullName;
        try
        {
            await using var platform = await PlatformProcess.StartAsync(folder, cancellationToken);
            await using var telescope = await AlertListener.ConnectAsync(platform.MqttPort, Topic, cancellationToken);
            var mission = new Mission(platform, telescope);
            var first = (await mission.SampleAsync(1, cancellationToken))[0];
            await mission.SampleAsync(Warm, cancellationToken);
            var idle = await mission.SampleAsync(Samples, cancellationToken);

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var load = mission.LoadAsync(enough.Token);
            await mission.SampleAsync(30, cancellationToken);
            var (began, sent) = (Stopwatch.GetTimestamp(), mission.Loaded);
            var loaded = await mission.SampleAsync(Samples, cancellationToken);
            var rate = (mission.Loaded - sent) / Stopwatch.GetElapsedTime(began).TotalSeconds;
            await enough.CancelAsync();
            await load;
            return
            [
                new("latency.first", first.Milliseconds, "ms", $"the first alert after a start; {PlatformProcess.Form}", InventedTraffic.Durability),
                .. Figures("latency.idle", idle, $"idle otherwise; {Warm} alerts before"),
                .. Figures("latency.loaded", loaded, $"beside {rate:F0} receptions/s in the same feed, {LoadEachRequest} a request, one copy each"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<BenchmarkFigure> Figures(string name, Sample[] samples, string beside)
    {
        double[] milliseconds = [.. samples.Select(static sample => sample.Milliseconds).Order()];
        var done = $"{milliseconds.Length} GRM triggers, each a burst of its own, over one HTTP connection; subscriber of all alerts at QoS 1; {beside}; {PlatformProcess.Form}";
        foreach (var (share, at) in new[] { ("p50", 0.5), ("p99", 0.99), ("max", 1.0) })
        {
            yield return new($"{name}.{share}", milliseconds[(int)Math.Ceiling(at * milliseconds.Length) - 1], "ms", done, InventedTraffic.Durability);
        }

        foreach (var (step, says) in Steps)
        {
            double[] took = [.. samples.Select(sample => sample.Steps[step]).Order()];
            yield return new($"{name}.step.{step}", took[took.Length / 2], "ms", $"median step of the ledger in the same envelopes: {says}", InventedTraffic.Durability);
        }
    }

    /// <summary>One alert: how long it took, and the steps that its envelope tells.</summary>
    private sealed record Sample(double Milliseconds, IReadOnlyDictionary<string, double> Steps);

    private static readonly (string Name, string Says)[] Steps =
    [
        ("decodedMs", "from the request read to decoded, with the append to the packet log between"),
        ("decidedMs", "to the decision, with the sequencer's append between"),
        ("publishedMs", "to the envelope, with the burst's append between"),
        ("rest", "HTTP before, the envelope's append and MQTT after"),
    ];

    /// <summary>Mission time as the samples and the load share it.</summary>
    private sealed class Mission(PlatformProcess platform, AlertListener telescope)
    {
        private long ticks = Start.UtcTicks;
        private int triggers;
        private int recurrent;
        private long loaded;

        /// <summary>Receptions of the load answered so far.</summary>
        public long Loaded => Interlocked.Read(ref loaded);

        public async Task<Sample[]> SampleAsync(int samples, CancellationToken cancellationToken)
        {
            var took = new Sample[samples];
            for (var n = 0; n < samples; n++)
            {
                var t0 = new DateTimeOffset(Interlocked.Add(ref ticks, Step.Ticks), TimeSpan.Zero);
                var request = ReceptionSender.Binary([new("NCL1", t0.AddSeconds(3), InventedTraffic.Grm(t0, triggers++), -110)]);
                var began = Stopwatch.GetTimestamp();
                var answer = ReceptionSender.PostAsync(platform.Http, request, Simulation.ReceptionBatch.ContentType, cancellationToken);
                var alert = await telescope.NextAsync(cancellationToken);
                took[n] = Told(Stopwatch.GetElapsedTime(began, alert.At).TotalMilliseconds, alert.Envelope);
                if (!await answer)
                {
                    throw new InvalidOperationException("The platform was overloaded.");
                }

                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }

            return took;
        }

        /// <summary>Recurrent packets at a steady rate, of the mission time that the samples have come to.</summary>
        public async Task LoadAsync(CancellationToken cancellationToken)
        {
            var began = Stopwatch.GetTimestamp();
            using var gate = new SemaphoreSlim(4);
            for (long sent = 0; !cancellationToken.IsCancellationRequested; sent += LoadEachRequest)
            {
                var wait = TimeSpan.FromSeconds((double)sent / LoadPerSecond) - Stopwatch.GetElapsedTime(began);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, TimeProvider.System, CancellationToken.None);
                }

                await gate.WaitAsync(CancellationToken.None);
                _ = SendAsync(gate);
            }

            for (var place = 0; place < 4; place++)
            {
                await gate.WaitAsync(CancellationToken.None);
            }
        }

        private static Sample Told(double milliseconds, byte[] envelope)
        {
            using var json = JsonDocument.Parse(envelope);
            var latency = json.RootElement.GetProperty("latency");
            var steps = Steps[..^1].ToDictionary(static step => step.Name, step => latency.GetProperty(step.Name).GetDouble(), StringComparer.Ordinal);
            steps.Add("rest", milliseconds - steps.Values.Sum());
            return new(milliseconds, steps);
        }

        private async Task SendAsync(SemaphoreSlim gate)
        {
            try
            {
                var now = new DateTimeOffset(Interlocked.Read(ref ticks), TimeSpan.Zero);
                var request = ReceptionSender.Binary(Enumerable.Range(0, LoadEachRequest).Select(_ =>
                {
                    var n = Interlocked.Increment(ref recurrent);
                    return new Reception("REU1", now.AddSeconds(2), InventedTraffic.Recurrent(now.AddMilliseconds(n % 900_000), n), -110);
                }));
                if (await ReceptionSender.PostAsync(platform.Http, request, Simulation.ReceptionBatch.ContentType, CancellationToken.None))
                {
                    Interlocked.Add(ref loaded, LoadEachRequest);
                }
            }
            finally
            {
                gate.Release();
            }
        }
    }
}
