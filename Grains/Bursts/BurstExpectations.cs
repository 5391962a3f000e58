namespace Svom.Bursts;

/// <summary>What a burst expects to hear, and until when by mission time. None of it makes a notice: what is overdue alarms the advocate.</summary>
internal static class BurstExpectations
{
    /// <summary>Mission time until which the first alert should be accepted or rejected; null without an alert.</summary>
    public static DateTimeOffset? ValidationDue(BurstState state, BurstOptions options) => state.Science.FirstAlert?.PacketTime + options.ValidationExpected;

    /// <summary>Mission time until which MXT should have told a position; null while the platform has not accepted a slew.</summary>
    public static DateTimeOffset? PositionDue(BurstState state, BurstOptions options) =>
        state.Science.Slew is { Accepted: true } answer ? answer.PacketTime + options.PositionExpected : null;

    /// <summary>The best MXT position that may be told; null while there is none.</summary>
    public static MxtPosition? Position(BurstState state) =>
        state.Science.BestMxt is { Implausible: false } best && MxtRules.Quality(best) is not null ? best : null;

    /// <summary>Deadlines that have not fired yet, by mission time.</summary>
    public static IEnumerable<(BurstDeadline Rule, DateTimeOffset Due)> ByMission(BurstState state, BurstOptions options)
    {
        if (AwaitsValidation(state) && ValidationDue(state, options) is { } validation)
        {
            yield return (BurstDeadline.ValidationOverdue, validation);
        }

        if (AwaitsPosition(state) && PositionDue(state, options) is { } position)
        {
            yield return (BurstDeadline.PositionOverdue, position);
        }
    }

    /// <summary>The same by wall time: as long after the packet was heard, for a feed that has fallen silent.</summary>
    public static IEnumerable<(BurstDeadline Rule, DateTimeOffset Due)> ByWall(BurstState state, BurstOptions options)
    {
        if (AwaitsValidation(state) && state.EclairsFirstHeard + options.ValidationExpected is { } validation)
        {
            yield return (BurstDeadline.ValidationOverdue, validation);
        }

        if (AwaitsPosition(state) && state.Hearings.GetValueOrDefault(BurstFold.HearingKey(state.Science.Slew!))?.DecodedAt + options.PositionExpected is { } position)
        {
            yield return (BurstDeadline.PositionOverdue, position);
        }
    }

    private static bool AwaitsValidation(BurstState state) =>
        state is { Status: BurstStatus.Active, Validated: null, Science.FirstAlert: not null } && !state.Fired.Contains(BurstDeadline.ValidationOverdue);

    private static bool AwaitsPosition(BurstState state) =>
        state is { Status: BurstStatus.Active, Science.Slew.Accepted: true } && Position(state) is null && !state.Fired.Contains(BurstDeadline.PositionOverdue);
}
