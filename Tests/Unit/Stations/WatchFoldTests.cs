using CsCheck;
using Svom.Packets;
using Svom.Sky;
using Svom.Stations;
using Svom.Support;
using Svom.Unit.Sky;

namespace Svom.Unit.Stations;

/// <summary>What stations delivered follows from the log alone.</summary>
public sealed class WatchFoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly StationWatchOptions Options = new();

    [Fact]
    public void Whatever_the_pieces_and_wherever_it_died_the_sums_are_the_same() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[50, 3_000], Gen.Int[1, 700]).Sample(static (seed, packets, most) =>
    {
        var random = new Random(seed);
        var log = Invented(random, packets);
        var whole = Sums(log, () => log.Count, () => false);
        var pieces = Sums(log, () => 1 + random.Next(most), () => random.Next(3) == 0);
        Assert.Equal(whole.Keys.Order(StringComparer.Ordinal), pieces.Keys.Order(StringComparer.Ordinal));
        Assert.All(whole, station => Assert.Equal(station.Value with { UpTo = 0 }, pieces[station.Key] with { UpTo = 0 }));
        Assert.Equal(log.Count, whole.Values.Sum(static station => station.Receptions));
    }, iter: 40);

    [Fact]
    public void Copies_are_held_against_the_majority_and_the_first_is_counted()
    {
        var traffic = new HeardTraffic(Start);
        for (var n = 0; n < 100; n++)
        {
            traffic.Packet(["NCL1", "FJI1", "WLF1"], otherwise: n % 10 == 0 ? "WLF1" : null);
            traffic.Packet(["FJI1", "NCL1"], otherwise: n % 10 == 0 ? "NCL1" : null); // One against one: nobody knows who is right.
        }

        Fill(traffic);
        var sums = Sums(traffic.Log, () => 100, () => false);
        Assert.Equal((100, 90, 0.9), (sums["WLF1"].Judged, sums["WLF1"].Agreed, sums["WLF1"].ToCounts().Agreement));
        Assert.Equal(sums["FJI1"].Judged, sums["FJI1"].Agreed);
        Assert.Equal(190, sums["NCL1"].Judged);
        Assert.Equal(110, sums["NCL1"].Firsts); // A content that nobody sent before is a first copy, too.
        Assert.Equal(110, sums["WLF1"].Firsts + 100);
    }

    [Fact]
    public void Broken_frames_repeats_and_names_that_no_list_knows_are_counted()
    {
        var traffic = new HeardTraffic(Start);
        traffic.Packet(["NCL1", "NCL1", "new-one"]);
        traffic.Broken("NCL1");
        var sums = Sums(traffic.Log, () => 10, () => false);
        Assert.Equal((3, 2, 1, 1), (sums["NCL1"].Receptions, sums["NCL1"].Valid, sums["NCL1"].Broken, sums["NCL1"].Repeats));
        Assert.Equal(1, sums["new-one"].Receptions);
    }

    [Fact]
    public void With_a_known_orbit_it_is_known_who_should_have_heard()
    {
        var orbit = OrbitTests.Circular(170, 0, 30, 7003, Start);
        var traffic = new HeardTraffic(Start);
        var track = OrbitTrack.Of(orbit, Start, TimeSpan.FromHours(1));
        traffic.Orbit(orbit, "NCL1");
        var heard = new Dictionary<string, (int Expected, int Heard)>(StringComparer.Ordinal);
        for (var n = 0; n < 400; n++)
        {
            var seeing = HeardTraffic.Seeing(track, traffic.Now);
            foreach (var (station, place) in seeing.Select(static (station, place) => (station, place)))
            {
                var (expected, before) = heard.GetValueOrDefault(station);
                heard[station] = (expected + 1, before + (place < 2 ? 1 : 0));
            }

            traffic.Packet(seeing.Count == 0 ? ["elsewhere"] : seeing.Take(2));
        }

        var packets = traffic.Log.Count;
        Fill(traffic);
        var sums = Sums(traffic.Log, () => 333, () => false, packets + PacketWindow.JudgedAfter);
        Assert.NotEmpty(heard);
        Assert.All(heard, station => Assert.InRange(sums[station.Key].Expected, station.Value.Expected, station.Value.Expected + 1)); // The orbit packet itself.
        Assert.All(heard, station => Assert.InRange(sums[station.Key].HeardOfExpected, station.Value.Heard, station.Value.Heard + 1));
    }

    [Fact] // The recovered one is nobody's and steers nothing; the first whole copy, however late, is the first one and is believed.
    public void The_first_whole_copy_of_a_recovered_orbit_packet_is_the_first_and_tells_the_orbit()
    {
        var orbit = OrbitTests.Circular(0, 0, 30, 7003, Start);
        var alone = new HeardTraffic(Start);
        alone.RecoveredOrbit(orbit, station: null, default);
        var fold = new WatchFold(StationList.Bundled, Options, null);
        var piece = fold.Take(alone.Log, alone.Log.Count);
        Assert.Null(piece.Orbit);
        Assert.Empty(piece.Book.Pages);

        var traffic = new HeardTraffic(Start);
        traffic.RecoveredOrbit(orbit, "NCL1", TimeSpan.FromHours(2));
        foreach (var inOnePiece in new[] { true, false })
        {
            fold = new(StationList.Bundled, Options, null);
            if (!inOnePiece)
            {
                fold.Take([traffic.Log[0]], 1);
            }

            piece = fold.Take([.. traffic.Log.Skip(inOnePiece ? 0 : 1)], 2);
            Assert.Equal(Start, piece.Orbit!.At);
            var page = Assert.Single(piece.Book.Pages).Page;
            Assert.Equal((1, 1, 1), (page.Receptions, page.Valid, page.Firsts));
        }
    }

    [Fact]
    public void An_orbit_that_cannot_be_steers_nothing()
    {
        var traffic = new HeardTraffic(Start);
        traffic.Orbit(OrbitTests.Circular(0, 0, 30, 7003, Start), "NCL1");
        traffic.Orbit(OrbitTests.Circular(0, 0, 30, 6400, Start.AddSeconds(2)), "NCL1"); // Inside the atmosphere.
        traffic.Orbit(OrbitTests.Circular(0, 0, 30, 7003, Start.AddSeconds(-60)), "NCL1"); // Older than the known one.
        var fold = new WatchFold(StationList.Bundled, Options, null);
        Assert.Equal(Start, fold.Take(traffic.Log, traffic.Log.Count).Orbit!.At);
    }

    private static List<LoggedReception> Invented(Random random, int packets)
    {
        var traffic = new HeardTraffic(Start);
        string[] stations = ["NCL1", "FJI1", "WLF1", "PYF1", "new-one"];
        traffic.Orbit(OrbitTests.Circular(170, 0, 30, 7003, Start), "NCL1");
        for (var n = 0; n < packets; n++)
        {
            var hearing = stations.Where(_ => random.Next(2) == 0).ToArray();
            random.Shuffle(hearing);
            traffic.Packet([.. hearing, .. hearing.Where(_ => random.Next(9) == 0)], random.Next(7) == 0 ? hearing.FirstOrDefault() : null);
            if (random.Next(5) == 0)
            {
                traffic.Broken(stations[random.Next(stations.Length)]);
            }
        }

        return [.. traffic.Log];
    }

    // Old packets are judged when enough came after them.
    private static void Fill(HeardTraffic traffic)
    {
        for (var n = 0; n < PacketWindow.JudgedAfter; n++)
        {
            traffic.Packet(["elsewhere"]);
        }
    }

    private static Dictionary<string, StationTally> Sums(IReadOnlyList<LoggedReception> log, Func<int> size, Func<bool> dies, int? upTo = null)
    {
        var (sums, fold, orbit) = (new Dictionary<string, StationTally>(StringComparer.Ordinal), new WatchFold(StationList.Bundled, Options, null), default(OrbitFix));
        for (var at = 0; at < (upTo ?? log.Count);)
        {
            var piece = fold.Take([.. log.Skip(at).Take(Math.Min(size(), (upTo ?? log.Count) - at))], 0);
            at += (int)piece.Book.Pages.Sum(static entry => entry.Page.Receptions);
            orbit = piece.Orbit ?? orbit;
            foreach (var (station, page) in piece.Book.Pages)
            {
                sums[station] = StationTally.Apply(sums.GetValueOrDefault(station) ?? StationTally.Empty, page.ToDelta(at));
                Assert.Equal(sums[station], StationTally.Apply(sums[station], page.ToDelta(at))); // Told twice, counted once.
            }

            if (dies())
            {
                fold = new(StationList.Bundled, Options, orbit);
                foreach (var reception in log.Take(at).TakeLast(PacketWindow.Kept))
                {
                    fold.Remember(reception);
                }
            }
        }

        return sums;
    }
}
