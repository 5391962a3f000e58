using Svom.Sky;

namespace Svom.Packets;

/// <summary>Edges of an energy band, keV, exactly as the definitions list them.</summary>
public sealed record EnergyBand(double LowKev, double HighKev);

/// <summary>An ECLAIRs alert: first, refined, or with a slew request.</summary>
/// <param name="ObservationId">Identifies the sequence.</param>
/// <param name="MessageCount">0 for the first alert of a sequence.</param>
/// <param name="SequenceT0">T0 of the sequence: the same in all its alerts.</param>
/// <param name="WindowStart">Start of the window of the excess.</param>
/// <param name="SlewRequest">The threshold for a slew was passed.</param>
/// <param name="Direction">Of the source, in the instrument's frame.</param>
/// <param name="CatalogId">Number in the on-board catalogue; 0 for an unknown source.</param>
/// <param name="SkyCounts">Counts of the excess in the sky image.</param>
/// <param name="SkyVariance">Variance of the sky image there.</param>
/// <param name="Quality">Confidence, 255 is best.</param>
/// <param name="Trigger">CRT or IMT; null for an unknown code.</param>
/// <param name="TimescaleSeconds">Length of the window; null for an unknown code.</param>
/// <param name="Band">Energy band; null for an unknown code.</param>
/// <param name="Satellite">Place and attitude.</param>
public sealed record EclairsAlertPacket(
    uint ObservationId, int MessageCount, DateTimeOffset SequenceT0, DateTimeOffset WindowStart, bool SlewRequest, InstrumentDirection Direction,
    int CatalogId, uint SkyCounts, uint SkyVariance, int Quality, string? Trigger, double? TimescaleSeconds, EnergyBand? Band, SatelliteState Satellite)
{
    // The sky image has 199 pixels a side; a tangent of one lies at its edge.
    private const int CentralPixel = 99;

    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.EclairsAlert];
    private static readonly FieldLayout ObservationIdField = Layout["Observation_Id"];
    private static readonly FieldLayout MessageCountField = Layout["Alert_MsgCount"];
    private static readonly FieldLayout SequenceT0Field = Layout["Alert_SeqT0"];
    private static readonly FieldLayout WindowStartField = Layout["Alert_TimeTbAbs"];
    private static readonly FieldLayout WindowOffsetField = Layout["Alert_TimeTb"];
    private static readonly FieldLayout SlewRequestField = Layout["Alert_SlewRequest"];
    private static readonly DirectionFields DirectionFields = new(Layout["Alert_SkyTheta"], Layout["Alert_SkyPhi"]);
    private static readonly FieldLayout CatalogIdField = Layout["Alert_CatSrcNum"];
    private static readonly FieldLayout YPixelField = Layout["Alert_SkyYpix"];
    private static readonly FieldLayout ZPixelField = Layout["Alert_SkyZpix"];
    private static readonly FieldLayout YFitField = Layout["Alert_SkyYfit"];
    private static readonly FieldLayout ZFitField = Layout["Alert_SkyZfit"];
    private static readonly FieldLayout SkyCountsField = Layout["Alert_SkyCnt"];
    private static readonly FieldLayout SkyCountsFittedField = Layout["Alert_SkyCntFit"];
    private static readonly FieldLayout SkyVarianceField = Layout["Alert_SkyVar"];
    private static readonly FieldLayout QualityField = Layout["Alert_Quality"];
    private static readonly FieldLayout TriggerField = Layout["Alert_TriggerAlgorithm"];
    private static readonly FieldLayout TimescaleField = Layout["Alert_TriggerTimescale"];
    private static readonly FieldLayout BandField = Layout["Alert_TriggerBand"];
    private static readonly FieldLayout DetectorCountsField = Layout["Alert_DetCounts"];
    private static readonly FieldLayout DetectorBackgroundField = Layout["Alert_DetBkg"];
    private static readonly SatelliteFields SatelliteFields = new(Layout);

    /// <summary>Signal to noise: counts over the root of the variance; 0 without variance.</summary>
    public double Snr => SkyVariance == 0 ? 0 : SkyCounts / Math.Sqrt(SkyVariance);

    /// <summary>Place on the sky, from direction and attitude.</summary>
    public SkyPosition Position => Satellite.Attitude.ToSky(Direction);

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static EclairsAlertPacket From(DecodedPacket packet) => new(
        (uint)packet.Raw(ObservationIdField), (int)packet.Raw(MessageCountField), packet.Time(SequenceT0Field), packet.Time(WindowStartField),
        packet.Flag(SlewRequestField), DirectionFields.Read(packet), (int)packet.Raw(CatalogIdField), (uint)packet.Raw(SkyCountsField),
        (uint)packet.Raw(SkyVarianceField), (int)packet.Raw(QualityField), packet.Code(TriggerField)?.Name, packet.Code(TimescaleField).Length(),
        packet.Code(BandField).Band(), SatelliteFields.Read(packet));

    /// <summary>The layout can say this window length.</summary>
    public static bool Knows(double timescaleSeconds) => TimescaleField.FindCode(timescaleSeconds) is not null;

    /// <summary>The layout can say this energy band.</summary>
    public static bool Knows(EnergyBand band) => BandField.FindCode(band.LowKev, band.HighKev) is not null;

    /// <summary>Writes the frame. Pixels, fits and detector counts, which nothing on the ground depends on, follow from the rest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = new PacketBuilder(Layout)
            .Set(ObservationIdField, (double)ObservationId).Set(MessageCountField, (double)MessageCount).Set(SequenceT0Field, SequenceT0)
            .Set(WindowStartField, WindowStart).SetSaturated(WindowOffsetField, (WindowStart - SequenceT0).TotalSeconds)
            .Set(SlewRequestField, SlewRequest).Set(CatalogIdField, (double)CatalogId).Set(SkyCountsField, (double)SkyCounts)
            .Set(SkyCountsFittedField, (double)SkyCounts).Set(SkyVarianceField, (double)SkyVariance).Set(QualityField, (double)Quality)
            .Set(TriggerField, TriggerField.FindCode(Trigger ?? string.Empty)).Set(TimescaleField, TimescaleField.FindCode(TimescaleSeconds ?? 0))
            .Set(BandField, BandField.FindCode(Band?.LowKev ?? 0, Band?.HighKev ?? 0))
            .SetSaturated(DetectorCountsField, (double)SkyVariance + SkyCounts).SetSaturated(DetectorBackgroundField, SkyVariance);
        DirectionFields.Write(builder, Direction);
        WriteImagePlace(builder);
        SatelliteFields.Write(builder, Satellite);
        return builder.Build(sequenceCount, packetTime);
    }

    private void WriteImagePlace(PacketBuilder builder)
    {
        // Beyond 89 degrees the tangent plane ends; the fields then saturate, as their meaning says.
        var tangent = Math.Tan(double.DegreesToRadians(Math.Min(Direction.Theta, 89)));
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(Direction.Phi));
        builder.SetSaturated(YFitField, tangent * cos).SetSaturated(ZFitField, tangent * sin)
            .SetSaturated(YPixelField, CentralPixel * (1 + (tangent * cos))).SetSaturated(ZPixelField, CentralPixel * (1 + (tangent * sin)));
    }
}

/// <summary>What codes mean to the typed readers.</summary>
internal static class CodeMeanings
{
    public static double? Length(this CodeEntry? code) => code?.Values is { Count: 1 } values ? values[0] : null;

    public static EnergyBand? Band(this CodeEntry? code) => code?.Values is { Count: 2 } values ? new(values[0], values[1]) : null;
}
