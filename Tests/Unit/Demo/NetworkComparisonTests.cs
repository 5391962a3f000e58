using System.Collections.Immutable;

namespace Svom.Demo;

/// <summary>The rule by which a rough network is judged lets nothing pass that arrived and is different, and no loss that nobody tells.</summary>
public sealed class NetworkComparisonTests
{
    private static readonly ToldBurst Whole = ToldNights.Whole;

    [Fact]
    public void Two_networks_that_delivered_the_same_do_not_differ()
    {
        var report = NetworkComparison.Compare(ToldNights.Perfect, ToldNights.Run(Whole));
        Assert.Empty(report.Findings);
        Assert.Equal([2, 1, 1, 1, 4], report.Kinds.Select(static kind => kind.Whole));
        Assert.True(report.Good);
    }

    [Theory]
    [InlineData("t0.grm", "\"04:13:23\""), InlineData("position[MXT].ra", "190.04"), InlineData("position[ECLAIRs].snr", "41.3"), InlineData("slewStatus", "\"requested\"")]
    [InlineData("validated", null), InlineData("t0.eclairs", null), InlineData("best", "ECLAIRs"), InlineData("classification", "\"noise\"")]
    public void A_value_that_differs_although_its_packets_arrived_is_wrong(string path, string? value) =>
        Wrong($"{path} is ", Whole.WithValue(path, value));

    [Fact]
    public void A_position_is_absent_when_its_packet_is_called_missing()
    {
        var burst = NoPosition(Whole) with { PositionAwaited = true };
        var report = Compare(burst);
        Assert.True(report.Good, Text(report));
        Assert.Equal("a position is overdue", report.Kinds.Single(static kind => kind.Kind == "mxt-position").Says);
        Assert.Contains(report.Findings, static finding => finding.Text.StartsWith("position[MXT].ra is not known", StringComparison.Ordinal));
        Assert.Contains(report.Findings, static finding => finding.Text.StartsWith("notice mxt-initial_qf2 is not made", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_packet_that_nobody_calls_missing_is_found() =>
        Unnamed("1 of 1 lost mxt-position packets", NoPosition(Whole));

    [Fact] // What a burst cannot know it must not say.
    public void A_position_without_a_packet_that_says_it_is_wrong() =>
        Wrong("position[MXT].ra is 190.04", (NoPosition(Whole) with { PositionAwaited = true }).WithValue("position[MXT].ra", "190.04"));

    [Fact]
    public void With_one_of_two_alerts_lost_the_other_may_stand_in()
    {
        var burst = Whole.Without("alert-1", "eclairs-alert", missing: 1, expected: 1, present: 1).NeverHeard(ToldNights.SecondAlertFact)
            .WithValue("position[ECLAIRs].snr", "30.71").WithNotice("eclairs-wakeup", static notice => notice with { Fields = notice.Fields.SetItem("ra", "189.90") });
        var report = Compare(burst);
        Assert.True(report.Good, Text(report));
        Assert.Contains(report.Findings, static finding => finding.Text.Contains($"\"{ToldNights.SecondAlertFact}\" is not there", StringComparison.Ordinal));
    }

    [Fact] // It was not the message count that told, and the two heard enclose nothing.
    public void An_alert_at_the_end_that_no_count_tells_is_found() =>
        Unnamed("1 of 1 lost eclairs-alert packets", Whole.Without("alert-1", "eclairs-alert", missing: 0, expected: 1, present: 1).NeverHeard(ToldNights.SecondAlertFact));

    [Fact] // With none heard nobody knows how many there were.
    public void That_alerts_are_missing_names_all_of_them_when_none_was_heard()
    {
        var burst = Whole.Without("alert-0", "eclairs-alert", 1, 0, 0).Without("alert-1", "eclairs-alert", 1, 0, 0).NeverHeard(ToldNights.AlertFact).NeverHeard(ToldNights.SecondAlertFact)
            .WithValue("t0.eclairs", null).WithValue("position[ECLAIRs].ra", null).WithValue("position[ECLAIRs].snr", null).WithValue("validated", null)
            .WithNotice("eclairs-wakeup", static _ => null).WithNotice("slewing", static _ => null);
        Assert.True(Compare(burst).Good, Text(Compare(burst)));
    }

    [Fact]
    public void Calling_missing_what_arrived_is_wrong() =>
        Wrong("1 slew-answer packets are called missing", Whole with { Completeness = [.. Whole.Completeness.Select(static row => row.Kind == "slew-answer" ? row with { Missing = 1 } : row)] });

    [Fact]
    public void Counting_as_heard_what_did_not_arrive_is_wrong() =>
        Wrong("0 eclairs-alert packets fewer count as heard", Whole with { Packets = Whole.Packets.RemoveAll(static packet => packet.Id == "alert-1"), Completeness = [.. Whole.Completeness.Select(static row => row.Kind == "eclairs-alert" ? row with { Missing = 1 } : row)] });

    [Theory]
    [InlineData(true), InlineData(false)]
    public void A_packet_that_was_never_sent_is_wrong_whether_heard_or_voted(bool recovered)
    {
        var rough = ToldNights.Run(Whole);
        var report = NetworkComparison.Compare(ToldNights.Perfect, rough with { Packets = rough.Packets.Add(new("mixture", 1281, "EclairsRecurrent", 9, recovered)) });
        Assert.Equal("the satellite never sent EclairsRecurrent 9" + (recovered ? ", which was put together from broken copies" : ""), Assert.Single(report.Findings).Text);
        Assert.False(report.Good);
    }

    [Fact]
    public void A_burst_that_was_not_is_wrong() =>
        Wrong("tb26042199 is a burst that was not", Whole, Whole with { Id = "tb26042199", Packets = [], Notices = [], Messages = [], Completeness = [], Heard = [], Values = Whole.Values.Clear() });

    [Fact]
    public void A_message_with_a_part_missing_says_the_rest_as_it_was_sent()
    {
        var report = Compare(NoPart(Whole, ToldNights.Bins(1, 2, 4)));
        Assert.True(report.Good, Text(report));
        Assert.Contains(report.Findings, static finding => finding.Text.Contains("says 4 of 5 values, all as sent: 1 of 4 parts are missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_bin_is_wrong_whatever_is_missing_beside_it() =>
        Wrong("lightCurve.counts[0][4] is 999, not 104", NoPart(Whole, ToldNights.Bins(1, 2, 4).SetItem("lightCurve.counts[0][4]", "999")));

    [Fact]
    public void A_value_that_is_gone_without_a_missing_part_is_wrong() =>
        Wrong("no part is called missing", Whole with { Messages = [Whole.Messages[0] with { Values = ToldNights.Bins(1, 2, 4) }] });

    [Fact]
    public void A_notice_that_says_otherwise_on_the_same_packets_is_wrong() =>
        Wrong("notice slewing says otherwise on the same packets: ra", Whole.WithNotice("slewing", static notice => notice with { Fields = notice.Fields.SetItem("ra", "1") }));

    [Fact]
    public void A_notice_that_is_held_on_the_same_packets_is_wrong() =>
        Wrong("notice grm-trigger says otherwise on the same packets: state", Whole.WithNotice("grm-trigger", static notice => notice with { State = "held" }));

    [Fact]
    public void A_notice_that_was_decided_before_a_late_packet_may_say_otherwise()
    {
        ImmutableArray<ToldFact> early = [new(ToldNights.TriggerFact), new(ToldNights.AlertFact), new("operator: accept, a burst")];
        var burst = (Whole with { Heard = [.. early, .. Whole.Heard.Except(early)] }).WithNotice("eclairs-wakeup", notice => notice with { Known = early, Fields = notice.Fields.SetItem("ra", "189.90") });
        var report = Compare(burst);
        Assert.True(report.Good, Text(report));
        Assert.Contains($"\"{ToldNights.SecondAlertFact}\" came after it", Assert.Single(report.Findings).Text, StringComparison.Ordinal);
    }

    [Fact] // What others said is no excuse for another position.
    public void A_notice_that_measures_otherwise_in_the_packets_that_it_is_about_is_wrong()
    {
        ImmutableArray<ToldFact> known = [.. Whole.Heard.Skip(1).Take(3)];
        ToldBurst Other(string field, string value) => (Whole with { Heard = [.. Whole.Heard.Skip(1), Whole.Heard[0]] })
            .WithNotice("eclairs-wakeup", notice => notice with { Known = known, Fields = notice.Fields.SetItem(field, value) });
        Wrong("notice eclairs-wakeup measures otherwise in the same packets: ra", Other("ra", "189.90"));
        Assert.True(Compare(Other("slew_status", "\"accepted\"")).Good, Text(Compare(Other("slew_status", "\"accepted\""))));
    }

    [Theory] // That something else was lost is no excuse.
    [InlineData("grm-trigger"), InlineData("eclairs-wakeup"), InlineData("mxt-initial_qf2")]
    public void A_notice_that_is_not_made_although_its_packet_was_heard_is_wrong(string name) =>
        Wrong($"notice {name} is not made", NoSlew(Whole).WithNotice(name, static _ => null));

    [Fact]
    public void A_notice_that_should_not_be_is_wrong() =>
        Wrong("notice retraction is sent, and should not be", Whole with { Notices = Whole.Notices.Add(new("retraction", "sent", Whole.Heard, ToldNights.Values())) });

    [Fact] // By design it waits for a whole copy.
    public void What_was_only_recovered_tells_nobody_anything_and_is_known_all_the_same()
    {
        var burst = Whole with
        {
            Packets = [.. Whole.Packets.Select(static packet => packet with { Recovered = packet.Id == "trigger" })],
            Heard = [.. Whole.Heard.Select(static fact => fact with { Recovered = fact.Text == ToldNights.TriggerFact })],
            Notices = [.. Whole.Notices.Skip(1).Select(static notice => notice with { Known = [.. notice.Known.Select(static fact => fact with { Recovered = fact.Text == ToldNights.TriggerFact })] })],
        };
        var report = Compare(burst);
        Assert.True(report.Good, Text(report));
        Assert.Equal($"notice grm-trigger is not made: \"{ToldNights.TriggerFact}\" was not heard whole", Assert.Single(report.Findings).Text);
        Wrong("t0.grm is \"04:13:20\"", burst.WithValue("t0.grm", "\"04:13:20\""));
    }

    [Fact]
    public void A_burst_with_two_numbers_needs_a_link_between_them()
    {
        var gamma = Part(Whole, "tb26042102", static packet => packet.Id == "trigger", "t0.grm", "status", "observation");
        var rest = Part(Whole, "tb26042103", static packet => packet.Id != "trigger", [.. Whole.Values.Keys.Where(static path => path != "t0.grm")]);
        Wrong("it fell apart into tb26042102 and tb26042103", gamma, rest);
        var linked = NetworkComparison.Compare(ToldNights.Perfect, ToldNights.Run(gamma, rest with { Related = ["tb26042102"] }));
        Assert.True(linked.Good, Text(linked));
    }

    [Fact]
    public void Of_a_burst_of_which_nothing_arrived_nobody_can_tell_anything()
    {
        var report = NetworkComparison.Compare(ToldNights.Perfect, new([], []));
        Assert.Equal(5, report.Findings.Count(static finding => finding.Judgement is Judgement.Unnamed));
        Assert.DoesNotContain(report.Findings, static finding => finding.Judgement is Judgement.Wrong);
    }

    private static ToldBurst NoPosition(ToldBurst burst) => burst.Without("mxt", "mxt-position", null, 0, 0).NeverHeard(ToldNights.PositionFact)
        .WithValue("position[MXT].ra", null).WithValue("position[MXT].snr", null).WithValue("best", "ECLAIRs").WithNotice("mxt-initial_qf2", static _ => null);

    private static ToldBurst NoSlew(ToldBurst burst) => burst.Without("slew", "slew-answer", 1, 0, 0).NeverHeard(ToldNights.SlewFact)
        .WithValue("slewStatus", "\"requested\"").WithNotice("slewing", static _ => null);

    private static ToldBurst NoPart(ToldBurst burst, ImmutableSortedDictionary<string, string> values) =>
        burst.Without("curve-3", "eclairs-light-curve-high", 1, 4, 3) with { Messages = [burst.Messages[0] with { Missing = [3], Values = values }] };

    private static ToldBurst Part(ToldBurst burst, string id, Func<ToldPacket, bool> has, params string[] paths)
    {
        ImmutableArray<ToldPacket> packets = [.. burst.Packets.Where(has)];
        return burst with
        {
            Id = id,
            Packets = packets,
            Values = burst.Values.RemoveRange(burst.Values.Keys.Except(paths, StringComparer.Ordinal)),
            Completeness = [.. burst.Completeness.Where(row => packets.Any(packet => packet.Apid == row.Apid))],
            Messages = packets.Any(static packet => packet.Apid == 1284) ? burst.Messages : [],
            Notices = [.. burst.Notices.Where(notice => (notice.Name == "grm-trigger") == packets.Any(static packet => packet.Id == "trigger"))],
        };
    }

    private static RunReport Compare(params ImmutableArray<ToldBurst> rough) => NetworkComparison.Compare(ToldNights.Perfect, ToldNights.Run(rough));

    private static void Wrong(string text, params ImmutableArray<ToldBurst> rough) => Found(Judgement.Wrong, text, rough);

    private static void Unnamed(string text, params ImmutableArray<ToldBurst> rough) => Found(Judgement.Unnamed, text, rough);

    private static void Found(Judgement judgement, string text, ImmutableArray<ToldBurst> rough)
    {
        var report = Compare(rough);
        Assert.False(report.Good);
        Assert.Contains(report.Findings, finding => finding.Judgement == judgement && finding.Text.Contains(text, StringComparison.Ordinal));
    }

    private static string Text(RunReport report) => string.Join('\n', report.Findings);
}
