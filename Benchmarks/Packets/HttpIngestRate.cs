using System.Diagnostics;
using System.Globalization;
using Svom.Hosting;

namespace Svom.Packets;

/// <summary>The same as <see cref="IngestRate"/> through the HTTP door, from a process of its own on the same machine.</summary>
internal static class HttpIngestRate
{
    private const int Copies = 3;
    private const int WarmPackets = 20_000;
    private const int Packets = 60_000;
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await MeasuredPlatform.StartAsync(cancellationToken);
        await SendAsync(platform, "warm", 0, WarmPackets, asJson: false, cancellationToken);
        await SendAsync(platform, "warm-json", 1, WarmPackets / 4, asJson: true, cancellationToken);
        return
        [
            .. await SendAsync(platform, "binary", 2, Packets, asJson: false, cancellationToken),
            .. await SendAsync(platform, "json", 3, Packets, asJson: true, cancellationToken),
        ];
    }

    private static async Task<BenchmarkFigure[]> SendAsync(
        MeasuredPlatform platform, string name, int day, int packets, bool asJson, CancellationToken cancellationToken)
    {
        long began = 0;
        var sent = await ReceptionSender.RunAsync(
            [
                "--to", platform.Http + "/", "--token", platform.Token, "--session", name, "--start", Start.AddDays(day).ToString("O", CultureInfo.InvariantCulture),
                "--packets", packets.ToString(CultureInfo.InvariantCulture), .. asJson ? (string[])["--as-json"] : [],
            ],
            () => began = Stopwatch.GetTimestamp(), cancellationToken);
        await platform.SettledAsync(new(PacketDefinitions.Current.SpacecraftName, name), cancellationToken);
        var applied = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var done = $"{sent.Receptions} receptions ({packets} packets, {Copies} copies each, {packets / InventedTraffic.PacketsPerBurst} bursts), another process on the same cores, "
            + $"500 a request, four connections; all answered after {sent.Seconds:F2} s, routed and taken by its burst after {applied:F2} s; {sent.Again} requests sent again after 503";
        return
        [
            new($"ingest-http.{name}.applied", sent.Receptions / applied, "receptions/s", done, InventedTraffic.Durability),
            new($"ingest-http.{name}.answered", sent.Receptions / sent.Seconds, "receptions/s", done, InventedTraffic.Durability),
        ];
    }
}
