using CsCheck;
using Svom.Bursts;
using Svom.Packets;
using Svom.Support;

namespace Svom.Unit.Bursts;

/// <summary>Which burst a part of a message belongs to, and that orbit and attitude belong to none.</summary>
public sealed class MessageAssignmentTests
{
    private static readonly DateTimeOffset GrmT0 = InventedBursts.T0.AddSeconds(-3);
    private readonly BurstOptions options = new();
    private AssignmentState state = AssignmentState.Empty(false);

    [Fact]
    public void Light_curves_join_the_burst_of_their_trigger_and_alert()
    {
        var burst = Assign(InventedBursts.Grm("011"));
        Assert.Equal(burst, Assign(InventedBursts.Alert()));
        Assert.Equal(burst, Assign(InventedMessages.Curve(1)));
        Assert.Equal(burst, Assign(InventedMessages.Grm(GrmT0)));
        Assert.Single(state.Sequences);
    }

    [Fact] // Shuffled on the way, or the first packets were lost: it is one burst all the same.
    public void Light_curves_heard_before_their_trigger_and_alert_are_the_same_burst()
    {
        var burst = Assign(InventedMessages.Grm(GrmT0));
        Assert.Equal(burst, Assign(InventedBursts.Grm("011")));
        Assert.Equal(burst, Assign(InventedBursts.Alert()));
        Assert.Equal(burst, Assign(InventedMessages.Curve(1)));
        Assert.Single(state.Sequences);
    }

    [Theory] // Whichever of its packets is heard first, and whichever are lost.
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Trigger_alert_and_curves_are_one_burst_in_any_order(int seed)
    {
        var random = new Random(seed);
        Evidence[] all = [InventedBursts.Grm("011"), InventedBursts.Alert(), InventedMessages.Curve(1), InventedMessages.Curve(2), InventedMessages.Grm(GrmT0)];
        for (var run = 0; run < 50; run++)
        {
            state = AssignmentState.Empty(false);
            random.Shuffle(all);
            var heard = all.Take(random.Next(1, all.Length + 1)).ToArray();
            Assert.All(heard, one => Assert.Equal("sb26030101", Assign(one)));
            Assert.Single(state.Sequences);
        }
    }

    [Fact]
    public void A_light_curve_that_comes_when_its_burst_is_forgotten_opens_no_second_one()
    {
        var much = InventedBursts.T0.AddDays(40);
        Assert.Null(Assign(InventedMessages.Curve(1), much));
        Assert.Null(Assign(InventedMessages.Grm(GrmT0), much));
        Assert.Empty(state.Sequences);
    }

    [Fact]
    public void A_late_light_curve_of_a_known_burst_finds_it()
    {
        var burst = Assign(InventedBursts.Alert());
        Assert.Equal(burst, Assign(InventedMessages.Curve(1), InventedBursts.T0.AddDays(3)));
        Assert.Equal(burst, Assign(InventedMessages.Grm(GrmT0), InventedBursts.T0.AddDays(3)));
    }

    [Fact]
    public void Orbit_and_attitude_are_no_evidence_of_any_burst()
    {
        Assert.Null(PacketEvidence.From(PacketDefinitions.Current.Decode(PacketGenerators.OrbitPackets.Single().ToFrame(1, InventedBursts.T0))));
        Assert.Null(PacketEvidence.From(PacketDefinitions.Current.Decode(PacketGenerators.AttitudePackets.Single().ToFrame(1, InventedBursts.T0))));
        Assert.False(PacketEvidence.TellsOfABurst(PacketKind.Orbit) || PacketEvidence.TellsOfABurst(PacketKind.Attitude));
    }

    private string? Assign(Evidence evidence, DateTimeOffset? watermark = null)
    {
        var plan = BurstAssignment.Assign(state, evidence, watermark ?? evidence.PacketTime, options);
        state = plan.State;
        return plan.Burst;
    }
}
