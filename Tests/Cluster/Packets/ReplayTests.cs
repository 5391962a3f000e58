using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Packets;
using Svom.Sqlite;
using Svom.Support;

namespace Svom.Cluster.Packets;

/// <summary>Replays and re-simulations beside a silo that serves: what they find, and that they outlive it.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly ReplayRequest Live = new(ReplayMode.Replay);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, InlineData(ReplayMode.Replay), InlineData(ReplayMode.Resimulation)]
    public async Task A_replay_at_the_desk_ends_with_a_report_without_differences(ReplayMode mode)
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);

        var started = await silo.Grains.GetGrain<IReplayDeskGrain>(0).StartAsync(Live with { Mode = mode }, "tester", default);
        var done = await UntilEndedAsync(silo, started.Value!.Id);

        Assert.Equal((ReplayStatus.Done, 1, "tester"), (done.Status, done.Attempts, done.RequestedBy));
        Assert.Empty(done.Report!.Differences);
        Assert.Equal((4, 1), (done.Report.Packets, done.Report.Bursts));
        Assert.Contains(done.Report.Results.Single().Notices, static notice => notice is { Id: "sb26030101_eclairs-wakeup", Sent: true });
        var listed = Assert.Single((await silo.Grains.GetGrain<IReplayDeskGrain>(0).FindAsync(null, 10, default)).Value!.Items);
        Assert.Equal((done.Id, ReplayStatus.Done, true), (listed.Id, listed.Status, listed.Report is null));
    }

    [Fact]
    public async Task A_re_simulation_under_stricter_criteria_lists_exactly_the_notices_that_differ()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);

        var report = (await Runner(silo, new() { AutomaticQuality = 256 }).RunAsync(Live with { Mode = ReplayMode.Resimulation }, null, default)).Value!;

        Assert.Equal(["sb26030101_eclairs-wakeup"], report.Differences.Where(static difference => difference.Field == "notice").Select(static difference => difference.Notice));
        Assert.Equal(["notice", "state"], report.Differences.Select(static difference => difference.Field).Order(StringComparer.Ordinal));
        Assert.Contains("accepted", report.Differences.Single(static difference => difference.Field == "state").Recorded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_re_simulations_are_compared_field_by_field_also_in_a_notice_that_was_never_made()
    {
        // Quality that was too low that night, and would be enough under today's rules.
        await using var silo = await SiloHost.StartAsync(folder.Path, settings: new() { ["Svom:Bursts:AutomaticQuality"] = "256" });
        await PlayAsync(silo, wakeup: false);
        var request = Live with { Mode = ReplayMode.Resimulation };

        var one = (await Runner(silo, new()).RunAsync(request, null, default)).Value!;
        var other = (await Runner(silo, new() { AuthorTitle = "Another centre" }).RunAsync(request, null, default)).Value!;

        var titles = RunComparison.Differences(one, other).Where(static difference => difference.Field == "xml/VOEvent/Who/Author/title").ToArray();
        Assert.Equal(one.Notices, titles.Length);
        Assert.Contains(titles, static difference => difference.Notice == "sb26030101_eclairs-wakeup");
        Assert.All(titles, static difference => Assert.Equal("Another centre", difference.After));
        Assert.DoesNotContain(RunComparison.Differences(one, other), static difference => difference.Field == "content");
        Assert.All(one.Results.Single().Notices, static notice => Assert.Equal(notice.Id == "sb26030101_eclairs-wakeup", notice.Fields is not null));
    }

    [Fact]
    public async Task One_burst_is_replayed_by_its_own_records_and_an_unknown_one_is_refused()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);
        var runner = silo.Services.GetRequiredService<ReplayRunner>();

        var known = await runner.RunAsync(new(ReplayMode.Replay, Burst: "sb26030101"), null, default);
        Assert.Equal((1, 4, 0), (known.Value!.Bursts, known.Value!.Packets, known.Value!.DifferencesFound));
        Assert.Equal(Outcomes.RefusalCode.NotFound, (await runner.RunAsync(new(ReplayMode.Replay, Burst: "sb26030199"), null, default)).Refusal!.Code);
        Assert.Equal(Outcomes.RefusalCode.Invalid, (await runner.RunAsync(new(ReplayMode.Replay, "drill", "sb26030101"), null, default)).Refusal!.Code);
        var other = await runner.RunAsync(Live with { To = DateTimeOffset.UnixEpoch }, null, default);
        Assert.Equal((0, 0), (other.Value!.Bursts, other.Value!.Notices));
    }

    [Fact]
    public async Task A_replay_whose_silo_stops_in_the_middle_is_begun_again_and_ends()
    {
        string id;
        await using (var silo = await SiloHost.StartAsync(folder.Path, with: static services => services.RemoveAll<ReplayRunner>().AddSingleton(Stuck)))
        {
            await PlayAsync(silo);
            id = (await silo.Grains.GetGrain<IReplayDeskGrain>(0).StartAsync(Live, "tester", default)).Value!.Id;
            Assert.Equal(ReplayStatus.Running, (await UntilAsync(silo, id, static replay => replay.Attempts == 1)).Status);
        }

        await using var next = await SiloHost.StartAsync(folder.Path);
        var done = await UntilEndedAsync(next, id);
        Assert.Equal((ReplayStatus.Done, 0), (done.Status, done.Report!.DifferencesFound));
        Assert.True(done.Attempts > 1);
    }

    private static ReplayRunner Stuck(IServiceProvider services) => new(
        services.GetRequiredService<IPacketLog>(), new StuckReads(services.GetRequiredService<IEventStore>()), services.GetRequiredService<IOptions<BurstOptions>>(), TimeProvider.System);

    private static ReplayRunner Runner(SiloHost silo, BurstOptions options) =>
        new(silo.Services.GetRequiredService<IPacketLog>(), silo.Services.GetRequiredService<IEventStore>(), Options.Create(options), TimeProvider.System);

    private static Task<ReplayView> UntilEndedAsync(SiloHost silo, string id) => UntilAsync(silo, id, static replay => replay.Status is not ReplayStatus.Running);

    private static async Task<ReplayView> UntilAsync(SiloHost silo, string id, Func<ReplayView, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var view = (await silo.Grains.GetGrain<IReplayGrain>(id).GetAsync(patience.Token)).Value!;
            if (wanted(view))
            {
                return view;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    private static async Task PlayAsync(SiloHost silo, bool wakeup = true)
    {
        Reception[] heard = [Frames.Heard(Frames.Grm()), .. Enumerable.Range(0, 3).Select(static n => Frames.Heard(Frames.Alert(4711, n, 12.5 + n, sequenceCount: n)))];
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. heard]), default)).Accepted);
        if (wakeup)
        {
            await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/eclairs-wakeup");
        }

        await silo.Grains.GetGrain<ISequencerGrain>(PacketDefinitions.Current.SpacecraftName).CatchUpAsync(default);
        await silo.Transport.UntilAsync(static message =>
            message.Topic.EndsWith("/events", StringComparison.Ordinal) && System.Text.Encoding.UTF8.GetString(message.Payload.Span).Contains("ECLAIRs alert 2", StringComparison.Ordinal));
    }
}
