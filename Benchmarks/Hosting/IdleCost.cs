using System.Diagnostics;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Hosting;

/// <summary>What a platform costs that has played one burst and now waits for the next.</summary>
internal static class IdleCost
{
    private const string Durability = "none: nothing arrives";
    // The runtime compiles what ran often once more, in the background, for a minute or two: that is the price of the start, not of idleness.
    private static readonly TimeSpan Settle = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Start = new(2026, 4, 21, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("svom-bench-").FullName;
        try
        {
            await using var platform = await PlatformProcess.StartAsync(folder, cancellationToken);
            await using (var telescope = await AlertListener.ConnectAsync(platform.MqttPort, "svom/v1/alerts/#", cancellationToken))
            {
                foreach (var batch in InventedTraffic.Receptions(Start, 600, 3, null).Chunk(60))
                {
                    await ReceptionSender.PostAsync(platform.Http, ReceptionSender.Binary(batch), Simulation.ReceptionBatch.ContentType, cancellationToken);
                }

                await telescope.NextAsync(cancellationToken);
            }

            await Task.Delay(Settle, TimeProvider.System, cancellationToken);
            var (began, before) = (Stopwatch.GetTimestamp(), platform.Cpu);
            await Task.Delay(Measured, TimeProvider.System, cancellationToken);
            var share = (platform.Cpu - before) / Stopwatch.GetElapsedTime(began);
            var done = $"one burst among 1800 receptions, {Settle.TotalSeconds:F0} s of rest, then {Measured.TotalSeconds:F0} s watched; no client connected; {PlatformProcess.Form}";
            return
            [
                new("idle.cpu", 100 * share, "% of a core", done, Durability),
                new("idle.resident", platform.Resident / 1e6, "MB", done, Durability),
                .. platform.Private is { } octets ? (BenchmarkFigure[])[new("idle.private", octets / 1e6, "MB", done, Durability)] : [],
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
