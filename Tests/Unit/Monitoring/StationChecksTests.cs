using Svom.Monitoring;
using Svom.Sky;
using Svom.Stations;
using Svom.Support;
using Svom.Unit.Sky;

namespace Svom.Unit.Monitoring;

/// <summary>Blame is split: one silent station among hearing neighbours, or a silent satellite.</summary>
public sealed class StationChecksTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly OrbitState Orbit = OrbitTests.Circular(130, 0, 30, 7003, Start);
    private static readonly OrbitTrack Track = OrbitTrack.Of(Orbit, Start, TimeSpan.FromHours(12));
    private readonly HeardTraffic traffic = new(Start);
    private readonly StationWatchOptions options = new();
    private WatchState state = WatchState.Empty;
    private readonly WatchFold fold;
    private int read;

    public StationChecksTests()
    {
        fold = new(StationList.Bundled, options, null);

        // Everybody is in service, and the orbit is known.
        traffic.Packet(StationList.Bundled.Select(static station => station.Id));
        traffic.Orbit(Orbit.To(traffic.Now), "NCL1");
    }

    [Fact]
    public void One_station_that_does_not_hear_what_lower_ones_hear_is_one_alarm_and_ends_when_it_hears()
    {
        var told = Run(minutes: 95, static (_, seeing) => seeing.Where(static station => station != "GUM1"));
        Assert.Equal(["silent-station.GUM1"], told.Select(static alarm => alarm.Id));
        Assert.True(told[0].Raised);
        Assert.Contains("missed", told[0].Evidence, StringComparison.Ordinal);
        Assert.Contains("gum1@example.org", told[0].Action, StringComparison.Ordinal);

        told = Run(minutes: 100, static (_, seeing) => seeing);
        Assert.Equal([("silent-station.GUM1", false)], told.Select(static alarm => (alarm.Id, alarm.Raised)));
        Assert.Empty(state.Conditions);
    }

    [Fact]
    public void A_network_in_which_only_the_best_placed_hear_alarms_nobody() => Assert.Empty(Run(minutes: 200, static (_, seeing) => seeing.Take(2)));

    [Fact]
    public void A_satellite_that_nobody_hears_is_one_alarm_of_its_own()
    {
        Run(minutes: 5, static (_, seeing) => seeing);
        var told = Run(minutes: 95, static (_, _) => []);
        Assert.Equal(["silent-satellite"], told.Select(static alarm => alarm.Id));
        Assert.Equal(AlarmPriority.High, told[0].Priority);
        Assert.Contains("stood above", told[0].Evidence, StringComparison.Ordinal);
        Assert.Equal([("silent-satellite", false)], Run(minutes: 95, static (_, seeing) => seeing).Select(static alarm => (alarm.Id, alarm.Raised)));
    }

    [Fact] // A lost region: its neighbours tell which stations are silent; then the satellite passes where nobody else would hear it.
    public void Stations_that_are_known_to_be_silent_are_no_witnesses_against_the_satellite()
    {
        string[] lost = ["KEN1", "MOZ1", "MUS1", "MYT1", "REU1", "SYC1", "ZAF1"];
        Run(minutes: 5, static (_, seeing) => seeing);
        var told = Run(minutes: 700, (_, seeing) => seeing.Except(lost, StringComparer.Ordinal));
        var silent = told.Where(static alarm => alarm.Kind == StationChecks.SilentStation).ToList();
        Assert.True(silent.Count(static alarm => alarm.Raised) > 2);
        Assert.All(told.Where(static alarm => alarm is { Kind: StationChecks.SilentSatellite, Raised: true }), satellite => Assert.DoesNotContain(
            silent.Where(alarm => alarm.Raised && alarm.At < satellite.At), known => satellite.Evidence.Contains(known.Station!, StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_an_orbit_the_limits_of_silence_hold()
    {
        (options.OrbitAge, options.SilenceLimit, options.NetworkSilence) = (TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(1.5));
        var told = Run(minutes: 190, static (_, _) => ["PYF1"]);
        Assert.DoesNotContain(told, static alarm => alarm.Id == "silent-satellite");
        Assert.Contains("silent-station.NCL1", told.Select(static alarm => alarm.Id));
        Assert.Contains(told, static alarm => alarm.Evidence.Contains("no orbit is known", StringComparison.Ordinal));
        told = Run(minutes: 100, static (_, _) => []);
        Assert.Equal(["silent-satellite"], told.Where(static alarm => alarm.Raised).Select(static alarm => alarm.Id));
    }

    [Fact]
    public void Nothing_that_never_delivered_is_missed()
    {
        var (empty, quiet) = (new WatchFold(StationList.Bundled, options, null), new HeardTraffic(Start));
        quiet.Orbit(Orbit, "WLF1");
        var taken = Taken(WatchState.Empty, empty, quiet.Log);
        for (var minute = 1; minute < 10; minute++)
        {
            Assert.DoesNotContain(
                StationChecks.Check(taken, empty, StationList.Bundled, options, Start.AddMinutes(minute - 1), Start.AddMinutes(minute)).Record.Conditions,
                static condition => condition.Id.StartsWith("silent-station", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Broken_frames_and_late_packets_alarm_the_station_that_brings_them()
    {
        var told = Run(minutes: 60, (_, seeing) =>
        {
            traffic.Broken("REU1");
            return seeing;
        });
        Assert.Equal(["crc-failures.REU1"], told.Select(static alarm => alarm.Id));
        Assert.Equal([("crc-failures.REU1", false)], Run(minutes: 300, static (_, seeing) => [.. seeing, "REU1"]).Select(static alarm => (alarm.Id, alarm.Raised)));

        told = Run(minutes: 200, static (_, seeing) => seeing, delay: TimeSpan.FromMinutes(3));
        Assert.NotEmpty(told);
        Assert.All(told, static alarm => Assert.Equal(("late-delivery", true), (alarm.Kind, alarm.Raised)));
    }

    [Fact]
    public void An_uneventful_minute_writes_nothing()
    {
        Run(minutes: 1, static (_, seeing) => seeing);
        var now = traffic.Now;
        Assert.Null(StationChecks.Check(state, fold, StationList.Bundled, options, now, now.AddSeconds(1)).ToTransition());
    }

    /// <summary>Lets time go by with a check each minute.</summary>
    /// <param name="hearing">Who hears a packet, of those that see the satellite, highest first.</param>
    private List<AlarmMessage> Run(int minutes, Func<int, IReadOnlyList<string>, IEnumerable<string>> hearing, TimeSpan delay = default)
    {
        var told = new List<AlarmMessage>();
        for (var minute = 0; minute < minutes; minute++)
        {
            var since = traffic.Now;
            for (var n = 0; n < 30; n++)
            {
                var seeing = HeardTraffic.Seeing(Track, traffic.Now);
                traffic.Packet(hearing(n, seeing), delay: delay);
            }

            var later = traffic.Now + TimeSpan.FromSeconds(20) + delay;
            state = Taken(state, fold, [.. traffic.Log.Skip(read)]);
            read = traffic.Log.Count;
            var findings = StationChecks.Check(state, fold, StationList.Bundled, options, since + TimeSpan.FromSeconds(20) + delay, later);
            state = WatchState.Apply(state, findings.Record);
            told.AddRange(findings.Told);
        }

        return told;
    }

    private static WatchState Taken(WatchState state, WatchFold fold, IReadOnlyList<Svom.Packets.LoggedReception> receptions) =>
        WatchCommit.Of(new("svom"), fold.Take(receptions, state.Position + receptions.Count), fold).Records.Aggregate(state, WatchState.Apply);
}
