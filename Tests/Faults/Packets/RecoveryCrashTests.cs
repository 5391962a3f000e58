using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Packets.Recovery;
using Svom.Support;

namespace Svom.Packets;

/// <summary>
/// A silo killed by SIGKILL while broken copies of an alert wait for their vote, and at each step from the vote to the log. Started again, the packet
/// is there once, whatever was acknowledged is there, and a whole copy takes its place.
/// </summary>
public sealed class RecoveryCrashTests : IDisposable
{
    private const string Burst = "sb26030101";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly FeedId Feed = new(PacketDefinitions.Current.SpacecraftName);
    private static readonly byte[] Alert = Frames.Alert(4711, 0, 12.5);

    // The copies come one by one: each waits for the next.
    private static readonly Reception[][] Calls =
    [
        [Frames.Heard(Frames.Grm())],
        [Broken("NCL1", 5)],
        [Broken("REU1", 105)],
        [Broken("GUF1", 205)],
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("checkpoint", "CheckpointSaved")] // Copies that have nobody to vote with were noted.
    [InlineData("vote", "Read")] // All are there and none has voted.
    [InlineData("vote", "Voted")] // The packet is known and nothing of it is written.
    [InlineData("append", "EventWritten")]
    [InlineData("append", "OwedWritten")]
    [InlineData("append", "BeforeCommit")]
    [InlineData("append", "AfterCommit")] // The log is owed the packet.
    [InlineData("frame", "ReceptionWritten")]
    [InlineData("frame", "BeforeCommit")]
    [InlineData("frame", "AfterCommit")] // The log has it, and it is still owed.
    [InlineData("settle", "Settled")]
    public async Task Killed_at_any_step_of_a_recovery_the_packet_is_there_once_and_a_whole_copy_replaces_it(string where, string step)
    {
        var (lines, exitCode) = await CrashingProcess.RunAsync("recovery", folder.Path, await ReceptionsAsync(), where, step);
        Assert.NotInRange(exitCode, 0, 3); // 3: it passed by.
        Assert.All(lines, static line => Assert.StartsWith("acknowledged ", line, StringComparison.Ordinal));

        await using var silo = await SiloHost.StartAsync(folder.Path, settings: new() { ["Svom:Shards:Scan"] = "00:00:01" });
        var log = silo.Services.GetRequiredService<IPacketLog>();
        Assert.InRange((await AllAsync(log)).Count(static one => one.Verdict is not ReceptionVerdict.Recovered), lines.Length, Calls.Length);
        foreach (var call in Calls)
        {
            await IngestAsync(silo, call); // Stations that got no answer send again.
        }

        await UntilAsync(silo, static alerts => alerts is { Heard: 1, Recovered: 1 });
        await SettledAsync(silo); // What the dead process owed and maybe brought is brought again.
        await IngestAsync(silo, Broken("MUS1", 305));
        var tally = await silo.Grains.GetGrain<IRecoveryGrain>(Feed.ToString()).CatchUpAsync(None);
        Assert.Equal((1, 1, 0), (tally.Recovered, tally.Joined, tally.Ambiguous)); // The fourth copy joins the three.

        var recovered = Assert.Single(await AllAsync(log), static one => one.Verdict is ReceptionVerdict.Recovered);
        Assert.Equal(Convert.ToHexString(Alert), Convert.ToHexString(recovered.Octets.Span));
        Assert.Equal(["GUF1", "MUS1", "NCL1", "REU1"], (await AllAsync(log)).Where(static one => one.Verdict is ReceptionVerdict.BadCrc).Select(static one => one.Station).Order(StringComparer.Ordinal));
        var summary = Assert.Single((await silo.Grains.GetGrain<IPacketQueryGrain>(0).FindAsync(new(Recovered: true), None)).Value!.Items);
        Assert.Equal(["GUF1", "MUS1", "NCL1", "REU1"], summary.Recovered!.From.Select(static copy => copy.Station).Order(StringComparer.Ordinal));
        Assert.Single(await LinesAsync(silo), static line => line.Text.Contains("recovered from broken copies", StringComparison.Ordinal));
        Assert.Empty(await WakeupsAsync(silo));

        await IngestAsync(silo, Frames.Heard(Alert, "KEN1"));
        await UntilAsync(silo, static alerts => alerts is { Heard: 1, Recovered: 0 });
        Assert.Single(await WakeupsAsync(silo));
        summary = Assert.Single((await silo.Grains.GetGrain<IPacketQueryGrain>(0).FindAsync(new(Recovered: true), None)).Value!.Items);
        Assert.Equal((await AllAsync(log)).Single(static one => one.Station == "KEN1").Position, summary.Recovered!.Linked);
        var report = await silo.Services.GetRequiredService<FeedReplay>().RunAsync(Feed, None);
        Assert.Empty(report.Differences);
        Assert.Equal((3, 1), (report.Packets, report.Bursts)); // The trigger, the recovered alert, the whole one.
    }

    private async Task<string> ReceptionsAsync()
    {
        var path = folder.File("receptions.txt");
        await File.WriteAllTextAsync(path, string.Join("\n\n", Calls.Select(static call => string.Join('\n', call.Select(static reception => string.Create(
            CultureInfo.InvariantCulture, $"{reception.Station} {reception.ReceivedAt.ToUnixTimeMilliseconds()} {Convert.ToHexString(reception.Octets.Span)}"))))));
        return path;
    }

    private static async Task<IReadOnlyList<LoggedReception>> AllAsync(IPacketLog log) => (await log.ReadAsync(Feed, 0, 100, packetsOnly: false, None)).Items;

    private static async Task<IEnumerable<TimelineEntry>> LinesAsync(SiloHost silo) => (await silo.Grains.GetGrain<IBurstGrain>(Burst).TimelineAsync(None)).Value;

    private static async Task<IEnumerable<ArchivedEntry>> WakeupsAsync(SiloHost silo) =>
        (await silo.Services.GetRequiredService<IEventStore>().ArchiveAsync("notices", 0, 100, None)).Where(static notice => notice.Entry.Kind == NoticeTypes.Wakeup);

    private static async Task UntilAsync(SiloHost silo, Func<PacketCount, bool> when)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var burst = await silo.Grains.GetGrain<IBurstGrain>(Burst).GetAsync(patience.Token);
            if (burst.Accepted && burst.Value.Completeness.Any(count => count.Kind == "eclairs-alert" && when(count)))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task SettledAsync(SiloHost silo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var store = silo.Services.GetRequiredService<IEventStore>();
        while ((await store.OwedAsync(0, EventStore.StreamId.ShardCount, 1_000, patience.Token)).Any(static row => row.Message.Route == RecoveryRoute.RouteName))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task IngestAsync(SiloHost silo, params Reception[] receptions) =>
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. receptions]), None)).Accepted);

    private static Reception Broken(string station, int bit)
    {
        var octets = (byte[])Alert.Clone();
        foreach (var wrong in new[] { bit, bit + 37, bit + 71 })
        {
            octets[wrong / 8] ^= (byte)(1 << (wrong % 8));
        }

        return Frames.Heard(Alert, station) with { Octets = octets };
    }
}
