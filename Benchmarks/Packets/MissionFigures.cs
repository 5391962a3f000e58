using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Svom.Hosting;
using Svom.Simulation;
using Svom.Support;

namespace Svom.Packets;

/// <summary>
/// Days of a mission at its real rates: ingested as fast as the platform takes it, replayed twice and re-simulated twice from its folder, each in a
/// process of its own. It fails when a burst or a notice is not as planned, an outage stays unnamed, or two runs differ.
/// </summary>
internal static class MissionFigures
{
    private const int BurstsInThirtyDays = 40;
    private const int Repeats = 2;
    private static readonly FeedId Feed = new(PacketDefinitions.Current.SpacecraftName);
    private static readonly DateTimeOffset Begin = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Of the mission.</summary>
    public static int Seed { get; set; } = 20260601;

    /// <summary>Bursts in it; null: as many as forty in thirty days.</summary>
    public static int? Bursts { get; set; }

    /// <summary>Days to play.</summary>
    public static double Days { get; set; } = 30;

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var mission = Mission.Make(Seed, Begin, TimeSpan.FromDays(Days), Bursts ?? Math.Max(3, (int)Math.Round(BurstsInThirtyDays * Days / 30)));
        var kept = Directory.CreateTempSubdirectory("svom-mission-").FullName;
        var folder = Path.Combine(kept, "data");
        try
        {
            var figures = new List<BenchmarkFigure>(await IngestAsync(mission, folder, cancellationToken));
            figures.AddRange(await PlayAsync(mission, folder, "replay", [], cancellationToken));
            figures.AddRange(await PlayAsync(mission, folder, "resimulate", ["--resimulate"], cancellationToken));
            return figures;
        }
        finally
        {
            Directory.Delete(kept, recursive: true);
        }
    }

    private static async Task<IEnumerable<BenchmarkFigure>> IngestAsync(Mission mission, string folder, CancellationToken cancellationToken)
    {
        await using var platform = await Platform.StartAsync(folder, MeasuredPlatform.Settings, cancellationToken);
        var services = platform.Application.Services;
        var arrived = await new MissionArrival(services, Feed).RunAsync(mission, cancellationToken);
        var peak = Peak();
        await Console.Error.WriteLineAsync($"ingested: {arrived}");
        Refuse(await MissionVerdict.FaultsAsync(mission, services.GetRequiredService<IGrainFactory>(), Feed, cancellationToken));
        var (began, alarms) = (Stopwatch.GetTimestamp(), await MissionWatch.AlarmsAsync(services.GetRequiredService<IPacketLog>(), Feed, cancellationToken));
        var watched = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Refuse(MissionWatch.Faults(mission, alarms));
        var done = string.Create(
            CultureInfo.InvariantCulture,
            $"{mission.Length.TotalDays:0.##} days, seed {mission.Seed}, {arrived.Sent} packets sent, {arrived.Unheard} out of everybody's sight; {arrived.Receptions} receptions ({arrived.Duplicates} copies, {arrived.Broken} broken, {arrived.Lost} more lost), {mission.Bursts.Count} bursts, {arrived.Acts} acts, {mission.Outages.Count} outages; all answered after {arrived.Answered:F1} s, taken by the bursts after {arrived.Applied:F1} s; every burst found and its notices as planned; one caller, {arrived.MostUnderWay} receptions at most between satellite and platform; files {Size(folder) / 1e6:F0} MB");
        return
        [
            new("mission.ingest", arrived.Sent / arrived.Applied, "packets/s", done, InventedTraffic.Durability),
            new("mission.ingest.receptions", arrived.Receptions / arrived.Applied, "receptions/s", done, InventedTraffic.Durability),
            new("mission.ingest.time", arrived.Applied, "s", done, InventedTraffic.Durability),
            new("mission.ingest.memory", peak / 1e6, "MB", "most resident at once: the whole platform, and the mission's making beside it", InventedTraffic.Durability),
            new("mission.alarms", watched, "s",
                $"the watch's rules asked each minute of the mission, from the log: {alarms.Count} alarms, each in an outage; {mission.Outages.Sum(static outage => outage.Missed.Count + (outage.Kind == StationOutage.All ? 1 : 0))} of them had to come, and returned", "none: reads what is durable, writes nothing"),
        ];
    }

    private static async Task<IEnumerable<BenchmarkFigure>> PlayAsync(Mission mission, string folder, string name, string[] how, CancellationToken cancellationToken)
    {
        var (figures, reports) = (new List<BenchmarkFigure>(), new List<string>());
        for (var n = 0; n < Repeats; n++)
        {
            var run = await MeasuredCommand.RunAsync(["replay", "--data", folder, "--json", .. how], cancellationToken);
            var report = run.Code == 0 ? JsonSerializer.Deserialize<ReplayReport>(run.Output, Json)! : throw new InvalidOperationException($"{name}: exit code {run.Code}: {run.Output}");
            Refuse(report.Bursts == mission.Bursts.Count ? [] : [$"{name}: {report.Bursts} bursts came out, {mission.Bursts.Count} were planned"]);
            var file = Path.Combine(folder, "..", $"{name}-{n}.json");
            await File.WriteAllTextAsync(file, run.Output, cancellationToken);
            reports.Add(file);
            var done = string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Packets} packets, {report.Bursts} bursts and {report.Notices} notices from a data folder, without a platform; no difference from what was recorded, nor from the run before; {run.Took.TotalSeconds:F1} s with the start of the process, {run.Cpu.TotalSeconds:F1} s of CPU; {PlatformProcess.Form}, files in the page cache");
            figures.Add(new($"mission.{name}", report.Packets / run.Took.TotalSeconds, "packets/s", done, "none: reads what is durable, writes nothing"));
            figures.Add(new($"mission.{name}.time", run.Took.TotalSeconds, "s", done, "none: reads what is durable, writes nothing"));
            figures.Add(new($"mission.{name}.memory", run.PeakResident / 1e6, "MB", "most resident at once, a process of its own", "none: reads what is durable, writes nothing"));
        }

        var compared = await MeasuredCommand.RunAsync(["compare", reports[0], reports[1]], cancellationToken);
        Refuse(compared.Code == 0 ? [] : [$"two runs of {name} differ: {compared.Output}"]);
        Refuse(await File.ReadAllTextAsync(reports[0], cancellationToken) == await File.ReadAllTextAsync(reports[1], cancellationToken) ? [] : [$"the reports of two runs of {name} differ"]);
        return figures;
    }

    private static void Refuse(IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
        }
    }

    private static long Size(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(static file => file.Length);

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
