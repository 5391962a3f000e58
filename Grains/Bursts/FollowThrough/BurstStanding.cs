using System.Collections.Immutable;

namespace Svom.Bursts;

/// <summary>What a burst waits for or has got, as its own rules see it. Times are mission time.</summary>
/// <param name="Outcome">Null while it is awaited.</param>
/// <param name="At">Packet that brought it; null where no packet did.</param>
public sealed record StepStanding(FollowStep Step, DateTimeOffset? Since, DateTimeOffset? Due, bool Overdue, string? Outcome, DateTimeOffset? At);

/// <summary>What of a burst matters to its follow-through: when none of it changes, there is nothing to tell.</summary>
public sealed record BurstStanding(BurstStatus Status, ImmutableArray<StepStanding> Steps, string? Classification, string? AcknowledgedBy)
{
    /// <summary>The standing of a burst.</summary>
    internal static BurstStanding Of(BurstState state, BurstOptions options) =>
        new(state.Status, [.. Validation(state, options), .. Slew(state, options), .. Position(state, options)], state.Classification, state.AcknowledgedBy);

    /// <summary>True when nothing that matters differs.</summary>
    public bool SameAs(BurstStanding other) =>
        (Status, Classification, AcknowledgedBy) == (other.Status, other.Classification, other.AcknowledgedBy) && Steps.SequenceEqual(other.Steps);

    private static IEnumerable<StepStanding> Validation(BurstState state, BurstOptions options) => state.Science.FirstAlert is { } alert
        ? [new(FollowStep.Validation, alert.PacketTime, BurstExpectations.ValidationDue(state, options), state.Fired.Contains(BurstDeadline.ValidationOverdue), state.Validated, null)]
        : [];

    // Nothing limits how long the platform may take to answer a request; that none was made is known at the end of the burst's own deadline.
    private static IEnumerable<StepStanding> Slew(BurstState state, BurstOptions options)
    {
        var (alert, answer) = (state.Science.FirstAlert, state.Science.Slew);
        if (alert is null && answer is null)
        {
            return [];
        }

        DateTimeOffset? due = state.Science.FirstSlewRequest is null ? alert?.PacketTime + options.SlewDeadline : null;
        return answer is not null ? [new(FollowStep.Slew, alert?.PacketTime, due, false, answer.Accepted ? SlewStatuses.Accepted : SlewStatuses.Rejected, answer.PacketTime)]
            : due is not null && state.Fired.Contains(BurstDeadline.NoSlew) ? [new(FollowStep.Slew, alert?.PacketTime, due, false, SlewStatuses.NotRequested, due)]
            : [new(FollowStep.Slew, alert?.PacketTime, due, false, null, null)];
    }

    private static IEnumerable<StepStanding> Position(BurstState state, BurstOptions options)
    {
        var due = BurstExpectations.PositionDue(state, options);
        var found = BurstExpectations.Position(state);
        return due is null && found is null
            ? []
            : [new(
                FollowStep.Position, due is null ? null : state.Science.Slew!.PacketTime, due, state.Fired.Contains(BurstDeadline.PositionOverdue),
                found is null ? null : FormattableString.Invariant($"source {found.Source}, SNR {found.Snr}, radius {MxtRules.RadiusDegrees(found.StatisticalRadiusArcsec) * 3600:F0} arcsec"),
                found is null ? null : state.Science.Mxt.Values.Where(static m => !m.Implausible && MxtRules.Quality(m) is not null).Min(static m => m.PacketTime))];
    }
}

/// <summary>What a burst tells its follow-through after a commit.</summary>
/// <param name="Version">Version of the burst: older news than what is known says nothing.</param>
/// <param name="Mission">Mission time; null while the feed has none.</param>
/// <param name="Acts">Acts that took effect since the last news.</param>
/// <param name="ValidatedAt">Mission time of the act or packet that validated; null when none of these did.</param>
/// <param name="Why">Why the burst is retracted or closed; null while it is neither.</param>
public sealed record FollowNews(long Version, DateTimeOffset? Mission, BurstStanding Standing, ImmutableArray<FollowedAct> Acts, DateTimeOffset? ValidatedAt, string? Why);
