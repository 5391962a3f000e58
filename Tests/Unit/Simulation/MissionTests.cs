using System.Security.Cryptography;
using Svom.Packets;

namespace Svom.Simulation;

public sealed class MissionTests
{
    private const int Seed = 5;
    private static readonly DateTimeOffset Begin = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1.8);
    private static readonly Mission Day = Mission.Make(Seed, Begin, TimeSpan.FromDays(1), 6);
    private static readonly IReadOnlyList<PlannedEvent> Events = [.. Day.Traffic().Events()];

    [Fact]
    public void The_same_seed_gives_the_same_mission_octet_by_octet()
    {
        Assert.Equal(Digest(Day), Digest(Mission.Make(Seed, Begin, Day.Length, 6)));
        Assert.NotEqual(Digest(Day), Digest(Mission.Make(Seed + 1, Begin, Day.Length, 6)));
    }

    [Fact]
    public void A_packet_goes_on_the_air_each_turn_all_day_long_and_a_few_dozen_are_under_way_at_once()
    {
        var traffic = Day.Traffic();
        Assert.Equal(Events.Count, traffic.Events().Count());
        Assert.Equal((long)(Day.Length / Turn) + Day.Bursts.Sum(static burst => burst.Facts.Count), traffic.Packets);
        Assert.InRange(traffic.Unheard, 1, traffic.Packets / 2);
        Assert.InRange(traffic.MostUnderWay, 10, 100);
        var kinds = Whole().DistinctBy(static heard => Convert.ToHexString(heard.Octets.Span)).Select(static heard => PacketDefinitions.Current.Decode(heard.Octets.Span)).ToList();
        Assert.All(kinds, static packet => Assert.True(packet.AllInRange));
        Assert.True(kinds.Select(static packet => packet.Kind).Distinct().Count() > 8);
    }

    [Fact]
    public void Everything_arrives_in_order_and_an_act_after_what_was_heard_by_then()
    {
        Assert.All(Events.Zip(Events.Skip(1)), static pair => Assert.True(pair.First.At < pair.Second.At || (pair.First.At == pair.Second.At && pair is not { First: PlannedAct, Second: PlannedReception })));
        Assert.NotEmpty(Events.OfType<PlannedAct>());
    }

    [Fact]
    public void Every_fact_is_heard_whole_in_the_order_of_the_stories()
    {
        var firsts = Whole().Where(static heard => heard.Fact is not null).DistinctBy(static heard => Convert.ToHexString(heard.Octets.Span)).ToList();
        Assert.Equal(Day.Bursts.SelectMany(static burst => burst.Facts).OrderBy(static fact => fact.OnAir).Select(static fact => fact.Fact), firsts.Select(static heard => heard.Fact));
    }

    [Fact]
    public void Bursts_follow_each_other_while_the_one_before_is_still_told_and_stay_two()
    {
        Assert.Equal(6, Day.Bursts.DistinctBy(static burst => burst.Kind).Count());
        var pairs = Day.Bursts.Zip(Day.Bursts.Skip(1)).ToList();
        Assert.All(pairs, static pair => Assert.True(pair.Second.T0 - pair.First.T0 > TimeSpan.FromMinutes(6)));
        Assert.Contains(pairs, static pair => pair.Second.Begins < pair.First.Ends + TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void A_station_that_is_out_of_service_hears_nothing()
    {
        Assert.Equal([StationOutage.All, StationOutage.Region, StationOutage.Station], Day.Outages.Select(static outage => outage.Kind).Order(StringComparer.Ordinal));
        Assert.All(Day.Outages, static outage => Assert.DoesNotContain(Events.OfType<PlannedReception>(), heard =>
            outage.Stations.Contains(heard.Station) && heard.ReceivedAt > outage.From + TimeSpan.FromSeconds(5) && heard.ReceivedAt < outage.To));
        Assert.All(Day.Outages.Where(static outage => outage.Kind != StationOutage.All), static outage => Assert.NotEmpty(outage.Missed));
    }

    [Fact]
    public void Stations_lose_break_repeat_and_delay_at_rates_that_can_be()
    {
        var all = Events.OfType<PlannedReception>().ToList();
        double Share(Func<PlannedReception, bool> such) => (double)all.Count(such) / all.Count;
        Assert.InRange(Share(static heard => heard.At > heard.ReceivedAt.AddMinutes(1)), 0.003, 0.007);
        Assert.InRange((double)(all.Count - Whole().Count()) / all.Count, 0.005, 0.15);
        Assert.InRange(1 - ((double)all.DistinctBy(static heard => (heard.Station, heard.ReceivedAt, Convert.ToHexString(heard.Octets.Span))).Count() / all.Count), 0.005, 0.015);
    }

    [Fact]
    public void A_mission_that_is_too_short_for_its_bursts_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => { Mission.Make(1, Begin, TimeSpan.FromHours(1), 1); });
        Assert.Throws<ArgumentOutOfRangeException>(static () => { Mission.Make(1, Begin, TimeSpan.FromHours(7), 100); });
    }

    private static IEnumerable<PlannedReception> Whole() => Events.OfType<PlannedReception>().Where(static heard => FrameCheck.Inspect(heard.Octets.Span).Verdict == FrameVerdict.Valid);

    private static string Digest(Mission mission)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var happening in mission.Traffic().Events())
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"{happening.At.UtcTicks} {(happening as PlannedReception)?.Station} {(happening as PlannedReception)?.ReceivedAt.UtcTicks}")));
            hash.AppendData(happening is PlannedReception heard ? heard.Octets.Span : []);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
