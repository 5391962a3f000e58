using Svom.Sky;

namespace Svom.Packets;

/// <summary>A trigger of the burst monitor.</summary>
/// <param name="ObservationId">Identifies the trigger's sequence.</param>
/// <param name="MessageCount">0 for the first message of a trigger.</param>
/// <param name="T0">End of the window that triggered first.</param>
/// <param name="WindowStart">Start of the window.</param>
/// <param name="TimescaleSeconds">Length of the window; null for an unknown code.</param>
/// <param name="Band">Energy band; null for an unknown code.</param>
/// <param name="Counts">In the window.</param>
/// <param name="Background">Expected in the window.</param>
/// <param name="Detectors">Which of the three fired, as three digits of 0 and 1, detector 1 first.</param>
/// <param name="Direction">Of the source in the instrument's frame; null when none was found.</param>
/// <param name="Satellite">Place and attitude.</param>
public sealed record GrmTriggerPacket(
    uint ObservationId, int MessageCount, DateTimeOffset T0, DateTimeOffset WindowStart, double? TimescaleSeconds, EnergyBand? Band,
    uint Counts, uint Background, string Detectors, InstrumentDirection? Direction, SatelliteState Satellite)
{
    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.GrmTrigger];
    private static readonly FieldLayout ObservationIdField = Layout["Observation_Id"];
    private static readonly FieldLayout MessageCountField = Layout["Grm_MsgCount"];
    private static readonly FieldLayout T0Field = Layout["Grm_T0"];
    private static readonly FieldLayout WindowStartField = Layout["Grm_WindowStart"];
    private static readonly FieldLayout TimescaleField = Layout["Grm_Timescale"];
    private static readonly FieldLayout BandField = Layout["Grm_Band"];
    private static readonly FieldLayout CountsField = Layout["Grm_Counts"];
    private static readonly FieldLayout BackgroundField = Layout["Grm_Background"];
    private static readonly FieldLayout[] DetectorFields = [Layout["Grm_Grd1"], Layout["Grm_Grd2"], Layout["Grm_Grd3"]];
    private static readonly FieldLayout[] DetectorCountsFields = [Layout["Grm_Grd1Counts"], Layout["Grm_Grd2Counts"], Layout["Grm_Grd3Counts"]];
    private static readonly FieldLayout DirectionValidField = Layout["Grm_DirectionValid"];
    private static readonly DirectionFields DirectionFields = new(Layout["Grm_Theta"], Layout["Grm_Phi"]);
    private static readonly SatelliteFields SatelliteFields = new(Layout);

    /// <summary>Signal to noise: counts above background over the background's root; 0 without background.</summary>
    public double Snr => Background == 0 ? 0 : ((double)Counts - Background) / Math.Sqrt(Background);

    /// <summary>Place on the sky, from direction and attitude; null without direction.</summary>
    public SkyPosition? Position => Direction is { } direction ? Satellite.Attitude.ToSky(direction) : null;

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static GrmTriggerPacket From(DecodedPacket packet) => new(
        (uint)packet.Raw(ObservationIdField), (int)packet.Raw(MessageCountField), packet.Time(T0Field), packet.Time(WindowStartField),
        packet.Code(TimescaleField).Length(), packet.Code(BandField).Band(), (uint)packet.Raw(CountsField), (uint)packet.Raw(BackgroundField),
        string.Concat(DetectorFields.Select(field => packet.Flag(field) ? '1' : '0')),
        packet.Flag(DirectionValidField) ? DirectionFields.Read(packet) : null, SatelliteFields.Read(packet));

    /// <summary>The layout can say this window length.</summary>
    public static bool Knows(double timescaleSeconds) => TimescaleField.FindCode(timescaleSeconds) is not null;

    /// <summary>The layout can say this energy band.</summary>
    public static bool Knows(EnergyBand band) => BandField.FindCode(band.LowKev, band.HighKev) is not null;

    /// <summary>Writes the frame; the detectors that fired share the counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = new PacketBuilder(Layout)
            .Set(ObservationIdField, (double)ObservationId).Set(MessageCountField, (double)MessageCount).Set(T0Field, T0)
            .Set(WindowStartField, WindowStart).Set(TimescaleField, TimescaleField.FindCode(TimescaleSeconds ?? 0))
            .Set(BandField, BandField.FindCode(Band?.LowKev ?? 0, Band?.HighKev ?? 0))
            .Set(CountsField, (double)Counts).Set(BackgroundField, (double)Background);
        var fired = Detectors.Count(static digit => digit == '1');
        for (var n = 0; n < DetectorFields.Length; n++)
        {
            var did = n < Detectors.Length && Detectors[n] == '1';
            builder.Set(DetectorFields[n], did).SetSaturated(DetectorCountsFields[n], did ? (double)Counts / fired : 0);
        }

        if (Direction is { } direction)
        {
            builder.Set(DirectionValidField, true);
            DirectionFields.Write(builder, direction);
        }

        SatelliteFields.Write(builder, Satellite);
        return builder.Build(sequenceCount, packetTime);
    }
}
