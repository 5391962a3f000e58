using System.Diagnostics;
using System.Globalization;
using Svom.Hosting;

namespace Svom.Packets;

/// <summary>The same as <see cref="IngestRate"/> through the HTTP or the gRPC door, from a process of its own on the same machine.</summary>
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

    /// <summary>The same through the gRPC door: streams of batches instead of requests.</summary>
    public static async Task<IEnumerable<BenchmarkFigure>> RunGrpcAsync(CancellationToken cancellationToken)
    {
        await using var platform = await MeasuredPlatform.StartAsync(cancellationToken);
        string[] to = ["--grpc", $"http://127.0.0.1:{platform.GrpcPort}"];
        await SendAsync(platform, "ingest-grpc", "warm", 0, WarmPackets, to, cancellationToken);
        return await SendAsync(platform, "ingest-grpc", "stream", 2, Packets, to, cancellationToken);
    }

    private static Task<BenchmarkFigure[]> SendAsync(MeasuredPlatform platform, string name, int day, int packets, bool asJson, CancellationToken cancellationToken) =>
        SendAsync(platform, "ingest-http", name, day, packets, asJson ? ["--as-json"] : [], cancellationToken);

    private static async Task<BenchmarkFigure[]> SendAsync(
        MeasuredPlatform platform, string figure, string name, int day, int packets, string[] form, CancellationToken cancellationToken)
    {
        long began = 0;
        var sent = await ReceptionSender.RunAsync(
            [
                "--to", platform.Http + "/", "--token", platform.Token, "--session", name, "--start", Start.AddDays(day).ToString("O", CultureInfo.InvariantCulture),
                "--packets", packets.ToString(CultureInfo.InvariantCulture), .. form,
            ],
            () => began = Stopwatch.GetTimestamp(), cancellationToken);
        await platform.SettledAsync(new(PacketDefinitions.Current.SpacecraftName, name), cancellationToken);
        var applied = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var done = $"{sent.Receptions} receptions ({packets} packets, {Copies} copies each, {packets / InventedTraffic.PacketsPerBurst} bursts), another process on the same cores, "
            + $"500 a batch, four connections; all answered after {sent.Seconds:F2} s, routed and taken by its burst after {applied:F2} s; {sent.Again} batches sent again after a refusal";
        return
        [
            new($"{figure}.{name}.applied", sent.Receptions / applied, "receptions/s", done, InventedTraffic.Durability),
            new($"{figure}.{name}.answered", sent.Receptions / sent.Seconds, "receptions/s", done, InventedTraffic.Durability),
        ];
    }
}
