using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Support;
using Svom.Workflows;

namespace Svom.Cluster.Packets;

/// <summary>Replays that take their time, on clocks that are no clocks: nothing here waits for real.</summary>
public sealed class PacedReplayTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Mission time is known with the second packet, 04:13:22; with the third it is 04:13:39, with the fourth a second later.
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(18);
    private static readonly DateTimeOffset Last = new(2026, 3, 1, 4, 13, 40, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ReplayMode.Replay, null, 1)]
    [InlineData(ReplayMode.Replay, null, 10)]
    [InlineData(ReplayMode.Replay, null, 0.01)]
    [InlineData(ReplayMode.Replay, "sb26030101", 2)]
    [InlineData(ReplayMode.Resimulation, null, 1)]
    [InlineData(ReplayMode.Resimulation, "sb26030101", 0.5)]
    public async Task A_paced_replay_takes_the_time_of_the_mission_and_finds_what_a_fast_one_does(ReplayMode mode, string? burst, double speed)
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);
        var (time, told) = (new SkippingTime(Now), new Told());
        var request = new ReplayRequest(mode, Burst: burst, Speed: speed);

        var paced = (await Runner(silo, time).RunAsync(request, told, default)).Value!;

        var plain = (await Runner(silo, time).RunAsync(request with { Speed = null }, null, default)).Value!;
        Assert.Empty(RunComparison.Differences(plain, paced));
        Assert.Equal(0, paced.DifferencesFound);
        Assert.InRange((time.GetUtcNow() - Now).TotalSeconds, (Span / speed).TotalSeconds - 0.03, (Span / speed).TotalSeconds + 0.03);
        Assert.Equal((4, 4, 4, Last), (told.All[^1].Position, told.All[^1].Head, told.All[^1].Packets, told.All[^1].At));
        Assert.Equal(told.All.Select(static progress => progress.At).Order(), told.All.Select(static progress => progress.At));
        Assert.Equal(told.All.Select(static progress => progress.Position).Order(), told.All.Select(static progress => progress.Position));
        Assert.Contains(told.All, static progress => progress.Position == 2 && progress.Packets == 2);
    }

    [Fact]
    public async Task A_run_that_is_begun_again_waits_for_nothing_that_the_one_before_has_waited_for()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);
        foreach (var mode in Enum.GetValues<ReplayMode>())
        {
            var time = new SkippingTime(Now);
            var report = (await Runner(silo, time).RunAsync(new(mode, Speed: 1), null, default, after: 2)).Value!;
            Assert.Equal((4, 0), (report.Packets, report.DifferencesFound));
            Assert.InRange((time.GetUtcNow() - Now).TotalSeconds, 0.97, 1.03);
        }
    }

    [Fact]
    public async Task An_attempt_goes_on_at_the_pace_where_the_one_before_gave_its_last_sign_of_life()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path, with: static services => services.RemoveAll<ReplayRunner>().AddSingleton(static provider => Runner(provider, new HeldTime(Now))));
        await PlayAsync(silo);
        var request = new ReplayRequest(ReplayMode.Replay, Speed: 1);
        var id = (await silo.Grains.GetGrain<IReplayDeskGrain>(0).StartAsync(request, "tester", default)).Value!.Id;
        await UntilAsync(silo.Grains.GetGrain<IReplayGrain>(id), static view => view.Progress is { Position: 2 }); // The first attempt, which waits for ever.
        var (time, beats) = (new SkippingTime(Now), new List<long>());
        var info = new ActivityInfo(
            "default", new($"replay/{id}", "run"), "Replay", "queue", "1", "Play", 2, Now, Now, new(null, null, null, null), null, JsonPayloadConverter.Default.ToPayloads([2L, 4L]), default, IsLocal: false);
        var context = new ActivityExecutionContext(info, JsonPayloadConverter.Default, details => beats.Add(JsonPayloadConverter.Default.ToValue<long>(details[0])), default);

        await context.RunAsync(async () =>
        {
            await new ReplayActivities(Runner(silo, time), silo.Grains).PlayAsync(id, request);
            return true;
        });

        Assert.InRange((time.GetUtcNow() - Now).TotalSeconds, 0.97, 1.03); // Not the eighteen of the whole.
        Assert.All(beats, static position => Assert.InRange(position, 2, 4)); // One that dies on the way there has lost nothing.
        var done = (await silo.Grains.GetGrain<IReplayGrain>(id).GetAsync(default)).Value!;
        Assert.Equal((ReplayStatus.Done, 2, 0), (done.Status, done.Attempts, done.Report!.DifferencesFound));
    }

    [Fact]
    public async Task Time_is_kept_for_what_came_in_within_the_range_alone()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await PlayAsync(silo);
        var time = new SkippingTime(Now);
        Assert.Equal(4, (await Runner(silo, time).RunAsync(new(ReplayMode.Resimulation, From: Now.AddYears(100), Speed: 1), null, default)).Value!.Packets);
        Assert.Equal(0, (await Runner(silo, time).RunAsync(new(ReplayMode.Replay, From: Now.AddYears(100), Speed: 1), null, default)).Value!.Packets);
        Assert.Equal(Now, time.GetUtcNow());
    }

    [Theory, InlineData(ReplayMode.Replay), InlineData(ReplayMode.Resimulation)]
    public async Task A_replay_that_would_wait_for_hours_is_cancelled_at_once_and_its_place_is_free(ReplayMode mode)
    {
        var time = new HeldTime(Now);
        await using var silo = await SiloHost.StartAsync(folder.Path, with: services => services.RemoveAll<ReplayRunner>().AddSingleton(provider => Runner(provider, time)));
        await PlayAsync(silo);
        var desk = silo.Grains.GetGrain<IReplayDeskGrain>(0);
        var id = (await desk.StartAsync(new(mode, Speed: ReplayRequest.Slowest), "tester", default)).Value!.Id;
        var replay = silo.Grains.GetGrain<IReplayGrain>(id);
        await time.Waiting.WaitAsync(Patience);
        var running = await UntilAsync(replay, static view => view.Progress is { Position: 2 });
        Assert.Equal((ReplayStatus.Running, 4, new DateTimeOffset(2026, 3, 1, 4, 13, 22, TimeSpan.Zero)), (running.Status, running.Progress!.Head, running.Progress.At));
        Assert.Equal(ReplayRequest.Slowest, running.Request.Speed);
        Assert.True((await desk.StartAsync(new(mode, Speed: ReplayRequest.Slowest), "tester", default)).Accepted);
        Assert.Equal(RefusalCode.NotPossibleNow, (await desk.StartAsync(new(mode), "tester", default)).Refusal!.Code);
        Assert.Equal(RefusalCode.NotPossibleNow, (await desk.CompareAsync(id, id, default)).Refusal!.Code);

        var cancelled = (await replay.CancelAsync("keeper", default)).Value!;

        Assert.Equal((ReplayStatus.Cancelled, "Cancelled by keeper.", true), (cancelled.Status, cancelled.Detail, cancelled.EndedAt is not null));
        await time.Left.WaitAsync(Patience); // Whatever waited is gone.
        await Assert.ThrowsAsync<WorkflowFailedException>(() => silo.Services.GetRequiredService<WorkflowClient>().GetWorkflowHandle($"replay/{id}").GetResultAsync().WaitAsync(Patience));
        Assert.True((await desk.StartAsync(new(mode, Speed: ReplayRequest.Slowest), "tester", default)).Accepted);
        var again = (await replay.CancelAsync("another", default)).Value!;
        Assert.Equal(cancelled, again);
        Assert.Equal(ReplayStatus.Cancelled, (await desk.FindAsync(null, 10, default)).Value!.Items.Single(item => item.Id == id).Status);
        Assert.Equal(RefusalCode.NotFound, (await silo.Grains.GetGrain<IReplayGrain>("20261129091500123-ffffff").CancelAsync("keeper", default)).Refusal!.Code);
    }

    [Fact]
    public async Task A_cancelled_replay_stays_cancelled_over_a_restart_and_one_that_is_done_cannot_be_cancelled()
    {
        string id;
        await using (var silo = await SiloHost.StartAsync(folder.Path, with: static services => services.RemoveAll<ReplayRunner>().AddSingleton(static provider => Runner(provider, new HeldTime(Now)))))
        {
            await PlayAsync(silo);
            id = (await silo.Grains.GetGrain<IReplayDeskGrain>(0).StartAsync(new(ReplayMode.Replay, Speed: 1), "tester", default)).Value!.Id;
            Assert.True((await silo.Grains.GetGrain<IReplayGrain>(id).CancelAsync("keeper", default)).Accepted); // Perhaps before it began.
        }

        await using var next = await SiloHost.StartAsync(folder.Path);
        Assert.Equal(ReplayStatus.Cancelled, (await next.Grains.GetGrain<IReplayGrain>(id).GetAsync(default)).Value!.Status);
        var done = (await next.Grains.GetGrain<IReplayDeskGrain>(0).StartAsync(new(ReplayMode.Replay), "tester", default)).Value!.Id;
        await UntilAsync(next.Grains.GetGrain<IReplayGrain>(done), static view => view.Status is ReplayStatus.Done);
        Assert.Equal(RefusalCode.NotPossibleNow, (await next.Grains.GetGrain<IReplayGrain>(done).CancelAsync("keeper", default)).Refusal!.Code);
    }

    private static ReplayRunner Runner(SiloHost silo, TimeProvider time) => Runner(silo.Services, time);

    private static ReplayRunner Runner(IServiceProvider services, TimeProvider time) =>
        new(services.GetRequiredService<IPacketLog>(), services.GetRequiredService<IEventStore>(), services.GetRequiredService<IOptions<BurstOptions>>(), time);

    private static async Task<ReplayView> UntilAsync(IReplayGrain replay, Func<ReplayView, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var view = (await replay.GetAsync(patience.Token)).Value!;
            if (wanted(view))
            {
                return view;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task PlayAsync(SiloHost silo)
    {
        Reception[] heard = [Frames.Heard(Frames.Grm()), .. Enumerable.Range(0, 3).Select(static n => Frames.Heard(Frames.Alert(4711, n, 12.5 + n, sequenceCount: n)))];
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. heard]), default)).Accepted);
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/eclairs-wakeup");
        await silo.Grains.GetGrain<ISequencerGrain>(PacketDefinitions.Current.SpacecraftName).CatchUpAsync(default);
        await silo.Transport.UntilAsync(static message =>
            message.Topic.EndsWith("/events", StringComparison.Ordinal) && System.Text.Encoding.UTF8.GetString(message.Payload.Span).Contains("ECLAIRs alert 2", StringComparison.Ordinal));
    }

    private sealed class Told : IProgress<ReplayProgress>
    {
        public List<ReplayProgress> All { get; } = [];

        public void Report(ReplayProgress value) => All.Add(value);
    }
}
