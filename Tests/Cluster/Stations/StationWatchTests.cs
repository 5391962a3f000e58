using Microsoft.Extensions.DependencyInjection;
using Svom.EventStore;
using Svom.Monitoring;
using Svom.Packets;
using Svom.Packets.Recovery;
using Svom.Sky;
using Svom.Stations;
using Svom.Support;
using Svom.Unit.Sky;

namespace Svom.Cluster.Stations;

/// <summary>The watch in a silo with real stores. Time is what the receptions and the checks say it is.</summary>
public sealed class StationWatchTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly OrbitState Orbit = OrbitTests.Circular(130, 0, 30, 7003, Start);
    private static readonly OrbitTrack Track = OrbitTrack.Of(Orbit, Start, TimeSpan.FromHours(6));
    private readonly TemporaryFolder folder = new();
    private DateTimeOffset now = Start;
    private int packets;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_silent_station_is_one_alarm_until_it_hears_and_a_silent_satellite_another()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await HearAsync(silo, StationList.Bundled.Select(static station => station.Id));
        await HearAsync(silo, ["NCL1"], new OrbitPacket(now, Track.At(now), Orbit.To(now).Velocity).ToFrame(1, now));

        await MinutesAsync(silo, 15, static seeing => seeing.Where(static station => station != "GUM1"));
        var alarm = Assert.Single(await AlarmsAsync(silo, 1));
        Assert.Equal(("silent-station.GUM1", AlarmState.Unacknowledged, 1), (alarm.Id, alarm.State, alarm.Occurrences));
        Assert.Equal(StationStatus.Silent, (await StationAsync(silo, "GUM1")).Status);

        // Acknowledged, shelved, and still there after a restart: nothing of it is in memory alone.
        var grain = silo.Grains.GetGrain<IAlarmGrain>(alarm.Id);
        Assert.Equal(AlarmState.Acknowledged, (await grain.AcknowledgeAsync("ann", "called", default)).Value!.State);
        await MinutesAsync(silo, 95, static seeing => seeing);
        alarm = Assert.Single(await AlarmsAsync(silo, 1, static alarm => alarm.State == AlarmState.Normal));
        Assert.NotNull(alarm.Returned);
        Assert.Equal(StationStatus.Hearing, (await StationAsync(silo, "GUM1")).Status);

        await MinutesAsync(silo, 95, static _ => []);
        var alarms = await AlarmsAsync(silo, 2);
        Assert.Equal(["silent-satellite"], alarms.Where(static alarm => alarm.Active).Select(static alarm => alarm.Id));
    }

    [Fact]
    public async Task After_a_restart_the_watch_goes_on_where_it_stood_and_its_reminder_is_still_there()
    {
        await using (var silo = await SiloHost.StartAsync(folder.Path))
        {
            await HearAsync(silo, ["NCL1", "GUM1"]);
            await Watch(silo).CatchUpAsync(default);
            await SumsAsync(silo, null, 2);
            Assert.Single(await RemindersAsync(silo));
        }

        await using (var silo = await SiloHost.StartAsync(folder.Path))
        {
            var reminder = Assert.Single(await RemindersAsync(silo));
            Assert.Equal(TimeSpan.FromMinutes(1), reminder.Period); // Not more than once a minute.
            await HearAsync(silo, ["NCL1", "GUM1"]);
            await Watch(silo).CatchUpAsync(default);
            await SumsAsync(silo, null, 4);
            Assert.Equal((2, 2), ((await StationAsync(silo, "NCL1")).Counts.Receptions, (await StationAsync(silo, "GUM1")).Counts.Valid));
        }
    }

    [Fact]
    public async Task A_rehearsal_is_counted_by_itself_and_its_silence_alarms_nobody()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await HearAsync(silo, ["NCL1", "GUM1", "new-one"], session: "drill");
        var watch = silo.Grains.GetGrain<IStationWatchGrain>("svom~drill");
        for (var minute = 0; minute < 20; minute++)
        {
            await watch.CheckAsync(now.AddDays(2).AddMinutes(minute), default);
        }

        await SumsAsync(silo, "drill", 3);
        Assert.Empty(await AlarmsAsync(silo, 0));
        Assert.Equal(StationStatus.NeverHeard, (await StationAsync(silo, "NCL1")).Status);
        var drill = (await silo.Grains.GetGrain<IStationQueryGrain>(0).FindAsync(new("drill", StationStatus.Unlisted), default)).Value!;
        Assert.Equal("new-one", Assert.Single(drill.Items).Id);
    }

    [Fact]
    public async Task What_is_delivered_is_counted_without_being_asked()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([Frames.Heard(Frames.Grm()), Frames.Heard(Frames.Grm(), "REU1")]), default)).Accepted);
        await SumsAsync(silo, null, 2);
        var page = (await silo.Grains.GetGrain<IStationQueryGrain>(0).FindAsync(new(Limit: 40), default)).Value!;
        Assert.Equal(40, page.Items.Length);
        var rest = (await silo.Grains.GetGrain<IStationQueryGrain>(0).FindAsync(new(Cursor: page.Next), default)).Value!;
        Assert.Equal(56, page.Items.Concat(rest.Items).Select(static station => station.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Null(rest.Next);
    }

    [Fact] // From three broken copies to the whole one, with the real log and the real vote between.
    public async Task A_whole_copy_after_a_recovery_counts_as_the_first_one_and_tells_the_orbit()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var frame = new OrbitPacket(now, Track.At(now), Orbit.To(now).Velocity).ToFrame(1, now);
        var (log, live) = (silo.Services.GetRequiredService<IPacketLog>(), new FeedId("svom"));
        foreach (var (station, bit) in new[] { ("NCL1", 5), ("GUM1", 105), ("FJI1", 205) })
        {
            var octets = (byte[])frame.Clone();
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
            octets[(bit + 37) / 8] ^= (byte)(1 << ((bit + 37) % 8));
            await log.AppendAsync([ReceptionRules.Check(new(station, now.AddSeconds(1), octets))], now.AddSeconds(1), default);
        }

        Assert.Equal(1, (await silo.Grains.GetGrain<IRecoveryGrain>("svom").CatchUpAsync(default)).Recovered);
        await UntilAsync(() => log.HeadAsync(live, default), static head => head == 4);
        await Watch(silo).CatchUpAsync(default);
        await SumsAsync(silo, null, 3);
        Assert.Null(await WatchCommit.OrbitAsync(silo.Services.GetRequiredService<IEventStore>(), live, default));

        now = now.AddMinutes(30);
        foreach (var station in new[] { "KEN1", "WLF1" })
        {
            await log.AppendAsync([ReceptionRules.Check(new(station, now, frame))], now, default);
        }

        await Watch(silo).CatchUpAsync(default);
        await SumsAsync(silo, null, 5);
        Assert.Equal(Start, (await WatchCommit.OrbitAsync(silo.Services.GetRequiredService<IEventStore>(), live, default))!.At);
        Assert.Equal(
            (1.0, 0.0, (double?)null),
            ((await StationAsync(silo, "KEN1")).Counts.FirstShare, (await StationAsync(silo, "WLF1")).Counts.FirstShare, (await StationAsync(silo, "NCL1")).Counts.FirstShare));
    }

    private static IStationWatchGrain Watch(SiloHost silo) => silo.Grains.GetGrain<IStationWatchGrain>("svom");

    private async Task MinutesAsync(SiloHost silo, int minutes, Func<IReadOnlyList<string>, IEnumerable<string>> hearing)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            for (var n = 0; n < 10; n++)
            {
                await HearAsync(silo, hearing(HeardTraffic.Seeing(Track, now)));
            }

            await Watch(silo).CheckAsync(now + TimeSpan.FromSeconds(20), default);
        }
    }

    /// <summary>One packet, six seconds after the one before.</summary>
    private async Task HearAsync(SiloHost silo, IEnumerable<string> stations, byte[]? frame = null, string? session = null)
    {
        var octets = frame ?? Frames.Grm(packets++, t0: now.AddSeconds(-2));
        CheckedReception[] receptions = [.. stations.Select(station => ReceptionRules.Check(new(station, now.AddSeconds(1), octets, Session: session)))];
        if (receptions.Length > 0)
        {
            await silo.Services.GetRequiredService<IPacketLog>().AppendAsync(receptions, now.AddSeconds(1), default);
        }

        now = now.AddSeconds(6);
    }

    private static async Task<StationView> StationAsync(SiloHost silo, string id) => (await silo.Grains.GetGrain<IStationQueryGrain>(0).GetAsync(id, null, default)).Value!;

    private static async Task SumsAsync(SiloHost silo, string? session, long receptions) => await UntilAsync(
        async () => (await silo.Grains.GetGrain<IStationQueryGrain>(0).FindAsync(new(session, Limit: 1000), default)).Value!.Items.Sum(static station => station.Counts.Receptions),
        sum => sum == receptions);

    /// <summary>What a check owes reaches its alarm by itself, soon after.</summary>
    private static async Task<IReadOnlyList<AlarmView>> AlarmsAsync(SiloHost silo, int count, Func<AlarmView, bool>? all = null) => await UntilAsync<IReadOnlyList<AlarmView>>(
        async () => (await silo.Grains.GetGrain<IAlarmQueryGrain>(0).FindAsync(new(), default)).Value!.Items,
        alarms => alarms.Count == count && alarms.All(all ?? (static _ => true)) && silo.Services.GetRequiredService<OwedDispatcher>().Outstanding == 0);

    private static async Task<IReadOnlyList<ReminderEntry>> RemindersAsync(SiloHost silo) => await UntilAsync<IReadOnlyList<ReminderEntry>>(
        async () => [.. (await silo.Services.GetRequiredService<IReminderTable>().ReadRows(0, uint.MaxValue)).Reminders], static reminders => reminders.Count > 0);

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var seen = await look();
            if (wanted(seen))
            {
                return seen;
            }

            Assert.False(patience.IsCancellationRequested, $"Not seen in time; what is: {seen}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
