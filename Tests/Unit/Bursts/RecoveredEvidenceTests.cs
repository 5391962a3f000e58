using Svom.Bursts;
using Svom.Support;

namespace Svom.Unit.Bursts;

/// <summary>What nobody heard whole counts for what is known of a burst, and tells nobody anything alone.</summary>
public sealed class RecoveredEvidenceTests
{
    private static readonly EclairsAlert Sharp = InventedBursts.Alert(0, 30, quality: 255);

    [Fact]
    public void A_recovered_alert_stands_in_the_state_and_sends_no_notice()
    {
        var desk = new BurstDesk().Hear(Recovered(Sharp));
        Assert.Equal("eclairs-preliminary:held", desk.Ladder);
        Assert.Equal(30, desk.State.Science.BestAlert!.Snr);
        Assert.Equal((1, 0, 1), Alerts(desk));
        Assert.Contains(
            "The alert was recovered from broken copies: without a second packet of the sequence or an expert it is not told.",
            BurstExplanations.Explain(desk.State, desk.Options).Single(static one => one.Type == NoticeTypes.Wakeup).Why);
    }

    [Fact] // The whole copy is the packet then, and what it would have told it tells.
    public void A_whole_copy_takes_its_place_and_is_told()
    {
        var desk = new BurstDesk().Hear(Recovered(Sharp)).Hear(Sharp);
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent", desk.Ladder);
        Assert.Equal(Sharp, Assert.Single(desk.State.Science.Alerts.Values));
        Assert.Equal((1, 0, 0), Alerts(desk));
    }

    [Fact]
    public void A_recovered_copy_of_what_was_heard_whole_changes_nothing()
    {
        var desk = new BurstDesk().Hear(Sharp).Hear(Recovered(Sharp));
        Assert.Equal(Sharp, Assert.Single(desk.State.Science.Alerts.Values));
        Assert.IsType<PacketRepeated>(desk.Records[^1]);
    }

    [Theory] // Two packets of one sequence: what one alone must not say, both may, whichever came first.
    [InlineData(true), InlineData(false)]
    public void A_second_packet_vouches_for_a_recovered_alert(bool recoveredFirst)
    {
        var weak = InventedBursts.Alert(1, 6.6, quality: 120, after: 20);
        var desk = recoveredFirst ? new BurstDesk().Hear(Recovered(Sharp), weak) : new BurstDesk().Hear(weak, Recovered(Sharp));
        var wakeup = desk["eclairs-wakeup"];
        Assert.Equal((true, 30m), (wakeup.Sent, wakeup.Facts.Snr));
    }

    [Fact]
    public void A_packet_that_cannot_be_vouches_for_nothing()
    {
        var desk = new BurstDesk().Hear(Recovered(Sharp), InventedBursts.Alert(1, 40, quality: 255, after: 20) with { Implausible = true });
        Assert.Equal("eclairs-preliminary:held", desk.Ladder);
    }

    [Fact]
    public void An_expert_may_accept_a_recovered_alert()
    {
        var desk = new BurstDesk().Hear(Recovered(Sharp)).Act(InventedBursts.Act(BurstActKind.Validate));
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent", desk.Ladder);
    }

    [Fact]
    public void Recovered_triggers_slew_answers_and_positions_wait_for_a_whole_packet()
    {
        var desk = new BurstDesk().Hear(Recovered(InventedBursts.Grm()), Sharp, Recovered(InventedBursts.Answer(true)), Recovered(InventedBursts.Mxt()));
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent", desk.Ladder);
        Assert.Equal([0, 1, 1, 1], BurstViews.Completeness(desk.State).Select(static count => count.Recovered));

        desk.Hear(InventedBursts.Grm(), InventedBursts.Answer(true), InventedBursts.Mxt());
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent grm-trigger:sent slewing:sent mxt-initial_qf2:sent", desk.Ladder);
        Assert.All(BurstViews.Completeness(desk.State), static count => Assert.Equal(0, count.Recovered));
    }

    [Fact] // MXT looks because the platform slewed: its packet is the second one.
    public void A_recovered_acceptance_is_told_when_mxt_shows_the_slew()
    {
        var desk = new BurstDesk().Hear(Sharp, Recovered(InventedBursts.Answer(true)));
        Assert.DoesNotContain(desk.Notices, static notice => notice.Type == NoticeTypes.Slewing);
        desk.Hear(InventedBursts.Mxt());
        Assert.True(desk["slewing"].Sent);
    }

    [Fact] // Stored bursts of before know no such flag.
    public void Evidence_without_the_flag_was_heard_whole()
    {
        var text = System.Text.Json.JsonSerializer.Serialize<Evidence>(Sharp, BurstJson.Default.Evidence);
        Assert.DoesNotContain("recovered", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Sharp, System.Text.Json.JsonSerializer.Deserialize(text, BurstJson.Default.Evidence));
        var flagged = System.Text.Json.JsonSerializer.Serialize<Evidence>(Recovered(Sharp), BurstJson.Default.Evidence);
        Assert.Equal(Recovered(Sharp), System.Text.Json.JsonSerializer.Deserialize(flagged, BurstJson.Default.Evidence));
    }

    private static Evidence Recovered(Evidence evidence) => evidence with { Recovered = true };

    private static (int Heard, int? Missing, int Recovered) Alerts(BurstDesk desk)
    {
        var count = BurstViews.Completeness(desk.State).Single(static count => count.Kind == "eclairs-alert");
        return (count.Heard, count.Missing, count.Recovered);
    }
}
