using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>Receptions a second into the log (three copies each from three stations, four callers, 500 a call) and back out of it in bulk.</summary>
internal static class PacketLogRates
{
    private const string Durability = "SQLite WAL, synchronous=FULL: answered after fsync";
    private const int Callers = 4;
    private const int EachCall = 500;
    private const int Calls = 600;
    private const int Apids = 20;
    private const string Silent = "kerguelen";
    private static readonly FeedId Feed = new("svom");
    private static readonly DateTimeOffset Start = new(2026, 4, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Stations = ["kourou", "hartebeesthoek", "hiva-oa"];

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var path = Directory.CreateTempSubdirectory("svom-bench-");
        using var folder = DataFolder.Open(path.FullName);
        await using var log = new SqlitePacketLog(folder, Options.Create(new StorageOptions()), TimeProvider.System);
        var calls = Enumerable.Range(0, Calls).Select(Call).ToArray();
        var next = -1;
        await log.AppendAsync([calls[0][0] with { Reception = calls[0][0].Reception with { Station = Silent } }], Start, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(
            async () =>
            {
                for (var call = Interlocked.Increment(ref next); call < Calls; call = Interlocked.Increment(ref next))
                {
                    if ((await log.AppendAsync(calls[call], Start, cancellationToken)).Accepted != EachCall)
                    {
                        throw new InvalidOperationException("A new reception was called a duplicate.");
                    }
                }
            },
            cancellationToken)));
        var written = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var done = $"{Calls * EachCall} receptions of 100 octets in {written:F1} s, {Callers} callers, {EachCall} a call, three copies each";
        return
        [
            new("packet-log.append", Calls * EachCall / written, "receptions/s", done, Durability),
            await ReadAsync(log, packetsOnly: false, cancellationToken),
            await ReadAsync(log, packetsOnly: true, cancellationToken),
            await FindAsync(log, cancellationToken),
        ];
    }

    // The dearest search there is: a station that was heard once, at the very begin.
    private static async Task<BenchmarkFigure> FindAsync(SqlitePacketLog log, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var found = await log.FindAsync(new(Feed, Station: Silent), cancellationToken);
        var milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return new("packet-log.find.silent", milliseconds, "ms", $"{found.Items.Count} of {await log.HeadAsync(Feed, cancellationToken)} receptions, looked at all of them", "none");
    }

    private static async Task<BenchmarkFigure> ReadAsync(SqlitePacketLog log, bool packetsOnly, CancellationToken cancellationToken)
    {
        var head = await log.HeadAsync(Feed, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        long rows = 0;
        for (long at = 0; at < head;)
        {
            var slice = await log.ReadAsync(Feed, at, 5_000, packetsOnly, cancellationToken);
            (rows, at) = (rows + slice.Items.Count, slice.UpTo);
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new($"packet-log.read.{(packetsOnly ? "packets" : "all")}", rows / seconds, "rows/s", $"{rows} rows in {seconds:F2} s, 5000 a slice, one reader", "none");
    }

    // Frame n is heard by three stations; copies arrive close together, as they do.
    private static CheckedReception[] Call(int call) => [.. Enumerable.Range(0, EachCall).Select(place =>
    {
        var n = (call * EachCall) + place;
        var (frame, copy) = (n / 3, n % 3);
        var octets = new byte[100];
        BinaryPrimitives.WriteInt32BigEndian(octets, frame);
        return new CheckedReception(
            Feed, new(Stations[copy], Start.AddMilliseconds((frame * 5) + copy), octets, -100), PacketId.FromSha256(SHA256.HashData(octets)),
            ReceptionVerdict.Valid, new(576 + (frame % Apids), frame % 16_384, Start.AddMilliseconds(frame * 5)));
    })];
}
