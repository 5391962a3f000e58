using System.Collections.Immutable;
using System.Globalization;
using Svom.Packets;
using Svom.Packets.Messages;

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
            state.Classification, state.AcknowledgedBy, state.Validated, positions.FirstOrDefault(), positions, Completeness(state),
            [.. state.Notices.Select(n => new NoticeReference($"{state.Id}_{n.Name}", n.Type, n.Sent, n.Decided))], [.. state.Related],
            state.FirstHeard ?? default, state.Updated ?? default, BurstDeadlines.NextMission(state, options), MessageViews.Summary(state));
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

    /// <summary>
    /// Packets by kind. Message counts below the highest heard tell which alerts are missing, parts not heard what of messages, and what speaks of an alert
    /// or a trigger that nobody heard tells that it was sent; sequence counts tell what the application sent beside, at most: see <see cref="FeedCounts"/>.
    /// </summary>
    public static ImmutableArray<PacketCount> Completeness(BurstState state)
    {
        var science = state.Science;
        return
        [
            Count("eclairs-alert", PacketKind.EclairsAlert, science.Alerts.Count, MissingAlerts(science))
                with { Recovered = science.Alerts.Values.Count(static alert => alert.Recovered) },
            Count("slew-answer", PacketKind.EclairsSlewStatus, science.Slew is null ? 0 : 1, science.FirstSlewRequest is null ? null : science.Slew is null ? 1 : 0)
                with { Recovered = science.Slew is { Recovered: true } ? 1 : 0 },
            Count("grm-trigger", PacketKind.GrmTrigger, science.GrmTimes.Count, MissingTriggers(science)) with { Recovered = science.GrmRecovered?.Count ?? 0 },
            Count("mxt-position", PacketKind.MxtPosition, science.MxtTimes.Count, null) with { Recovered = science.MxtRecovered?.Count ?? 0 },
            .. science.Messages.Values.GroupBy(static message => message.Kind, StringComparer.Ordinal).OrderBy(static kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => Count(kind.Key, MessageKinds.Parse(kind.Key), kind.Sum(static message => message.Have), kind.Sum(static message => message.Expected - message.Have))
                    with { Recovered = kind.Sum(static message => message.Recovered.Length) }),
        ];

        PacketCount Count(string name, PacketKind? kind, int heard, int? missing)
        {
            var apid = kind is { } known ? PacketDefinitions.Current[known].Apid : (int?)null;
            var arrived = apid is { } application ? state.Arrived.GetValueOrDefault(application, ArrivedPackets.None) : ArrivedPackets.None;
            return new(name, heard, missing, apid, arrived.Expected, arrived.Present, arrived.Late, Gaps: arrived.Gaps);
        }
    }

    // Alerts count their messages from 0, a descriptor names the alert that it is about, whatever carries the Observation ID followed an alert, and an
    // answer one that asked.
    private static int? MissingAlerts(ScientificState science)
    {
        var sent = science.Alerts.Keys.Concat(DescribedAlerts(science)).Select(static count => count + 1).DefaultIfEmpty(science.ObservationId is null ? 0 : 1).Max();
        return sent == 0 ? null : Math.Max(sent - science.Alerts.Count, science.Slew is not null && science.FirstSlewRequest is null ? 1 : 0);
    }

    private static IEnumerable<int> DescribedAlerts(ScientificState science) => science.Messages.Values
        .Where(static message => MessageKinds.Parse(message.Kind) is PacketKind.EclairsDescriptor)
        .Select(static message => AssembledMessage.Of(PacketKind.EclairsDescriptor, message.Best.Parts.Values.Select(Convert.FromBase64String)))
        .OfType<AssembledDescriptor>().Select(static descriptor => descriptor.Packet.MessageCount);

    // GRM sends a light curve of what it triggered on. Once a trigger was heard, counts do not tell whether there was another.
    private static int? MissingTriggers(ScientificState science) =>
        science.GrmTimes.IsEmpty && science.Messages.Values.Where(static message => MessageRules.IsOfGrm(message.Kind)).Select(static message => message.ObservationId).Distinct().Count() is > 0 and var curves
            ? curves : null;
}
