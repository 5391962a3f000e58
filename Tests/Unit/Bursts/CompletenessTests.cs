using Svom.Bursts;
using Svom.Packets;
using Svom.Packets.Messages;
using Svom.Support;

namespace Svom.Unit.Bursts;

/// <summary>What was sent and not heard is known from what speaks of it.</summary>
public sealed class CompletenessTests
{
    [Fact]
    public void Without_a_word_of_it_nothing_is_called_missing() =>
        Assert.All(BurstViews.Completeness(new BurstDesk().Hear(InventedBursts.Grm()).State), static row => Assert.Null(row.Missing));

    [Fact] // The curve carries the Observation ID, which only an alert begins.
    public void An_eclairs_curve_without_any_alert_tells_that_one_is_missing() => Assert.Equal((0, 1), Of("eclairs-alert", InventedMessages.Curve(1)));

    [Fact]
    public void A_slew_answer_or_a_position_without_any_alert_tells_that_one_is_missing()
    {
        Assert.Equal((0, 1), Of("eclairs-alert", InventedBursts.Answer(true)));
        Assert.Equal((0, 1), Of("eclairs-alert", InventedBursts.Mxt()));
    }

    [Fact]
    public void An_answer_to_a_slew_that_no_alert_asked_for_tells_that_one_is_missing()
    {
        Assert.Equal((1, 1), Of("eclairs-alert", InventedBursts.Alert(), InventedBursts.Answer(true)));
        Assert.Equal((1, 0), Of("eclairs-alert", InventedBursts.Alert(slew: true), InventedBursts.Answer(true)));
    }

    [Theory] // Alerts 0 to the greatest known were sent, whoever tells of it.
    [InlineData(2, null, 3), InlineData(2, 0, 2), InlineData(2, 2, 2), InlineData(0, 2, 2)]
    public void A_descriptor_tells_of_the_alert_that_it_describes(int described, int? heard, int missing)
    {
        Evidence[] evidence = heard is { } count ? [Descriptor(described), InventedBursts.Alert(count)] : [Descriptor(described)];
        Assert.Equal((heard is null ? 0 : 1, missing), Of("eclairs-alert", evidence));
        Assert.Equal((heard is null ? 0 : 1, missing), Of("eclairs-alert", [.. evidence.Reverse()]));
    }

    [Fact]
    public void A_grm_curve_without_its_trigger_tells_that_it_is_missing()
    {
        var trigger = InventedBursts.Grm();
        Assert.Equal((0, 1), Of("grm-trigger", InventedMessages.Grm(trigger.T0)));
        Assert.Equal((1, null), Of("grm-trigger", InventedMessages.Grm(trigger.T0), trigger));
    }

    [Fact]
    public void An_answer_that_was_asked_for_and_did_not_come_is_missing() => Assert.Equal((0, 1), Of("slew-answer", InventedBursts.Alert(slew: true)));

    private static (int Heard, int? Missing) Of(string kind, params Evidence[] evidence)
    {
        var row = BurstViews.Completeness(new BurstDesk().Hear(evidence).State).Single(row => row.Kind == kind);
        return (row.Heard, row.Missing);
    }

    private static MessagePart Descriptor(int alert) => Assert.IsType<MessagePart>(PacketEvidence.From(PacketDefinitions.Current.Decode(
        new EclairsDescriptorPacket(
            new(PacketKind.EclairsDescriptor, InventedBursts.Observation, alert, 1, 1), alert, InventedBursts.T0, "IMT", 20.48, new(8, 120), 12.5, 6.5, 8, 125_000, 100_000_000, 0, 6320, 20,
            [4, 8, 7, 3], [new(new(10, 20), 5)]).ToFrame(alert, InventedBursts.At(30)))));
}
