using Svom.Sky;

namespace Svom.Packets;

/// <summary>A source that MXT found after a slew.</summary>
/// <param name="ObservationId">ECLAIRs' sequence that led here.</param>
/// <param name="MessageCount">0 for the first position of an observation.</param>
/// <param name="SourceNumber">Which of the sources found, 1 to 3.</param>
/// <param name="ObservedAt">Time of the observation.</param>
/// <param name="Direction">Of the source from MXT's pointing.</param>
/// <param name="Pointing">MXT's pointing, body to ICRS.</param>
/// <param name="Snr">Whole numbers; 255 stands for more.</param>
/// <param name="StatisticalRadiusArcsec">90 % radius without systematic, steps of 0.01 arcsec.</param>
/// <param name="Flux">Mean flux and its error, steps of 0.01; null when not measured. The power of ten is not public.</param>
/// <param name="WithinEclairsR90">As judged on board.</param>
/// <param name="UseVtAttitude">The attitude was refined with VT.</param>
/// <param name="Satellite">Place now; the attitude is that of ECLAIRs' alert, before the slew.</param>
public sealed record MxtPositionPacket(
    uint ObservationId, int MessageCount, int SourceNumber, DateTimeOffset ObservedAt, InstrumentDirection Direction, AttitudeQuaternion Pointing,
    int Snr, double StatisticalRadiusArcsec, MxtFlux? Flux, bool WithinEclairsR90, bool UseVtAttitude, SatelliteState Satellite)
{
    /// <summary>The greatest SNR that eight bits can say.</summary>
    public const int SaturatedSnr = 255;

    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.MxtPosition];
    private static readonly FieldLayout ObservationIdField = Layout["Observation_Id"];
    private static readonly FieldLayout MessageCountField = Layout["Mxt_MsgCount"];
    private static readonly FieldLayout SourceNumberField = Layout["Mxt_SourceNumber"];
    private static readonly FieldLayout ObservedAtField = Layout["Mxt_Time"];
    private static readonly DirectionFields DirectionFields = new(Layout["Mxt_Theta"], Layout["Mxt_Phi"]);
    private static readonly QuaternionFields PointingFields = new(Layout, "Mxt_Pointing");
    private static readonly FieldLayout SnrField = Layout["Mxt_Snr"];
    private static readonly FieldLayout RadiusField = Layout["Mxt_R90Stat"];
    private static readonly FieldLayout FluxValidField = Layout["Mxt_FluxValid"];
    private static readonly FieldLayout FluxField = Layout["Mxt_MeanFlux"];
    private static readonly FieldLayout FluxErrorField = Layout["Mxt_FluxError"];
    private static readonly FieldLayout WithinField = Layout["Mxt_WithinEclairsR90"];
    private static readonly FieldLayout VtAttitudeField = Layout["Mxt_UseVtAttitude"];
    private static readonly SatelliteFields SatelliteFields = new(Layout);

    /// <summary>Place on the sky, from direction and pointing.</summary>
    public SkyPosition Position => Pointing.ToSky(Direction);

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static MxtPositionPacket From(DecodedPacket packet) => new(
        (uint)packet.Raw(ObservationIdField), (int)packet.Raw(MessageCountField), (int)packet.Raw(SourceNumberField), packet.Time(ObservedAtField),
        DirectionFields.Read(packet), PointingFields.Read(packet), (int)packet.Raw(SnrField), Hundredths(packet, RadiusField),
        packet.Flag(FluxValidField) ? new(Hundredths(packet, FluxField), Hundredths(packet, FluxErrorField)) : null,
        packet.Flag(WithinField), packet.Flag(VtAttitudeField), SatelliteFields.Read(packet));

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = new PacketBuilder(Layout)
            .Set(ObservationIdField, (double)ObservationId).Set(MessageCountField, (double)MessageCount).Set(SourceNumberField, (double)SourceNumber)
            .Set(ObservedAtField, ObservedAt).SetSaturated(SnrField, Snr).Set(RadiusField, StatisticalRadiusArcsec)
            .Set(WithinField, WithinEclairsR90).Set(VtAttitudeField, UseVtAttitude).Set(FluxValidField, Flux is not null)
            .Set(FluxField, Flux?.Mean ?? 0).Set(FluxErrorField, Flux?.Error ?? 0);
        DirectionFields.Write(builder, Direction);
        PointingFields.Write(builder, Pointing);
        SatelliteFields.Write(builder, Satellite);
        return builder.Build(sequenceCount, packetTime);
    }

    // Rounded so that a printed second decimal is the packet's own, not that of a product in floating point.
    private static double Hundredths(DecodedPacket packet, FieldLayout field) => Math.Round(packet.Number(field), 2);
}

/// <param name="Mean">Mean flux.</param>
/// <param name="Error">Its error.</param>
public sealed record MxtFlux(double Mean, double Error);
