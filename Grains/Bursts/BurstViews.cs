using System.Collections.Immutable;
using System.Globalization;

namespace Svom.Bursts;

/// <summary>What people and programs see of a burst.</summary>
public static class BurstViews
{
    /// <summary>The burst as it stands.</summary>
    /// <param name="version">Version of its stream.</param>
    public static BurstView View(BurstState state, string? session, long version, BurstOptions options)
    {
        var positions = Positions(state.Science);
        return new(
            state.Id, session, version, state.Status, state.Science.ObservationId?.ToString(CultureInfo.InvariantCulture),
            new(state.Science.GrmT0, state.Science.EclairsT0), state.Science.ObservationId is null ? null : state.Science.SlewStatus,
            state.Classification, state.AcknowledgedBy, state.Validated, positions.FirstOrDefault(), positions, Completeness(state.Science),
            [.. state.Notices.Select(n => new NoticeReference($"{state.Id}_{n.Name}", n.Type, n.Sent, n.Decided))], [.. state.Related],
            state.FirstHeard ?? default, state.Updated ?? default, BurstDeadlines.NextMission(state, options));
    }

    /// <summary>Ladder of positions, best first: MXT, ECLAIRs, GRM.</summary>
    public static ImmutableArray<BurstPosition> Positions(ScientificState science)
    {
        var ladder = ImmutableArray.CreateBuilder<BurstPosition>();
        if (science.BestMxt is { } mxt && mxt.Snr > MxtRules.LeastSnr)
        {
            ladder.Add(new(Instruments.Mxt, mxt.Ra, mxt.Dec, MxtRules.RadiusDegrees(mxt.StatisticalRadiusArcsec), mxt.Snr, mxt.ObservationTime));
        }

        if (science.BestAlert is { } alert)
        {
            ladder.Add(new(Instruments.Eclairs, alert.Ra, alert.Dec, EclairsRules.RadiusDegrees(alert.Snr), alert.Snr, alert.WindowStart));
        }

        if (science.GrmBest is { DetectorCount: 3, Position: { } found } trigger)
        {
            ladder.Add(new(Instruments.Grm, found.Ra, found.Dec, null, trigger.Snr, trigger.WindowStart));
        }

        return ladder.ToImmutable();
    }

    /// <summary>Packets by kind. Message counts below the highest heard tell which alerts are missing.</summary>
    public static ImmutableArray<PacketCount> Completeness(ScientificState science) =>
    [
        new("eclairs-alert", science.Alerts.Count, science.Alerts.IsEmpty ? null : science.Alerts.Keys.Max() + 1 - science.Alerts.Count, Recovered: science.Alerts.Values.Count(static alert => alert.Recovered)),
        new("slew-answer", science.Slew is null ? 0 : 1, science.FirstSlewRequest is null ? null : science.Slew is null ? 1 : 0, Recovered: science.Slew is { Recovered: true } ? 1 : 0),
        new("grm-trigger", science.GrmTimes.Count, null, Recovered: science.GrmRecovered?.Count ?? 0),
        new("mxt-position", science.MxtTimes.Count, null, Recovered: science.MxtRecovered?.Count ?? 0),
    ];
}
