using System.Collections.Immutable;

namespace Svom.Packets;

/// <summary>ECLAIRs' recurrent message: state of instrument and background, also without a burst.</summary>
/// <param name="ObservationId">Sequence last begun; 0 before the first one.</param>
/// <param name="TakenAt">When the values were taken.</param>
/// <param name="Mode">What the instrument does; null for an unknown code.</param>
/// <param name="ActivePixels">Detector pixels in use, at most 6400.</param>
/// <param name="Counts">Counts of the last second in four bands.</param>
/// <param name="Background">Background expected in the same bands.</param>
/// <param name="DeadTimePercent">Share of time in which the detector could not count.</param>
/// <param name="TemperatureCelsius">Of the detector plane.</param>
/// <param name="AlertThresholdSigma">SNR above which an excess is told.</param>
/// <param name="SlewThresholdSigma">SNR above which the platform is asked to slew.</param>
/// <param name="Satellite">Place and attitude.</param>
public sealed record EclairsRecurrentPacket(
    uint ObservationId, DateTimeOffset TakenAt, string? Mode, int ActivePixels, ImmutableArray<int> Counts, ImmutableArray<int> Background,
    double DeadTimePercent, double TemperatureCelsius, double AlertThresholdSigma, double SlewThresholdSigma, SatelliteState Satellite)
{
    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.EclairsRecurrent];
    private static readonly FieldLayout ObservationIdField = Layout["Observation_Id"];
    private static readonly FieldLayout TakenAtField = Layout["Inst_Time"];
    private static readonly FieldLayout ModeField = Layout["Inst_Mode"];
    private static readonly FieldLayout ActivePixelsField = Layout["Inst_ActivePixels"];
    private static readonly FieldLayout[] CountsFields = [Layout["Det_CountsBand1"], Layout["Det_CountsBand2"], Layout["Det_CountsBand3"], Layout["Det_CountsBand4"]];
    private static readonly FieldLayout[] BackgroundFields = [Layout["Det_BkgBand1"], Layout["Det_BkgBand2"], Layout["Det_BkgBand3"], Layout["Det_BkgBand4"]];
    private static readonly FieldLayout DeadTimeField = Layout["Det_DeadTime"];
    private static readonly FieldLayout TemperatureField = Layout["Det_Temperature"];
    private static readonly FieldLayout AlertThresholdField = Layout["Trig_AlertThreshold"];
    private static readonly FieldLayout SlewThresholdField = Layout["Trig_SlewThreshold"];
    private static readonly FieldLayout CrtRunningField = Layout["Trig_CrtRunning"];
    private static readonly FieldLayout ImtRunningField = Layout["Trig_ImtRunning"];
    private static readonly SatelliteFields SatelliteFields = new(Layout);

    /// <summary>Both triggers run while the instrument observes.</summary>
    public const string Observing = "observing";

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static EclairsRecurrentPacket From(DecodedPacket packet) => new(
        (uint)packet.Raw(ObservationIdField), packet.Time(TakenAtField), packet.Code(ModeField)?.Name, (int)packet.Raw(ActivePixelsField),
        [.. CountsFields.Select(field => (int)packet.Raw(field))], [.. BackgroundFields.Select(field => (int)packet.Raw(field))],
        packet.Number(DeadTimeField), packet.Number(TemperatureField), packet.Number(AlertThresholdField), packet.Number(SlewThresholdField),
        SatelliteFields.Read(packet));

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var observing = string.Equals(Mode, Observing, StringComparison.Ordinal);
        var builder = new PacketBuilder(Layout)
            .Set(ObservationIdField, (double)ObservationId).Set(TakenAtField, TakenAt).Set(ModeField, ModeField.FindCode(Mode ?? string.Empty))
            .Set(ActivePixelsField, (double)ActivePixels).Set(DeadTimeField, DeadTimePercent).Set(TemperatureField, TemperatureCelsius)
            .Set(AlertThresholdField, AlertThresholdSigma).Set(SlewThresholdField, SlewThresholdSigma)
            .Set(CrtRunningField, observing).Set(ImtRunningField, observing);
        for (var band = 0; band < CountsFields.Length; band++)
        {
            builder.Set(CountsFields[band], (double)Counts[band]).Set(BackgroundFields[band], (double)Background[band]);
        }

        SatelliteFields.Write(builder, Satellite);
        return builder.Build(sequenceCount, packetTime);
    }
}
