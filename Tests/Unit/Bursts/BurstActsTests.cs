using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Svom.Bursts;
using Svom.Outcomes;
using Svom.Support;
using static Svom.Support.InventedBursts;

namespace Svom.Unit.Bursts;

public sealed class BurstActsTests
{
    [Fact]
    public void An_act_waits_for_its_mission_time()
    {
        var at = T0.AddMinutes(4);
        var desk = new BurstDesk().Hear(Alert()).Act(Act(BurstActKind.Validate, at));
        Assert.Equal("eclairs-preliminary:held", desk.Ladder);
        Assert.Equal(at, desk.Last.NextMissionDeadline);
        Assert.Equal("eclairs-preliminary:held", desk.Reach(at.AddTicks(-1)).Ladder);
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent", desk.Reach(at).Ladder);
    }

    [Fact]
    public void An_act_takes_effect_before_a_packet_at_or_beyond_its_time()
    {
        var desk = new BurstDesk().Hear(Alert(0, 10)).Act(Act(BurstActKind.Validate, At(100))).Hear(Alert(1, 30, after: 102));
        Assert.Equal(10.00m, desk["eclairs-wakeup"].Facts.Snr);
    }

    [Fact]
    public void An_act_takes_effect_before_a_packet_received_after_it_although_the_watermark_trails()
    {
        var desk = new BurstDesk().Hear(Alert(0, 10)).Act(Act(BurstActKind.Validate, At(100))).Hear(Alert(1, 30, after: 100), At(98));
        Assert.Equal(10.00m, desk["eclairs-wakeup"].Facts.Snr);
        Assert.Equal(30, desk.State.Science.Alerts[1].Snr);
    }

    [Fact]
    public void A_station_clock_far_ahead_brings_no_act_forward()
    {
        var desk = new BurstDesk().Hear(Alert()).Act(Act(BurstActKind.Validate, At(1_000)));
        desk.Decide(new PacketsHeard([new(2, Alert(1, 30, after: 20), At(18), "T9", At(5_000), At(21), At(21))]), At(21));
        Assert.Equal("eclairs-preliminary:held", desk.Ladder);
    }

    [Fact] // What the deadline waits for may be the very packet that shows an act's time to have come.
    public void An_act_that_waits_brings_no_deadline_forward()
    {
        var desk = new BurstDesk().Hear(Alert()).Act(Act(BurstActKind.Acknowledge, At(14 + 480)));
        var asked = Alert(1, 30, slew: true, after: 14 + 479);
        desk.Decide(new PacketsHeard([new(2, asked, At(14 + 477), "T1", At(14 + 482), At(14 + 482), At(14 + 482))]), At(14 + 482));
        Assert.Equal("eclairs-preliminary:held", desk.Ladder);
        Assert.NotNull(desk.State.AcknowledgedBy);
        Assert.Equal(At(14 + 477), desk.State.Watermark);
    }

    [Fact]
    public void Of_acts_at_one_time_validation_comes_first_and_retraction_last()
    {
        var at = T0.AddMinutes(4);
        var desk = new BurstDesk().Hear(Alert()).Act(Act(BurstActKind.Retract, at)).Act(Act(BurstActKind.Classify, at)).Act(Act(BurstActKind.Validate, at)).Reach(at);
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent retraction:sent", desk.Ladder);
        Assert.Equal("grb", desk.State.Classification);
    }

    [Fact]
    public void A_repeated_key_does_nothing_and_a_reused_one_is_refused()
    {
        var desk = new BurstDesk().Hear(Alert()).Act(Act(BurstActKind.Validate, key: "k1"));
        var before = desk.Records.Count;
        Assert.True(desk.Act(Act(BurstActKind.Validate, key: "k1")).Last.Repeat);
        Assert.Equal(before, desk.Records.Count);
        Assert.Equal(RefusalCode.KeyReused, desk.Act(Act(BurstActKind.Retract, key: "k1")).Last.Refusal!.Code);
        Assert.Equal(RefusalCode.Invalid, desk.Act(Act(BurstActKind.Retract, key: "#1")).Last.Refusal!.Code);
    }

    [Fact]
    public void Acts_that_can_do_nothing_are_refused_at_the_door()
    {
        var desk = new BurstDesk().Hear(Grm("010"));
        Assert.Equal(RefusalCode.NotPossibleNow, desk.Act(Act(BurstActKind.Validate)).Last.Refusal!.Code);
        Assert.Equal(RefusalCode.NotPossibleNow, desk.Act(Act(BurstActKind.Retract)).Last.Refusal!.Code);
        Assert.Equal(RefusalCode.Invalid, desk.Act(Act(BurstActKind.Classify) with { Class = "unicorn" }).Last.Refusal!.Code);
        Assert.Equal(RefusalCode.Invalid, desk.Act(Act(BurstActKind.Acknowledge) with { Reason = "" }).Last.Refusal!.Code);
        desk.Hear(Alert(quality: 255));
        Assert.Equal(RefusalCode.NotPossibleNow, desk.Act(Act(BurstActKind.Validate, accept: false)).Last.Refusal!.Code);
        Assert.Equal(RefusalCode.NotPossibleNow, desk.Act(Act(BurstActKind.Retract, notices: ["slewing"])).Last.Refusal!.Code);
    }

    [Fact]
    public void A_waiting_act_whose_ground_is_gone_has_no_effect_and_says_so()
    {
        var desk = new BurstDesk().Act(Act(BurstActKind.Validate, At(50))).Reach(At(60));
        Assert.Empty(desk.Notices);
        Assert.NotNull(Assert.Single(desk.Records.OfType<ActEffective>()).Without);
    }

    [Fact]
    public void Packets_at_or_below_the_last_position_change_nothing()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255));
        var again = new HeardPacket(1, Mxt(), At(400), "T2", At(400), At(400), At(400));
        Assert.Empty(BurstRules.Decide(desk.State, new PacketsHeard([again]), new(At(400), desk.Options)).Records);
    }

    [Fact]
    public void Values_that_cannot_be_are_set_aside()
    {
        var desk = new BurstDesk().Hear(
            Alert(quality: 255) with { Snr = double.NaN }, Alert(quality: 255) with { Ra = double.PositiveInfinity }, Alert(quality: 255) with { MessageCount = 256 },
            Alert(quality: 255) with { TimescaleSeconds = 0 }, Mxt() with { Dec = 148.22 }, Grm() with { Detectors = "11" });
        Assert.Equal(6, desk.Records.OfType<PacketIgnored>().Count());
        Assert.Equal(6, desk.State.LastPosition);
        Assert.Empty(desk.Notices);
    }

    [Fact]
    public void Recorded_causes_replay_to_the_same_bytes_and_records_read_back_from_their_JSON()
    {
        var desk = new BurstDesk().Hear(Grm(), Alert(slew: true)).Act(Act(BurstActKind.Validate, At(100), "v")).Hear(Answer(true), Mxt()).Act(Act(BurstActKind.Retract));
        var stored = JsonSerializer.Serialize([.. desk.Records], BurstJson.Stored.BurstRecordArray);
        var read = JsonSerializer.Deserialize(stored, BurstJson.Stored.BurstRecordArray)!;
        Assert.Equal(stored, JsonSerializer.Serialize([.. BurstRules.Replay(desk.State.Id, read, desk.Options)], BurstJson.Stored.BurstRecordArray));
        var folded = read.Aggregate(new BurstState(desk.State.Id), BurstRules.Apply);
        Assert.Equal(JsonSerializer.Serialize(desk.State, BurstJson.Stored.BurstState), JsonSerializer.Serialize(folded, BurstJson.Stored.BurstState));
        var snapshot = JsonSerializer.Deserialize(JsonSerializer.Serialize(desk.State, BurstJson.Stored.BurstState), BurstJson.Stored.BurstState)!;
        Assert.Equal(JsonSerializer.Serialize(desk.State, BurstJson.Stored.BurstState), JsonSerializer.Serialize(snapshot, BurstJson.Stored.BurstState));
        Assert.Equal(desk.Notices.Select(static n => n.XmlSha256), read.OfType<NoticeMade>().Select(static n => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(n.XmlBytes()))));
    }

    [Fact] // A state is removed so long after the last change: closing must not keep it twice as long.
    public void Closing_is_no_change_of_a_burst()
    {
        var desk = new BurstDesk().Hear(Grm(), Alert()).Decide(new WallClockReached(At(600)), At(600));
        Assert.Equal(At(600), desk.State.Updated); // Nobody asked for a slew.
        var due = desk.State.FirstHeard!.Value + desk.Options.CloseAfter;
        desk.Decide(new WallClockReached(due), due);
        Assert.Equal((BurstStatus.Closed, At(600)), (desk.State.Status, desk.State.Updated));
    }

    [Fact] // The first trigger may come minutes before the best: times of one beside values of the other are nobody's.
    public void The_times_of_a_retraction_are_those_of_the_trigger_that_it_prints()
    {
        var desk = new BurstDesk().Hear(Grm("010", -200, 6), Grm("111", -3, 12)).Act(Act(BurstActKind.Retract));
        var best = desk.State.Science.GrmBest!;
        Assert.Equal(At(-2), best.PacketTime);
        Assert.Equal((best.PacketTime, best.PacketTime.AddSeconds(1)), (desk["retraction"].Times.Emission!.Value, desk["retraction"].Times.Station!.Value));
    }

    [Fact]
    public void Evidence_travels_between_silos()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<HeardPacket>>();
        Assert.All<Evidence>([Grm(), Grm("011"), Alert(slew: true), Answer(true), Mxt(), Alert() with { Implausible = true }, Mxt() with { Implausible = true }], one =>
        {
            var packet = new HeardPacket(7, one, At(1), "T1", At(2), At(3), At(4), "abc");
            var read = serializer.Deserialize(serializer.SerializeToArray(packet));
            Assert.Equal(packet, read);
            Assert.Equal(one.Implausible, read!.Evidence.Implausible); // Base and derived records count their members apart.
        });
    }

    [Fact]
    public void Unknown_members_of_stored_records_are_passed_over()
    {
        const string stored = """[{"$type":"deadline","at":"2026-03-01T04:20:00+00:00","rule":"NoSlew","by":"Watermark","due":"2026-03-01T04:20:00+00:00","colour":"red"}]""";
        Assert.Equal(BurstDeadline.NoSlew, Assert.IsType<DeadlineFired>(Assert.Single(JsonSerializer.Deserialize(stored, BurstJson.Stored.BurstRecordArray)!)).Rule);
    }

    [Fact]
    public void Each_notice_says_what_it_waits_for()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 128));
        var said = BurstExplanations.Explain(desk.State, desk.Options).ToDictionary(static e => e.Type, StringComparer.Ordinal);
        Assert.Equal(NoticeTypes.All, said.Keys);
        Assert.Equal("held", said["eclairs-preliminary"].State);
        Assert.Equal("waiting", said["eclairs-wakeup"].State);
        Assert.Equal("impossible", said["eclairs-catalog"].State);
        Assert.Contains("2026-03-01T04:21:39.000Z", Assert.Single(said["not-slewing"].Why), StringComparison.Ordinal);
        var view = BurstViews.View(desk.State, null, 3, desk.Options);
        Assert.Equal(("77", "not-requested", "ECLAIRs"), (view.Observation, view.SlewStatus, view.Best!.Instrument));
    }

    [Fact]
    public void A_burst_stays_bounded_whatever_arrives()
    {
        var desk = new BurstDesk();
        for (var i = 0; i < 3_000; i++)
        {
            desk.Hear(Alert(i % 256, 8 + (i % 97), after: 14 + i), Grm("011", -3 + (i * 0.001)), Mxt(100 + (i % 150), after: 300 + i, source: i % 16));
        }

        Assert.InRange(JsonSerializer.Serialize(desk.State, BurstJson.Stored.BurstState).Length, 1, 400_000);
        Assert.True(desk.State.Timeline.Count <= BurstState.MaxTimeline);
    }
}
