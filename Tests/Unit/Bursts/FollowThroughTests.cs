using System.Collections.Immutable;
using Svom.Bursts;
using Svom.Support;
using Svom.Workflows;
using static Svom.Support.InventedBursts;

namespace Svom.Unit.Bursts;

/// <summary>What a burst waits for, when it is overdue, and what its follow-through is told.</summary>
public sealed class FollowThroughTests
{
    private const string Id = "sb26030101";

    [Fact]
    public void An_alert_that_nobody_validates_is_overdue_when_mission_time_says_so_and_alarms_once()
    {
        var desk = new BurstDesk().Hear(Alert());
        var due = Alert().PacketTime + desk.Options.ValidationExpected;
        desk.Reach(due.AddTicks(-1));
        Assert.DoesNotContain(desk.Records, static record => record is AdvocateAlarmed);
        Assert.Equal(due, desk.Last.NextMissionDeadline);

        desk.Reach(due).Reach(due.AddMinutes(5));

        var fired = Assert.Single(desk.Records.OfType<DeadlineFired>(), static fired => fired.Rule is BurstDeadline.ValidationOverdue);
        Assert.Equal((FiredBy.Watermark, due), (fired.By, fired.Due));
        Assert.Equal("validation-overdue", Assert.Single(desk.Records.OfType<AdvocateAlarmed>()).Code);
        Assert.Null(desk.Last.NextMissionDeadline);
    }

    [Fact]
    public void A_silent_feed_makes_the_wall_clock_say_what_is_overdue()
    {
        var desk = new BurstDesk().Hear(Alert(slew: true)).Hear(Answer(true));
        var heard = Answer(true).PacketTime.AddSeconds(1);
        desk.Decide(new WallClockReached(heard + desk.Options.PositionExpected), heard + desk.Options.PositionExpected);
        Assert.Equal(["validation-overdue", "position-overdue"], desk.Records.OfType<AdvocateAlarmed>().Select(static alarm => alarm.Code));
        Assert.All(desk.Records.OfType<DeadlineFired>(), static fired => Assert.Equal(FiredBy.WallClock, fired.By));
    }

    [Fact]
    public void What_came_in_time_is_never_overdue()
    {
        var desk = new BurstDesk().Hear(Alert(slew: true)).Act(Act(BurstActKind.Validate)).Hear(Answer(true), Mxt()).Reach(At(7_200));
        Assert.Empty(desk.Records.OfType<DeadlineFired>());
        Assert.Empty(desk.Records.OfType<AdvocateAlarmed>());
    }

    [Fact] // Its own deadline and the alarm are told apart; the notices are those of a burst that nobody waits for.
    public void Overdue_changes_no_notice()
    {
        var patient = new BurstDesk().Hear(Alert(slew: true), Answer(true), Mxt(after: 2_000)).Act(Act(BurstActKind.Validate));
        var alarmed = new BurstDesk().Hear(Alert(slew: true), Answer(true)).Reach(At(1_500)).Hear(Mxt(after: 2_000)).Act(Act(BurstActKind.Validate));
        Assert.Equal(patient.Ladder, alarmed.Ladder);
    }

    [Fact]
    public void A_burst_of_days_ago_that_is_played_again_wakes_nobody()
    {
        var desk = new BurstDesk().Hear(Alert(), At(3 * 86_400)).Reach(At((3 * 86_400) + 1));
        Assert.Contains(desk.Records, static record => record is DeadlineFired { Rule: BurstDeadline.ValidationOverdue });
        Assert.Empty(desk.Records.OfType<AdvocateAlarmed>());
    }

    [Fact]
    public void The_summary_tells_what_is_awaited_what_came_after_how_long_and_how_late()
    {
        var story = new ToldBurst();
        Assert.Equal(FollowPhase.Observed, story.Hear(Grm()).Phase);
        Assert.Equal(FollowPhase.AwaitingValidation, story.Hear(Alert(slew: true)).Phase);
        Assert.Equal(FollowPhase.AwaitingSlew, story.Act(Act(BurstActKind.Validate, At(100)), At(100)).Phase);
        Assert.Equal(FollowPhase.AwaitingPosition, story.Hear(Answer(true, after: 160)).Phase);
        Assert.True(Step(story.Reach(At(160 + 900)), FollowStep.Position).Overdue);
        var summary = story.Hear(Mxt(after: 160 + 960));

        Assert.Equal(FollowPhase.Positioned, summary.Phase);
        Assert.Empty(FollowThroughRules.Awaited(summary));
        Assert.Equal(("accepted", At(100), 86, (double?)null), Told(Step(summary, FollowStep.Validation)));
        Assert.Equal(("accepted", At(160), 146, (double?)null), Told(Step(summary, FollowStep.Slew)));
        var position = Step(summary, FollowStep.Position);
        Assert.Equal((At(160 + 960), 960, 60, true), (position.At, position.AfterSeconds, position.LateSeconds, position.Overdue));
        Assert.Equal("accept", Assert.Single(summary.Acts).What);
        Assert.Null(summary.Ended);

        var ended = story.Act(Act(BurstActKind.Retract), At(2_000));
        Assert.Equal((FollowPhase.Retracted, "as seen on the screen"), (ended.Phase, ended.Ended));
        Assert.Equal(1, ended.Acts.Count(static act => act.What == "retract"));
    }

    [Fact]
    public void Without_a_slew_the_follow_through_says_that_none_was_asked_for()
    {
        var story = new ToldBurst();
        story.Hear(Alert(quality: 255));
        var summary = story.Reach(At(14 + 480));
        Assert.Equal(FollowPhase.NotSlewing, summary.Phase);
        Assert.Equal(("not-requested", At(14 + 480), 480, (double?)null), Told(Step(summary, FollowStep.Slew)));
    }

    [Fact]
    public void An_alert_that_needs_no_person_is_validated_with_its_own_packet()
    {
        var summary = new ToldBurst().Hear(Alert(quality: 255));
        Assert.Equal(("accepted", Alert().PacketTime, 0, (double?)null), Told(Step(summary, FollowStep.Validation)));
    }

    [Fact]
    public void News_twice_or_out_of_turn_change_nothing()
    {
        var desk = new BurstDesk().Hear(Alert());
        var first = FollowThroughMessages.News(desk.State, [.. desk.Records], 1, desk.Options);
        desk.Act(Act(BurstActKind.Acknowledge));
        var second = FollowThroughMessages.News(desk.State, [.. desk.Records], 2, desk.Options);
        var summary = FollowThroughRules.Apply(FollowThroughRules.Apply(FollowThroughRules.Begin(Id), first), second);
        Assert.Same(summary, FollowThroughRules.Apply(summary, first));
        Assert.Same(summary, FollowThroughRules.Apply(summary, second));
    }

    [Fact]
    public void A_burst_starts_its_workflow_with_its_first_commit_and_signals_only_what_matters()
    {
        var options = new BurstOptions();
        var opened = Decide(new(Id), new PacketsHeard([Heard(1, Grm())]));
        var start = Assert.IsType<Start>(Sent(new(Id), opened, 1));
        Assert.Equal((Id, "BurstFollowThrough", "mission"), (start.Request.RequestId, start.Request.WorkflowType, start.Request.TaskQueue));

        var repeated = Decide(opened.After, new PacketsHeard([Heard(2, Grm())]));
        Assert.Empty(FollowThroughMessages.Of(opened.After, repeated.After, repeated.Records, 2, options));
        var alerted = Decide(repeated.After, new PacketsHeard([Heard(3, Alert(quality: 255))]));
        Assert.Equal($"{Id}/3", Assert.IsType<Signal>(Sent(repeated.After, alerted, 3)).RequestId);
        var retracted = Decide(alerted.After, new ActReceived(Act(BurstActKind.Retract)));
        Assert.IsType<Signal>(Sent(alerted.After, retracted, 4));
        var late = Decide(retracted.After, new PacketsHeard([Heard(4, Mxt())]));
        Assert.Empty(FollowThroughMessages.Of(retracted.After, late.After, late.Records, 5, options));

        WorkflowInput Sent(BurstState before, Decision decision, long version)
        {
            var owed = Assert.Single(FollowThroughMessages.Of(before, decision.After, decision.Records, version, options));
            Assert.Equal((WorkflowRoute.RouteName, $"default/burst/{Id}"), (owed.Route, owed.Target));
            return WorkflowMessages.Input(WorkflowMessages.Read(owed.Payload.ToArray()));
        }
    }

    private static Decision Decide(BurstState state, BurstInput input) => BurstRules.Decide(state, input, new(At(1_000), new()));

    private static HeardPacket Heard(long position, Evidence evidence) =>
        new(position, evidence, evidence.PacketTime.AddSeconds(-2), "T1", evidence.PacketTime.AddSeconds(1), evidence.PacketTime.AddSeconds(1), evidence.PacketTime.AddSeconds(1));

    private static FollowedStep Step(FollowThroughSummary summary, FollowStep step) => summary.Steps.Single(one => one.Step == step);

    private static (string?, DateTimeOffset?, double?, double?) Told(FollowedStep step) => (step.Outcome, step.At, step.AfterSeconds, step.LateSeconds);
}

/// <summary>A burst fed by hand that tells what it does, and the summary that follows.</summary>
internal sealed class ToldBurst
{
    private readonly BurstDesk desk = new();
    private long version;

    public FollowThroughSummary Summary { get; private set; } = FollowThroughRules.Begin("sb26030101");

    public FollowNews News { get; private set; } = null!;

    public FollowThroughSummary Hear(Evidence evidence) => Tell(desk.Records.Count, desk.Hear(evidence));

    public FollowThroughSummary Reach(DateTimeOffset watermark) => Tell(desk.Records.Count, desk.Reach(watermark));

    public FollowThroughSummary Act(BurstAct act, DateTimeOffset watermark) => Tell(desk.Records.Count, desk.Act(act).Reach(watermark));

    private FollowThroughSummary Tell(int known, BurstDesk after)
    {
        News = FollowThroughMessages.News(after.State, [.. after.Records.Skip(known)], ++version, after.Options);
        return Summary = FollowThroughRules.Apply(Summary, News);
    }
}
