using Svom.Bursts;
using Svom.Outcomes;
using Svom.Support;
using static Svom.Support.InventedBursts;

namespace Svom.Unit.Bursts;

public sealed class NoticeLadderTests
{
    [Fact]
    public void A_full_sequence_climbs_the_whole_ladder()
    {
        var desk = new BurstDesk().Hear(Grm(), Alert(), Alert(1, 30.71, 255, slew: true, after: 20), Answer(true), Mxt(), Mxt(20, 255, 400));
        Assert.Equal("grm-trigger:sent eclairs-preliminary:held eclairs-wakeup:sent slewing:sent mxt-initial_qf2:sent mxt-update_qf4:sent", desk.Ladder);
        Assert.Equal(["sb26030101_grm-trigger", "sb26030101_eclairs-preliminary", "sb26030101_eclairs-wakeup", "sb26030101_slewing", "sb26030101_mxt-initial_qf2"],
            desk["mxt-update_qf4"].Cites);
        Assert.Equal([1, 2, 3, 4, 5], desk.Notices.Where(static n => n.Sent).Select(static n => n.BurstSequence ?? 0));
        Assert.Equal(["initial", "update"], desk.Notices.Where(static n => n.Sent).Select(static n => n.AlertType).Distinct());
    }

    [Fact]
    public void Two_detectors_give_a_time_three_a_direction_one_nothing()
    {
        Assert.Empty(new BurstDesk().Hear(Grm("010")).Notices);
        Assert.Null(new BurstDesk().Hear(Grm("011"))["grm-trigger"].Facts.Position);
        var three = new BurstDesk().Hear(Grm())["grm-trigger"];
        Assert.Contains("<Error2Radius>-1.0000</Error2Radius>", three.Xml, StringComparison.Ordinal);
        Assert.DoesNotContain("ra_dec_error", three.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_below_the_criteria_waits_for_an_expert()
    {
        var desk = new BurstDesk().Hear(Alert(), Alert(1, 20, after: 20));
        Assert.Equal("eclairs-preliminary:held", desk.Ladder);
        desk.Act(Act(BurstActKind.Validate));
        Assert.Equal(20.00m, desk["eclairs-wakeup"].Facts.Snr);
        Assert.Equal("not-requested", desk["eclairs-wakeup"].Facts.SlewStatus);
        Assert.Empty(desk["eclairs-wakeup"].Cites); // Its only predecessor is the preliminary.
    }

    [Fact]
    public void Of_equal_SNR_the_later_message_is_reported()
    {
        var desk = new BurstDesk().Hear(Alert(0, 18), Alert(1, 18, slew: true, after: 20)).Act(Act(BurstActKind.Validate));
        Assert.Equal("requested", desk["eclairs-wakeup"].Facts.SlewStatus);
        Assert.Equal(1, desk.State.Science.BestAlert!.MessageCount);
    }

    [Fact]
    public void An_expert_may_choose_the_alert()
    {
        var desk = new BurstDesk().Hear(Alert(0, 18), Alert(1, 25, after: 20)).Act(Act(BurstActKind.Validate), alert: 0);
        Assert.Equal(18.00m, desk["eclairs-wakeup"].Facts.Snr);
    }

    [Fact]
    public void An_expert_who_rejects_stops_the_criteria_until_he_accepts()
    {
        var desk = new BurstDesk().Hear(Alert()).Act(Act(BurstActKind.Validate, accept: false)).Hear(Alert(1, 30, 255, after: 20));
        Assert.Equal("eclairs-preliminary:held", desk.Ladder);
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent", desk.Act(Act(BurstActKind.Validate)).Ladder);
    }

    [Fact]
    public void A_source_of_the_on_board_catalogue_makes_a_catalogue_notice()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255, catalog: 81));
        Assert.Contains("<Param name=\"Source_Name\" value=\"GX 340-00\" ucd=\"meta.id.assoc\" />", desk["eclairs-catalog"].Xml, StringComparison.Ordinal);
        Assert.Equal("N1e", desk["eclairs-catalog"].Level);
    }

    [Fact]
    public void A_slew_accepted_before_the_wakeup_is_told_by_the_wakeup_and_held()
    {
        var desk = new BurstDesk().Hear(Alert(slew: true), Answer(true));
        Assert.Equal("eclairs-preliminary:held", desk.Ladder);
        desk.Act(Act(BurstActKind.Validate));
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent slewing:held", desk.Ladder);
        Assert.Equal("accepted", desk["eclairs-wakeup"].Facts.SlewStatus);
    }

    [Fact]
    public void A_slew_accepted_without_a_wakeup_is_made_held_before_the_MXT_notice_which_is_held_too() =>
        Assert.Equal("eclairs-preliminary:held slewing:held mxt-initial_qf2:held", new BurstDesk().Hear(Alert(slew: true), Answer(true), Mxt()).Ladder);

    [Fact]
    public void A_refused_slew_makes_not_slewing_at_once()
    {
        Assert.Equal("eclairs-preliminary:held not-slewing:held", new BurstDesk().Hear(Alert(slew: true), Answer(false)).Ladder);
        var desk = new BurstDesk().Hear(Alert(quality: 255, slew: true), Answer(false));
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent not-slewing:sent", desk.Ladder);
        Assert.Equal("rejected", desk["not-slewing"].Facts.SlewStatus);
    }

    [Fact]
    public void Eight_minutes_without_a_request_make_not_slewing_and_not_a_moment_before()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255));
        var due = Alert().PacketTime.AddMinutes(8);
        Assert.Equal(due, desk.Last.NextMissionDeadline);
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent", desk.Reach(due.AddMilliseconds(-1)).Ladder);
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent not-slewing:sent", desk.Reach(due).Ladder);
        Assert.Equal("not-requested", desk["not-slewing"].Facts.SlewStatus);
        Assert.Null(desk.Last.NextMissionDeadline);
    }

    [Fact]
    public void A_request_stops_the_deadline_for_good()
    {
        var desk = new BurstDesk().Hear(Alert(), Alert(1, slew: true, after: 20));
        Assert.Null(BurstDeadlines.NoSlew(desk.State, desk.Options));
        Assert.Equal("eclairs-preliminary:held", desk.Reach(T0.AddHours(2)).Ladder);
    }

    [Fact]
    public void The_deadline_fires_before_a_packet_at_or_beyond_it_is_applied()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255)).Hear(Alert(1, slew: true, after: 14 + 482));
        Assert.Equal("not-requested", desk["not-slewing"].Facts.SlewStatus);
        Assert.Equal("requested", desk.State.Science.SlewStatus);
    }

    [Fact]
    public void The_wall_clock_stands_in_for_a_feed_that_fell_silent()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255));
        var due = desk.Last.NextWallDeadline!.Value;
        Assert.Equal(desk.State.EclairsFirstHeard!.Value.AddMinutes(8), due);
        desk.Decide(new WallClockReached(due), due);
        Assert.True(desk["not-slewing"].Sent);
        Assert.Equal(FiredBy.WallClock, Assert.Single(desk.Records.OfType<DeadlineFired>()).By);
    }

    [Fact]
    public void An_accepted_slew_after_not_slewing_goes_out_and_cites_it()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255)).Reach(T0.AddMinutes(20)).Hear(Answer(true, 1300));
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent not-slewing:sent slewing:sent", desk.Ladder);
        Assert.Contains("sb26030101_not-slewing", desk["slewing"].Cites);
    }

    [Fact]
    public void A_better_alert_after_the_wakeup_changes_the_state_only()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255)).Hear(Alert(1, 40, 255, after: 30));
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent", desk.Ladder);
        Assert.Equal(40, desk.State.Science.BestAlert!.Snr);
    }

    [Fact]
    public void A_GRM_trigger_after_the_wakeup_goes_out_and_is_cited_first_from_then_on()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255)).Hear(Grm()).Hear(Answer(true));
        Assert.True(desk["grm-trigger"].Sent);
        Assert.Equal("sb26030101_grm-trigger", desk["slewing"].Cites[0]);
    }

    [Fact]
    public void A_slew_that_was_answered_a_day_late_is_not_told_with_the_next_notice_either()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255)).Hear(Answer(true), At(90_000)).Act(Act(BurstActKind.Retract));
        Assert.True(desk.State.Science.Slew!.Accepted);
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent retraction:sent", desk.Ladder);
    }

    [Fact]
    public void An_implausible_packet_is_kept_and_tells_nobody_anything_alone()
    {
        var desk = new BurstDesk().Hear(Grm() with { Implausible = true }, Alert(1, 30, 255) with { Implausible = true }, Mxt() with { Implausible = true });
        Assert.Empty(desk.Notices);
        Assert.Equal(30, desk.State.Science.BestAlert!.Snr);

        desk.Hear(Alert(2, 10, 255, after: 330));
        Assert.Equal(10.00m, desk["eclairs-wakeup"].Facts.Snr); // Not the stronger one, whose place in the sky cannot be believed.
    }

    [Fact]
    public void An_expert_may_believe_an_implausible_alert()
    {
        var desk = new BurstDesk().Hear(Alert(1, 30, 255) with { Implausible = true }).Act(Act(BurstActKind.Validate));
        Assert.Equal("eclairs-wakeup:sent", desk.Ladder);
    }

    [Fact]
    public void A_platform_that_contradicts_itself_alarms_once()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255), Answer(true), Answer(false, after: 70), Alert(1, 20, after: 80), Alert(2, 21, after: 90));
        Assert.Single(desk.Records.OfType<AdvocateAlarmed>());
    }

    [Fact]
    public void What_comes_a_day_late_changes_the_state_only()
    {
        var desk = new BurstDesk().Hear(Grm(), T0.AddHours(25)).Hear(Alert(quality: 255), T0.AddHours(25)).Hear(Mxt(), T0.AddHours(25)).Reach(T0.AddHours(26));
        Assert.Empty(desk.Notices);
        Assert.NotNull(desk.State.Science.BestMxt);
    }

    [Fact]
    public void MXT_tells_only_what_is_sharp_and_strong_enough_and_only_better_things_of_the_same_source()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255), Mxt(300), Mxt(50, 3, 321), Mxt(299, 4, 322), Mxt(250, after: 323), Mxt(20, after: 324, source: 2), Mxt(119, after: 325));
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent mxt-initial_qf1:sent mxt-update_qf2:sent", desk.Ladder);
        Assert.Equal("eclairs-preliminary:held eclairs-wakeup:sent mxt-initial_qf1:sent mxt-update_qf2:sent mxt-update_qf3:sent mxt-update_qf4:sent",
            desk.Hear(Mxt(59, after: 326), Mxt(29, after: 327), Mxt(1, after: 328)).Ladder);
    }

    [Fact]
    public void A_retraction_withdraws_everything_and_goes_where_it_was_told()
    {
        var desk = new BurstDesk().Hear(Grm(), Alert()).Act(Act(BurstActKind.Retract));
        var retraction = desk["retraction"];
        Assert.Equal(["sb26030101_grm-trigger", "sb26030101_eclairs-preliminary"], retraction.Cites);
        Assert.Equal(["grm"], retraction.Topics);
        Assert.Equal(("N3e", "ECLAIRs", "retraction"), (retraction.Level, retraction.Instrument, retraction.AlertType));
        Assert.Equal("as seen on the screen", retraction.Reason);
        Assert.DoesNotContain("as seen", retraction.Xml, StringComparison.Ordinal);
        Assert.DoesNotContain("<How>", retraction.Xml, StringComparison.Ordinal);
        Assert.Equal(BurstStatus.Retracted, desk.State.Status);
        Assert.Equal("N3g", new BurstDesk().Hear(Grm()).Act(Act(BurstActKind.Retract))["retraction"].Level);
    }

    [Fact]
    public void What_follows_a_retraction_is_held_and_the_advocate_is_alarmed_by_MXT()
    {
        var desk = new BurstDesk().Hear(Alert(quality: 255)).Act(Act(BurstActKind.Retract)).Hear(Mxt());
        Assert.False(desk["mxt-initial_qf2"].Sent);
        Assert.Equal("mxt-after-retraction", Assert.Single(desk.Records.OfType<AdvocateAlarmed>()).Code);
        Assert.Equal(RefusalCode.NotPossibleNow, desk.Act(Act(BurstActKind.Retract)).Last.Refusal!.Code);
    }

    [Fact]
    public void A_retraction_of_one_notice_leaves_the_rest_of_the_burst_alive()
    {
        var desk = new BurstDesk().Hear(Grm(), Alert(quality: 255)).Act(Act(BurstActKind.Retract, notices: ["grm-trigger"])).Hear(Mxt());
        Assert.Equal(["sb26030101_grm-trigger"], desk["retraction"].Cites);
        Assert.Equal(BurstStatus.Active, desk.State.Status);
        Assert.True(desk["mxt-initial_qf2"].Sent);
    }

    [Fact]
    public void An_accepted_slew_is_made_before_the_retraction_that_withdraws_it() =>
        Assert.Equal(
            "eclairs-preliminary:held slewing:held retraction:held", new BurstDesk().Hear(Alert(slew: true), Answer(true)).Act(Act(BurstActKind.Retract)).Ladder);

    [Fact]
    public void A_sequence_whose_first_message_was_lost_has_no_preliminary() =>
        Assert.Equal("eclairs-wakeup:sent", new BurstDesk().Hear(Alert(3, quality: 255)).Ladder);

    [Fact]
    public void A_rehearsal_never_looks_real()
    {
        var notice = new BurstDesk("tb26030101").Hear(Grm())["grm-trigger"];
        Assert.Contains("role=\"test\"", notice.Xml, StringComparison.Ordinal);
        Assert.Equal("ivo://org.svom/fsc.test#tb26030101_grm-trigger", notice.Ivorn);
        Assert.Contains("\"alert_tense\":\"test\"", notice.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sharper_position_replaces_the_wider_ones_that_were_sent()
    {
        var desk = new BurstDesk().Hear(Grm(), Alert(quality: 255), Mxt());
        Assert.Empty(desk["grm-trigger"].Supersedes);
        Assert.Equal(["sb26030101_grm-trigger"], desk["eclairs-wakeup"].Supersedes);
        Assert.Equal(["sb26030101_grm-trigger", "sb26030101_eclairs-wakeup"], desk["mxt-initial_qf2"].Supersedes);
    }
}
