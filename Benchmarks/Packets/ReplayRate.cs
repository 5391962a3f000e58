using System.Diagnostics;
using Svom.Bursts;
using Svom.Hosting;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>A million packets that stand in the log, played again: read, decoded, assigned, decided, compared with what was recorded.</summary>
internal static class ReplayRate
{
    private const int Callers = 4;
    private const int EachCall = 2_000;
    private const int Packets = 1_000_000;
    private const int Times = 3;
    private static readonly FeedId Feed = new(PacketDefinitions.Current.SpacecraftName, "replay");
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await MeasuredPlatform.StartAsync(cancellationToken);
        await FillAsync(platform, cancellationToken);
        var figures = new List<BenchmarkFigure>();
        for (var time = 0; time < Times; time++)
        {
            var began = Stopwatch.GetTimestamp();
            var report = await platform.Service<FeedReplay>().RunAsync(Feed, cancellationToken);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (report.Packets != Packets || !report.Differences.IsEmpty)
            {
                throw new InvalidOperationException($"{report.Packets} packets were replayed; {string.Join("; ", report.Differences.Select(static difference => difference.Text))}");
            }

            figures.Add(new(
                "replay", report.Packets / seconds, "packets/s",
                $"{report.Packets} packets, {report.Bursts} bursts and {report.Notices} notices in {seconds:F2} s; every route and every notice compared with its record, byte for byte; log in the page cache",
                "none: reads what is durable, writes nothing"));
        }

        figures.Add(await LastBurstsAsync(platform, cancellationToken));
        return figures;
    }

    /// <summary>A range at the end of the feed: its packets alone are read.</summary>
    private static async Task<BenchmarkFigure> LastBurstsAsync(MeasuredPlatform platform, CancellationToken cancellationToken)
    {
        var bursts = await platform.Grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(Session: Feed.Session, Limit: 10), cancellationToken);
        var from = bursts.Value!.Items[^1].FirstHeard;
        var began = Stopwatch.GetTimestamp();
        var report = await platform.Service<FeedReplay>().RunAsync(Feed, new(From: from), null, null, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return report.Differences.IsEmpty
            ? new("replay-range", seconds, "s", $"{report.Bursts} last bursts of a feed of {Packets} packets, of which {report.Packets} were read; log in the page cache", "none: reads what is durable, writes nothing")
            : throw new InvalidOperationException(string.Join("; ", report.Differences.Select(static difference => difference.Text)));
    }

    private static async Task FillAsync(MeasuredPlatform platform, CancellationToken cancellationToken)
    {
        using var batches = InventedTraffic.Receptions(Start, Packets, 1, Feed.Session).Chunk(EachCall).GetEnumerator();
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(
            async () =>
            {
                while (Next() is { } batch)
                {
                    Outcome<IngestAnswer> answer;
                    while (!(answer = await platform.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(batch, cancellationToken)).Accepted)
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
                    }
                }
            },
            cancellationToken)));
        await platform.SettledAsync(Feed, cancellationToken);

        ReceptionBatch? Next()
        {
            lock (gate)
            {
                return batches.MoveNext() ? new([.. batches.Current]) : null;
            }
        }
    }
}
