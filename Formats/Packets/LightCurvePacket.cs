using System.Collections.Immutable;
using Svom.Packets.Messages;

namespace Svom.Packets;

/// <summary>Some bins of a light curve of ECLAIRs or GRM.</summary>
/// <param name="Header">Message and part.</param>
/// <param name="T0">T0 of the GRM trigger; null for ECLAIRs, whose packets do not say it.</param>
/// <param name="Start">Start of bin 0 of the whole curve.</param>
/// <param name="BinSeconds">Length of a bin; null for an unknown code.</param>
/// <param name="Bins">Bins of the whole curve.</param>
/// <param name="Detectors">Which of GRD1 to GRD3 are counted in, for example <c>101</c>; null for ECLAIRs.</param>
/// <param name="Counts">Counts by band, then bin, as many bins as a part holds; 65535 stands for more.</param>
public sealed record LightCurvePacket(
    MessagePartHeader Header, DateTimeOffset? T0, DateTimeOffset Start, double? BinSeconds, int Bins, string? Detectors, ImmutableArray<ImmutableArray<int>> Counts)
{
    private static readonly EnergyBand[] EclairsBands = [new(5, 8), new(8, 20), new(20, 50), new(50, 120)];
    private static readonly EnergyBand[] GrmBands = [new(8.539406, 17.078812), new(17.078812, 51.236435), new(51.236435, 264.7216)];
    private static readonly Dictionary<PacketKind, LightCurveFields> FieldsOf = new()
    {
        [PacketKind.EclairsLightCurveHigh] = new(PacketDefinitions.Current[PacketKind.EclairsLightCurveHigh], EclairsBands.Length),
        [PacketKind.EclairsLightCurveLow] = new(PacketDefinitions.Current[PacketKind.EclairsLightCurveLow], EclairsBands.Length),
        [PacketKind.GrmLightCurve] = new(PacketDefinitions.Current[PacketKind.GrmLightCurve], GrmBands.Length),
    };

    /// <summary>Energy bands of a kind of curve.</summary>
    public static IReadOnlyList<EnergyBand> BandsOf(PacketKind kind) => kind is PacketKind.GrmLightCurve ? GrmBands : EclairsBands;

    /// <summary>Bins that one part holds.</summary>
    public static int BinsPerPart(PacketKind kind) => FieldsOf[kind].Counts[0].Length;

    /// <summary>Parts that a curve needs.</summary>
    public static int PartsOf(PacketKind kind, int bins) => (bins + BinsPerPart(kind) - 1) / BinsPerPart(kind);

    /// <summary>Reads a decoded packet of one of the three kinds.</summary>
    public static LightCurvePacket From(DecodedPacket packet)
    {
        var fields = FieldsOf[packet.Kind];
        return new(
            MessagePartHeader.Read(packet), fields.T0 is { } t0 ? packet.Time(t0) : null, packet.Time(fields.Start), packet.Code(fields.BinTime)?.Values?[0],
            (int)packet.Raw(fields.Bins), fields.Detectors is { } detectors ? string.Concat(detectors.Select(field => packet.Flag(field) ? '1' : '0')) : null,
            [.. fields.Counts.Select(band => band.Select(field => (int)packet.Raw(field)).ToImmutableArray())]);
    }

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var fields = FieldsOf[Header.Kind];
        var builder = MessageFields.Begin(PacketDefinitions.Current[Header.Kind], Header)
            .Set(fields.Start, Start).Set(fields.BinTime, fields.BinTime.FindCode(BinSeconds ?? 0)).Set(fields.Bins, (double)Bins);
        if (fields.T0 is { } t0 && fields.Detectors is { } detectors)
        {
            builder.Set(t0, T0 ?? Start);
            for (var n = 0; n < detectors.Length; n++)
            {
                builder.Set(detectors[n], Detectors?[n] == '1');
            }
        }

        for (var band = 0; band < fields.Counts.Length; band++)
        {
            for (var bin = 0; bin < fields.Counts[band].Length; bin++)
            {
                builder.SetSaturated(fields.Counts[band][bin], Counts[band][bin]);
            }
        }

        return builder.Build(sequenceCount, packetTime);
    }

    private sealed class LightCurveFields(PacketLayout layout, int bands)
    {
        public FieldLayout? T0 { get; } = layout.Kind is PacketKind.GrmLightCurve ? layout["Grm_T0"] : null;

        public FieldLayout[]? Detectors { get; } = layout.Kind is PacketKind.GrmLightCurve ? [layout["Grm_Grd1"], layout["Grm_Grd2"], layout["Grm_Grd3"]] : null;

        public FieldLayout Start { get; } = layout["Lc_Start"];

        public FieldLayout BinTime { get; } = layout["Lc_BinTime"];

        public FieldLayout Bins { get; } = layout["Lc_Bins"];

        public FieldLayout[][] Counts { get; } = [.. Enumerable.Range(1, bands).Select(band => layout.Repeated($"Lc_CountsBand{band}"))];
    }
}
