using System.Globalization;
using System.Security.Cryptography;
using Svom.Crash;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.Packets;

/// <summary>A process killed at each step of an ingest; another opens what it left and gets everything once more.</summary>
public sealed class PacketLogCrashTests(ITestOutputHelper output)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Steps() =>
    [
        .. new[]
        {
            StorageStep.BeforeBegin, StorageStep.SeenWritten, StorageStep.ContentWritten, StorageStep.ReceptionWritten, StorageStep.FeedMoved,
            StorageStep.CheckpointSaved, StorageStep.BeforeCommit, StorageStep.AfterCommit,
        }.Select(step => step.ToString()),
    ];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task No_answered_reception_is_lost_and_sending_all_again_completes_the_log(string step)
    {
        var time = Random.Shared.Next(1, 11);
        output.WriteLine($"dies at {step}, time {time}");
        using var folder = new TemporaryFolder();
        var (lines, exitCode) = await CrashingProcess.RunAsync("packets", folder.Path, step, $"{time}");
        Assert.NotEqual(0, exitCode);

        using var data = DataFolder.Open(folder.Path);
        await using var log = new SqlitePacketLog(data, new StorageOptions(), TimeProvider.System, null);
        await CheckAndCompleteAsync(log, lines);
    }

    /// <summary>What was said is stored, each call wholly or not at all, and sending all again completes the log.</summary>
    internal static async Task CheckAndCompleteAsync(IPacketLog log, string[] lines)
    {
        var stored = Keys(await AllAsync(log));
        foreach (var line in lines)
        {
            var landed = line.Split(' ');
            Assert.Superset(Keys(Number(landed[1]), Number(landed[2])), stored);
        }

        await AllOrNoneAsync(stored);
        for (var caller = 0; caller < PacketWork.Callers; caller++)
        {
            Assert.InRange(await log.CheckpointAsync($"reader-{caller}", PacketWork.Feed, None), 0, await log.HeadAsync(PacketWork.Feed, None));
            for (var call = 0; call < PacketWork.Calls; call++)
            {
                await log.AppendAsync(PacketWork.Call(caller, call), PacketWork.Start, None);
            }
        }

        await CheckWholeAsync(log);
    }

    /// <summary>Everything was sent: the log holds each reception once, each packet first once, and no gap.</summary>
    internal static async Task CheckWholeAsync(IPacketLog log)
    {
        var all = await AllAsync(log);
        Assert.Equal(Enumerable.Range(1, all.Count).Select(n => (long)n), all.Select(one => one.Position));
        Assert.Equal(PacketWork.Callers * PacketWork.Calls * 8, all.Count);
        Assert.Equal(all.Count, Keys(all).Count);
        Assert.All(all, one => Assert.Equal(one.Id, PacketId.FromSha256(SHA256.HashData(one.Octets.Span))));

        var packets = all.Where(one => one.Verdict == ReceptionVerdict.Valid).GroupBy(one => one.Id).ToArray();
        Assert.All(packets, packet => Assert.Equal([true, .. Enumerable.Repeat(false, packet.Count() - 1)], packet.Select(one => one.FirstCopy)));
        Assert.Equal(
            all.Where(one => one.FirstCopy).Select(one => one.Position), (await log.ReadAsync(PacketWork.Feed, 0, 10_000, packetsOnly: true, None)).Items.Select(one => one.Position));

        // The conflicting contents of all callers stand under the header of packet 1.
        Assert.Equal(PacketWork.Callers + 1, all.Where(one => one.Conflict && one.FirstCopy).Select(one => one.Id).Distinct().Count());
    }

    private static Task AllOrNoneAsync(HashSet<(string Station, DateTimeOffset At, PacketId Id)> stored)
    {
        for (var caller = 0; caller < PacketWork.Callers; caller++)
        {
            for (var call = 0; call < PacketWork.Calls; call++)
            {
                var keys = Keys(caller, call);
                var here = keys.Count(stored.Contains);
                Assert.True(here == 0 || here == keys.Count, $"{here} of {keys.Count} receptions of call {caller}.{call}");
            }
        }

        return Task.CompletedTask;
    }

    private static async Task<IReadOnlyList<LoggedReception>> AllAsync(IPacketLog log) =>
        (await log.ReadAsync(PacketWork.Feed, 0, 10_000, packetsOnly: false, None)).Items;

    private static HashSet<(string Station, DateTimeOffset At, PacketId Id)> Keys(IEnumerable<LoggedReception> all) =>
        [.. all.Select(one => (one.Station, one.ReceivedAt, one.Id))];

    private static HashSet<(string Station, DateTimeOffset At, PacketId Id)> Keys(int caller, int call) =>
        [.. PacketWork.Call(caller, call).Select(one => (one.Reception.Station, one.Reception.ReceivedAt, one.Id))];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
