using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Packets;
using Svom.Support;

namespace Svom.Cluster.Packets;

/// <summary>What was decided once is decided again from the log alone, to the byte.</summary>
public sealed class FeedReplayTests : IDisposable
{
    private static readonly FeedId Feed = new(PacketDefinitions.Current.SpacecraftName);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_replay_makes_every_notice_again_byte_for_byte_and_tells_nobody()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);
        var (told, head) = (silo.Transport.Published.Count, await ArchiveHeadAsync(silo));

        var report = await silo.Services.GetRequiredService<FeedReplay>().RunAsync(Feed, default);

        Assert.Empty(report.Differences);
        Assert.Equal((4, 1), (report.Packets, report.Bursts));
        Assert.Equal(head, report.Notices);
        Assert.Equal((told, head), (silo.Transport.Published.Count, await ArchiveHeadAsync(silo)));
    }

    [Fact]
    public async Task A_replay_under_other_rules_says_which_notices_differ()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);
        var others = Options.Create(new BurstOptions { AuthorTitle = "Another centre" });

        var report = await new FeedReplay(silo.Services.GetRequiredService<IPacketLog>(), silo.Services.GetRequiredService<IEventStore>(), others, TimeProvider.System).RunAsync(Feed, default);

        Assert.Contains(report.Differences, static difference => difference.Notice == "sb26030101_grm-trigger" && difference.Field!.Contains("Who/Author/title", StringComparison.Ordinal) && difference.Now == "Another centre");
    }

    [Fact]
    public async Task A_rehearsal_whose_numbers_another_one_had_taken_replays_the_same()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        foreach (var session in new[] { "drill-1", "drill-2" })
        {
            await IngestAsync(silo, Frames.Heard(Frames.Grm(), session: session));
            await UntilAlertsAsync(silo, session == "drill-1" ? 1 : 2);
        }

        var report = await silo.Services.GetRequiredService<FeedReplay>().RunAsync(Feed with { Session = "drill-2" }, default);

        Assert.Empty(report.Differences);
        Assert.Equal((1, 1, 1), (report.Packets, report.Bursts, report.Notices));
    }

    [Fact]
    public async Task A_replay_of_a_range_reads_its_bursts_alone_and_has_from_the_records_what_came_before()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);
        var later = Frames.T0.AddHours(3);
        await IngestAsync(silo, Frames.Heard(Frames.Grm(sequenceCount: 2, t0: later)));
        await silo.Transport.UntilAsync(_ => silo.Transport.Published.Count(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger") == 2);
        await IngestAsync(silo, Frames.Heard(Frames.Grm(sequenceCount: 3, t0: later.AddHours(3))));
        await silo.Transport.UntilAsync(_ => silo.Transport.Published.Count(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger") == 3);
        var (second, third) = (await FirstHeardAsync(silo, "sb26030102"), await FirstHeardAsync(silo, "sb26030103"));
        var replay = silo.Services.GetRequiredService<FeedReplay>();

        foreach (var (scope, bursts, packets) in new[]
        {
            (new ReplayScope(From: second), (string[])["sb26030102", "sb26030103"], 2), (new ReplayScope(To: second), ["sb26030101"], 4),
            (new ReplayScope(From: second, To: third), ["sb26030102"], 1), (new ReplayScope(From: third.AddTicks(1)), [], 0),
        })
        {
            var report = await replay.RunAsync(Feed, scope, null, null, default);
            Assert.Empty(report.Differences);
            Assert.Equal(bursts, report.Results.Select(static burst => burst.Id));
            Assert.Equal(packets, report.Packets);
        }

        Assert.Equal(6, (await replay.RunAsync(Feed, default)).Packets);
    }

    private static async Task<DateTimeOffset> FirstHeardAsync(SiloHost silo, string burst) => (await silo.Grains.GetGrain<IBurstGrain>(burst).GetAsync(default)).Value!.FirstHeard;

    private static async Task PlayAsync(SiloHost silo)
    {
        await IngestAsync(silo, Frames.Heard(Frames.Grm()), Frames.Heard(Frames.Grm(), "REU1"));
        await IngestAsync(silo, [.. Enumerable.Range(0, 3).Select(static n => Frames.Heard(Frames.Alert(4711, n, 12.5 + n, sequenceCount: n)))]);
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/eclairs-wakeup");
        var sequencer = silo.Grains.GetGrain<ISequencerGrain>(Feed.ToString());
        await sequencer.CatchUpAsync(default);
        await silo.Transport.UntilAsync(static message =>
            message.Topic.EndsWith("/events", StringComparison.Ordinal) && System.Text.Encoding.UTF8.GetString(message.Payload.Span).Contains("ECLAIRs alert 2", StringComparison.Ordinal));

        // The state is the last that is told after the last line: what comes later would be the replay's.
        await silo.Transport.UntilAsync(_ => silo.Transport.Published[^1].Retain);
    }

    private static async Task UntilAlertsAsync(SiloHost silo, int count) => await silo.Transport.UntilAsync(
        _ => silo.Transport.Published.Count(static message => message.Topic == "svom/v1/test/alerts/grm/grm-trigger") == count);

    private static Task<long> ArchiveHeadAsync(SiloHost silo) => silo.Services.GetRequiredService<IEventStore>().ArchiveHeadAsync("notices", default);

    private static async Task IngestAsync(SiloHost silo, params Reception[] receptions) =>
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. receptions]), default)).Accepted);
}
