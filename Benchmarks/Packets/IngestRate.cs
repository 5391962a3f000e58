using System.Collections.Immutable;
using System.Diagnostics;
using Svom.Hosting;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>
/// Durable ingest with everything that follows inside the platform: identity, decoding, routing, bursts, notices. Called in
/// process, as a gateway of the same process would.
/// </summary>
internal static class IngestRate
{
    private const int Callers = 4;
    private const int EachCall = 500;
    private const int Copies = 3;
    private const int WarmPackets = 20_000;
    private const int Packets = 100_000;
    private static readonly DateTimeOffset Start = new(2026, 4, 21, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await MeasuredPlatform.StartAsync(cancellationToken);
        await IngestAsync(platform, "warm", Start, WarmPackets, cancellationToken);
        var (answered, applied, again) = await IngestAsync(platform, "run", Start.AddDays(2), Packets, cancellationToken);
        const int Receptions = Packets * Copies;
        var done = $"{Receptions} receptions ({Packets} packets, three copies each, {Packets / InventedTraffic.PacketsPerBurst} bursts of {InventedTraffic.PacketsOfBurst} packets among "
            + $"recurrent ones), {Callers} callers, {EachCall} a call; all answered after {answered:F2} s, routed and taken by its burst after {applied:F2} s; {again} calls sent again after a refusal";
        return
        [
            new("ingest.applied", Receptions / applied, "receptions/s", done, InventedTraffic.Durability),
            new("ingest.answered", Receptions / answered, "receptions/s", done, InventedTraffic.Durability),
        ];
    }

    private static async Task<(double Answered, double Applied, int Again)> IngestAsync(
        MeasuredPlatform platform, string session, DateTimeOffset start, int packets, CancellationToken cancellationToken)
    {
        var batches = InventedTraffic.Receptions(start, packets, Copies, session).Chunk(EachCall).Select(static batch => new ReceptionBatch([.. batch])).ToArray();
        var (next, again) = (-1, 0);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(
            async () =>
            {
                for (var n = Interlocked.Increment(ref next); n < batches.Length; n = Interlocked.Increment(ref next))
                {
                    while (await platform.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(batches[n], cancellationToken) is { Accepted: false } refused)
                    {
                        if (refused.Refusal!.Code is not RefusalCode.Overloaded)
                        {
                            throw new InvalidOperationException(refused.Refusal.Detail);
                        }

                        Interlocked.Increment(ref again);
                        await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
                    }
                }
            },
            cancellationToken)));
        var answered = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await platform.SettledAsync(new(PacketDefinitions.Current.SpacecraftName, session), cancellationToken);
        return (answered, Stopwatch.GetElapsedTime(began).TotalSeconds, again);
    }
}
