using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>What became of a burst so far. Times are mission time.</summary>
/// <param name="Burst">Id of the burst.</param>
/// <param name="Number">1, 2, 3, … : each change of the summary has the next one.</param>
/// <param name="Version">Version of the burst that it tells of.</param>
/// <param name="Mission">Mission time then; null while the feed has none.</param>
/// <param name="Phase">observed, awaiting-validation, rejected, awaiting-slew, not-slewing, awaiting-position, positioned, retracted or closed.</param>
/// <param name="Steps">What is awaited or came: validation, slew, position.</param>
/// <param name="Acts">Acts of people that took effect, oldest first; the latest 64.</param>
/// <param name="Classification">As a person classified it; null before.</param>
/// <param name="AcknowledgedBy">Who took charge; null before.</param>
/// <param name="Ended">Why nothing is followed any more; null while it goes on.</param>
internal sealed record FollowThroughBody(
    string Burst, int Number, long Version, DateTimeOffset? Mission, FollowPhase Phase, ImmutableArray<FollowedStepBody> Steps, ImmutableArray<FollowedActBody> Acts,
    string? Classification, string? AcknowledgedBy, string? Ended)
{
    public static FollowThroughBody Of(FollowThroughSummary summary) => new(
        summary.Burst, summary.Number, summary.Version, summary.Mission, summary.Phase,
        [.. summary.Steps.OrEmpty().Select(static step => new FollowedStepBody(
            step.Step, step.Since, step.Due, step.Overdue, step.Outcome, step.At, step.AfterSeconds, step.LateSeconds))],
        [.. summary.Acts.OrEmpty().Select(static act => new FollowedActBody(act.What, act.Who, act.At, act.Reason))],
        summary.Classification, summary.AcknowledgedBy, summary.Ended);
}

/// <param name="Step">validation, slew or position.</param>
/// <param name="Since">Packet that it is awaited since.</param>
/// <param name="Due">When it should be there; null: no limit.</param>
/// <param name="Overdue">True when it was not there in time, also when it came later.</param>
/// <param name="Outcome">What came; null while it is awaited.</param>
/// <param name="At">When it came; null while it is awaited.</param>
/// <param name="AfterSeconds">Seconds from since to at.</param>
/// <param name="LateSeconds">Seconds from due to at; null when it was in time.</param>
internal sealed record FollowedStepBody(
    FollowStep Step, DateTimeOffset? Since, DateTimeOffset? Due, bool Overdue, string? Outcome, DateTimeOffset? At, double? AfterSeconds, double? LateSeconds);

/// <param name="What">accept, reject, acknowledge, classify as …, or retract.</param>
/// <param name="Who">Name behind the token.</param>
/// <param name="At">Mission time of its effect.</param>
/// <param name="Reason">As given.</param>
internal sealed record FollowedActBody(string What, string Who, DateTimeOffset? At, string Reason);
