using System.Collections.Immutable;

namespace Svom.Bursts;

/// <summary>What a summary becomes by news of its burst. Pure.</summary>
public static class FollowThroughRules
{
    /// <summary>Acts kept.</summary>
    public const int MostActs = 64;

    /// <summary>Nothing is known of the burst yet.</summary>
    public static FollowThroughSummary Begin(string burst) => new(burst, 0, 0, null, FollowPhase.Observed, [], [], null, null, null);

    /// <returns>The same instance when the news is older than what is known.</returns>
    public static FollowThroughSummary Apply(FollowThroughSummary summary, FollowNews news)
    {
        if (news.Version <= summary.Version)
        {
            return summary;
        }

        var standing = news.Standing;
        return summary with
        {
            Version = news.Version,
            Mission = news.Mission,
            Phase = Phase(standing),
            Steps = [.. standing.Steps.Select(step => Follow(step, summary, news))],
            Acts = [.. summary.Acts.Concat(news.Acts).TakeLast(MostActs)],
            Classification = standing.Classification,
            AcknowledgedBy = standing.AcknowledgedBy,
            Ended = standing.Status is BurstStatus.Active ? null : news.Why ?? standing.Status.ToString(),
        };
    }

    /// <summary>What is still awaited.</summary>
    public static IEnumerable<FollowedStep> Awaited(FollowThroughSummary summary) =>
        summary.Ended is null ? summary.Steps.Where(static step => step.Outcome is null) : [];

    // A packet says when it came. A validation came with what validated; mission time trails packets, so that it may seem to lie before its alert.
    private static FollowedStep Follow(StepStanding step, FollowThroughSummary summary, FollowNews news)
    {
        var at = step.Outcome is null ? null
            : step.At ?? summary.Steps.FirstOrDefault(known => known.Step == step.Step && known.Outcome == step.Outcome)?.At ?? news.ValidatedAt ?? news.Mission;
        at = at < step.Since ? step.Since : at;
        return new(step.Step, step.Since, step.Due, step.Overdue, step.Outcome, at, (at - step.Since)?.TotalSeconds, at > step.Due ? (at - step.Due)?.TotalSeconds : null);
    }

    private static FollowPhase Phase(BurstStanding standing)
    {
        var (validation, slew, position) = (Find(standing, FollowStep.Validation), Find(standing, FollowStep.Slew), Find(standing, FollowStep.Position));
        return standing.Status is BurstStatus.Retracted ? FollowPhase.Retracted
            : standing.Status is BurstStatus.Closed ? FollowPhase.Closed
            : validation?.Outcome == "rejected" ? FollowPhase.Rejected
            : validation is { Outcome: null } ? FollowPhase.AwaitingValidation
            : position is not null ? position.Outcome is null ? FollowPhase.AwaitingPosition : FollowPhase.Positioned
            : slew is not null ? slew.Outcome is null ? FollowPhase.AwaitingSlew : FollowPhase.NotSlewing
            : FollowPhase.Observed;
    }

    private static StepStanding? Find(BurstStanding standing, FollowStep step) => standing.Steps.FirstOrDefault(one => one.Step == step);
}
