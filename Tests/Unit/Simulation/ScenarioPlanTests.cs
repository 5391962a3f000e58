using CsCheck;
using Svom.Packets;
using Svom.Support;

namespace Svom.Simulation;

public sealed class ScenarioPlanTests
{
    private static readonly NetworkFaults Rough = new(7, Loss: 0.1, Duplicate: 0.1, Corrupt: 0.1, Late: 0.1, Shuffle: true);

    public static TheoryData<string> Names => [.. BundledScenarios.Names];

    [Fact]
    public void The_same_seed_gives_the_same_receptions_octet_by_octet()
    {
        var scenario = ScenarioReaderTests.Read(ScenarioReaderTests.Full);
        Assert.Equal(Print(ScenarioPlan.Make(scenario, Rough)), Print(ScenarioPlan.Make(scenario, Rough)));
        Assert.NotEqual(Print(ScenarioPlan.Make(scenario, Rough)), Print(ScenarioPlan.Make(scenario, Rough with { Seed = 8 })));
    }

    [Fact]
    public void A_story_with_a_mistyped_year_is_refused_before_it_fills_the_memory()
    {
        var scenario = ScenarioReaderTests.Bundled("sb26042105");
        var retract = new RetractFact(scenario.Grm!.T0.AddYears(100), "particle event", null);
        Assert.Contains("days apart", Assert.Throws<ScenarioException>(() => { ScenarioPlan.Make(scenario with { Retract = retract }, new()); }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_seed_changes_the_stations_and_not_the_packets()
    {
        var scenario = ScenarioReaderTests.Bundled("sb26042105");
        Assert.Equal(Frames(ScenarioPlan.Make(scenario, new(1))), Frames(ScenarioPlan.Make(scenario, new(2))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_fact_arrives_and_says_what_the_scenario_says(string name)
    {
        var scenario = ScenarioReaderTests.Bundled(name);
        var plan = ScenarioPlan.Make(scenario, new());
        var packets = Frames(plan).Select(static frame => PacketDefinitions.Current.Decode(Convert.FromHexString(frame))).ToList();

        Assert.All(packets, static packet => Assert.True(packet.AllInRange));
        var alerts = packets.Where(static packet => packet.Kind is PacketKind.EclairsAlert).Select(EclairsAlertPacket.From).OrderBy(static alert => alert.MessageCount).ToList();
        Assert.Equal(scenario.Eclairs?.Alerts.Count ?? 0, alerts.Count);
        foreach (var (alert, fact) in alerts.Zip(scenario.Eclairs?.Alerts ?? []))
        {
            Assert.Equal(fact.Snr.ToString("F2"), alert.Snr.ToString("F2"));
            Assert.True(alert.Position.SeparationFrom(fact.Position) < 0.00003);
            Assert.Equal((fact.WindowStart, fact.TimescaleSeconds, fact.Band, fact.Trigger), (alert.WindowStart, alert.TimescaleSeconds, alert.Band, alert.Trigger));
            Assert.Equal((fact.CatalogId, fact.SlewRequest, fact.Sending.Place is null), (alert.CatalogId, alert.SlewRequest, alert.Satellite.Place is null));
            Assert.Equal((scenario.Eclairs!.T0, plan.Observation), (alert.SequenceT0, alert.ObservationId));
            Assert.Equal(fact.Sending.Attitude.Roll, alert.Satellite.Attitude.ToAttitude().Roll, 0.001);
        }

        var grm = packets.Where(static packet => packet.Kind is PacketKind.GrmTrigger).Select(GrmTriggerPacket.From).SingleOrDefault();
        Assert.Equal((scenario.Grm?.T0, scenario.Grm?.Detectors, scenario.Grm?.Snr.ToString("F2")), (grm?.T0, grm?.Detectors, grm?.Snr.ToString("F2")));
        Assert.True(grm?.Position is null || grm.Position.Value.SeparationFrom(scenario.Grm!.Position!.Value) < 0.00003);
        foreach (var (mxt, fact) in packets.Where(static packet => packet.Kind is PacketKind.MxtPosition).Select(MxtPositionPacket.From).Zip(scenario.Mxt))
        {
            Assert.True(mxt.Position.SeparationFrom(fact.Position) < 0.00003);
            Assert.Equal((fact.Time, (int)fact.Snr, fact.StatisticalRadiusArcsec, fact.Flux), (mxt.ObservedAt, mxt.Snr, mxt.StatisticalRadiusArcsec, mxt.Flux));
            Assert.Equal((fact.WithinEclairsR90, fact.UseVtAttitude), (mxt.WithinEclairsR90, mxt.UseVtAttitude));
        }

        Assert.Equal(scenario.Mxt.Count, packets.Count(static packet => packet.Kind is PacketKind.MxtPosition));
        Assert.Equal(scenario.Eclairs?.Slew is null ? 0 : 1, packets.Count(static packet => packet.Kind is PacketKind.EclairsSlewStatus));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Recurrent_packets_flow_from_a_minute_before_until_nine_minutes_after(string name)
    {
        var scenario = ScenarioReaderTests.Bundled(name);
        var plan = ScenarioPlan.Make(scenario, new());
        var recurrent = Frames(plan).Select(static frame => PacketDefinitions.Current.Decode(Convert.FromHexString(frame)))
            .Where(static packet => packet.Kind is PacketKind.EclairsRecurrent).OrderBy(static packet => packet.PacketTime).ToList();
        var facts = plan.Events.Where(static happening => happening is PlannedAct or PlannedReception { Fact: not null }).Select(static happening => happening.At).ToList();

        Assert.True(recurrent[0].PacketTime <= facts.Min() - TimeSpan.FromMinutes(1));
        Assert.True(recurrent[^1].PacketTime >= facts.Max() + TimeSpan.FromMinutes(8.8));
        Assert.All(recurrent.Zip(recurrent.Skip(1)), static pair =>
        {
            Assert.True(pair.Second.PacketTime - pair.First.PacketTime < TimeSpan.FromSeconds(56));
            Assert.Equal(0, SequenceCounts.Missing(pair.First.SequenceCount, pair.Second.SequenceCount));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_to_four_known_stations_hear_a_packet_within_three_seconds(string name)
    {
        var plan = ScenarioPlan.Make(ScenarioReaderTests.Bundled(name), new());
        var codes = StationNetwork.All.Select(static station => station.Code).ToHashSet();
        Assert.Equal(56, codes.Count);
        Assert.All(Receptions(plan).GroupBy(static reception => Convert.ToHexString(reception.Octets.Span)), copies =>
        {
            Assert.InRange(copies.Count(), 1, 4);
            Assert.Equal(copies.Count(), copies.Select(static copy => copy.Station).Distinct().Count());
            Assert.True(copies.Max(static copy => copy.ReceivedAt) - copies.Min(static copy => copy.ReceivedAt) < TimeSpan.FromSeconds(3));
            Assert.All(copies, copy => Assert.Contains(copy.Station, codes));
        });
    }

    [Fact]
    public void Nothing_is_heard_before_the_scenario_allows()
    {
        var scenario = ScenarioReaderTests.Bundled("sb26051101");
        var heard = scenario.Eclairs!.Alerts[1].Sending.HeardAt!.Value;
        var second = Receptions(ScenarioPlan.Make(scenario, Rough with { Corrupt = 0 })).Where(static reception => reception.Fact == "ECLAIRs alert with slew request").ToList();
        Assert.NotEmpty(second);
        Assert.All(second, reception => Assert.True(reception.ReceivedAt > heard && reception.At > heard));
    }

    [Fact]
    public void Facts_become_known_in_the_order_in_which_they_go_on_the_air() => Gen.Int[0, 10_000].Sample(
        static seed =>
        {
            var firsts = Receptions(ScenarioPlan.Make(ScenarioReaderTests.Bundled("eclairs-alone"), new(seed))).Where(static reception => reception.Fact is not null)
                .DistinctBy(static reception => Convert.ToHexString(reception.Octets.Span))
                .Select(static reception => EclairsAlertPacket.From(PacketDefinitions.Current.Decode(reception.Octets.Span)).MessageCount);
            Assert.Equal([0, 1], firsts);
        },
        iter: 30);

    [Fact]
    public void An_act_stands_after_all_that_came_before_it_and_before_all_that_comes_later()
    {
        var plan = ScenarioPlan.Make(ScenarioReaderTests.Bundled("sb26030408"), Rough);
        var acts = plan.Events.Select(static (happening, n) => (happening, n)).Where(static entry => entry.happening is PlannedAct).ToList();
        Assert.Equal([PlannedAct.Validate, PlannedAct.Retract], acts.Select(static entry => ((PlannedAct)entry.happening).Act));
        Assert.All(acts, entry =>
        {
            Assert.All(plan.Events.Take(entry.n), earlier => Assert.True(earlier.At <= entry.happening.At));
            Assert.All(plan.Events.Skip(entry.n), later => Assert.True(later.At >= entry.happening.At));
        });
    }

    [Fact]
    public void Acts_of_one_time_validate_before_they_retract()
    {
        var scenario = ScenarioReaderTests.Bundled("sb26030408");
        var plan = ScenarioPlan.Make(scenario with { Retract = scenario.Retract! with { At = scenario.Eclairs!.ValidatedAt!.Value } }, new());
        Assert.Equal([PlannedAct.Validate, PlannedAct.Retract], plan.Events.OfType<PlannedAct>().Select(static act => act.Act));
    }

    [Fact]
    public void Quality_asks_for_an_expert_only_where_the_scenario_has_one()
    {
        static int Quality(string name) => Receptions(ScenarioPlan.Make(ScenarioReaderTests.Bundled(name), new())).Where(static reception => reception.Fact?.StartsWith("ECLAIRs", StringComparison.Ordinal) == true)
            .Select(static reception => EclairsAlertPacket.From(PacketDefinitions.Current.Decode(reception.Octets.Span)).Quality).Distinct().Single();
        Assert.Equal((255, 128), (Quality("eclairs-alone"), Quality("sb26042105")));
    }

    [Fact]
    public void The_network_has_the_faults_that_were_asked_for()
    {
        var scenario = ScenarioReaderTests.Bundled("sb26042105");
        var clean = Receptions(ScenarioPlan.Make(scenario, new(7))).Count;
        var rough = ScenarioPlan.Make(scenario, Rough);
        var receptions = Receptions(rough);
        var distinct = receptions.DistinctBy(static reception => (reception.Station, reception.ReceivedAt, Convert.ToHexString(reception.Octets.Span))).Count();

        Assert.InRange(rough.Lost, clean * 0.05, clean * 0.15);
        Assert.InRange(receptions.Count - distinct, clean * 0.05, clean * 0.15);
        Assert.InRange(receptions.Count(static reception => FrameCheck.Inspect(reception.Octets.Span).Verdict is FrameVerdict.BadCrc), clean * 0.05, clean * 0.15);
        Assert.InRange(receptions.Count(static reception => reception.At - reception.ReceivedAt > TimeSpan.FromMinutes(1)), clean * 0.04, clean * 0.15);
        Assert.All(receptions, static reception => Assert.True(reception.At >= reception.ReceivedAt));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(double.PositiveInfinity)]
    public void Played_now_no_mission_time_runs_ahead_of_the_clock(double speed)
    {
        var now = new DateTimeOffset(2026, 11, 23, 2, 30, 0, 123, TimeSpan.Zero);
        var options = new PlayOptions(speed, PlayAt.Now, "s", new());
        var plan = ScenarioPlan.Make(options.Place(ScenarioReaderTests.Bundled("sb26042105"), now), new());

        Assert.All(plan.Events, happening => Assert.True(happening.At <= now + ((happening.At - plan.Begins) / speed)));
        Assert.True(now - (double.IsInfinity(speed) ? plan.Ends : plan.Begins) < (speed == 10 ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(1.001)));
    }

    private static List<PlannedReception> Receptions(ScenarioPlan plan) => [.. plan.Events.OfType<PlannedReception>()];

    private static List<string> Frames(ScenarioPlan plan) =>
        [.. Receptions(plan).Select(static reception => Convert.ToHexString(reception.Octets.Span)).Distinct().Order()];

    private static List<string> Print(ScenarioPlan plan) => [.. plan.Events.Select(static happening => happening is PlannedReception reception
        ? $"{reception.At:O} {reception.Station} {reception.ReceivedAt:O} {reception.SignalDbm} {Convert.ToHexString(reception.Octets.Span)}"
        : happening.ToString()!)];
}
