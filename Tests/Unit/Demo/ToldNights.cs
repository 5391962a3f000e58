using System.Collections.Immutable;

namespace Svom.Demo;

/// <summary>An invented night as the public doors tell it: a trigger, two alerts, a slew, a position and a light curve of four parts.</summary>
internal static class ToldNights
{
    public const string TriggerFact = "GRM trigger: SNR 7.90, detectors 011";
    public const string AlertFact = "ECLAIRs alert 0: SNR 30.71 in 20.48 s (IMT)";
    public const string SecondAlertFact = "ECLAIRs alert 1: SNR 41.20 in 20.48 s (IMT), asks for a slew";
    public const string SlewFact = "The platform accepts the slew";
    public const string PositionFact = "MXT position of source 1: SNR 140, radius 93.9 arcsec";

    private static readonly ImmutableArray<ToldFact> Story =
        [new(TriggerFact), new(AlertFact), new(SecondAlertFact), new("operator: accept, a burst"), new(SlewFact), new(PositionFact)];

    private static readonly ImmutableArray<ToldPacket> Packets =
    [
        new("trigger", 1313, "GrmTrigger", 5), new("alert-0", 1282, "EclairsAlert", 5), new("alert-1", 1282, "EclairsAlert", 6), new("slew", 1283, "EclairsSlewStatus", 5), new("mxt", 1345, "MxtPosition", 5),
        .. Enumerable.Range(1, 4).Select(static part => new ToldPacket($"curve-{part}", 1284, "EclairsLightCurveHigh", 10 + part)),
    ];

    public static ToldBurst Burst { get; } = new(
        "tb26042101",
        Values(("observation", "\"77\""), ("t0.grm", "\"04:13:22\""), ("t0.eclairs", "\"04:13:25\""), ("slewStatus", "\"accepted\""), ("validated", "\"accepted\""), ("status", "\"active\""),
            ("best", "MXT"), ("position[MXT].ra", "190.03"), ("position[MXT].snr", "140"), ("position[ECLAIRs].ra", "189.98"), ("position[ECLAIRs].snr", "41.2")),
        [
            new("eclairs-alert", 1282, 2, 0, 2, 2), new("slew-answer", 1283, 1, 0, 1, 1), new("grm-trigger", 1313, 1, null, 1, 1), new("mxt-position", 1345, 1, null, 1, 1),
            new("eclairs-light-curve-high", 1284, 4, 0, 4, 4),
        ],
        Packets,
        [new("eclairs-light-curve-high/0/77", "eclairs-light-curve-high", 4, [], Bins(1, 2, 3, 4))],
        [
            new("grm-trigger", "sent", [.. Story.Take(1)], Values(("snr", "7.9"))), new("eclairs-wakeup", "sent", [.. Story.Take(4)], Values(("ra", "189.98"), ("slew_status", "\"requested\""))),
            new("slewing", "sent", [.. Story.Take(5)], Values(("ra", "189.98"))), new("mxt-initial_qf2", "sent", [.. Story], Values(("ra", "190.03"))),
        ],
        Story, [], PositionAwaited: false);

    public static ToldRun Perfect { get; } = Run(Burst);

    /// <summary>Everything arrived, all over another feed.</summary>
    public static ToldBurst Whole { get; } = Burst with { Id = "tb26042102" };

    public static ToldRun Run(params ImmutableArray<ToldBurst> bursts) =>
        new([.. bursts.SelectMany(static burst => burst.Packets).DistinctBy(static packet => packet.Id), new("recurrent", 1281, "EclairsRecurrent", 3)], bursts);

    public static ImmutableSortedDictionary<string, string> Values(params (string Path, string Value)[] values) =>
        values.ToImmutableSortedDictionary(static value => value.Path, static value => value.Value, StringComparer.Ordinal);

    /// <summary>The light curve as far as these parts say it.</summary>
    public static ImmutableSortedDictionary<string, string> Bins(params int[] parts) =>
        Values([("lightCurve.binSeconds", "1"), .. parts.Select(static part => ($"lightCurve.counts[0][{part}]", $"{100 + part}"))]);

    /// <summary>Without a packet, and with what the completeness says of its kind then.</summary>
    public static ToldBurst Without(this ToldBurst burst, string packet, string kind, int? missing, int expected, int present) => burst with
    {
        Packets = burst.Packets.RemoveAll(one => one.Id == packet),
        Completeness = [.. burst.Completeness.Select(row => row.Kind == kind ? row with { Heard = row.Heard - 1, Missing = missing, Expected = expected, Present = present } : row)],
    };

    public static ToldBurst WithValue(this ToldBurst burst, string path, string? value) => burst with { Values = value is null ? burst.Values.Remove(path) : burst.Values.SetItem(path, value) };

    /// <summary>The timeline without a fact, and no notice that knew of it.</summary>
    public static ToldBurst NeverHeard(this ToldBurst burst, string fact) => burst with
    {
        Heard = burst.Heard.RemoveAll(one => one.Text == fact),
        Notices = [.. burst.Notices.Select(notice => notice with { Known = notice.Known.RemoveAll(one => one.Text == fact) })],
    };

    public static ToldBurst WithNotice(this ToldBurst burst, string name, Func<ToldNotice, ToldNotice?> change) =>
        burst with { Notices = [.. burst.Notices.Select(notice => notice.Name == name ? change(notice) : notice).OfType<ToldNotice>()] };
}
