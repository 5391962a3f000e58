using Svom.Sky;

namespace Svom.Packets;

/// <summary>The platform's answer to a slew request.</summary>
/// <param name="ObservationId">The sequence that asked.</param>
/// <param name="Status">accepted or rejected; null for an unknown code.</param>
/// <param name="AnsweredAt">When the platform answered.</param>
/// <param name="Target">Attitude to be reached; null when not told.</param>
/// <param name="Satellite">Place and attitude.</param>
public sealed record EclairsSlewStatusPacket(
    uint ObservationId, string? Status, DateTimeOffset AnsweredAt, AttitudeQuaternion? Target, SatelliteState Satellite)
{
    /// <summary>The platform slews.</summary>
    public const string Accepted = "accepted";

    /// <summary>The platform does not slew.</summary>
    public const string Rejected = "rejected";

    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.EclairsSlewStatus];
    private static readonly FieldLayout ObservationIdField = Layout["Observation_Id"];
    private static readonly FieldLayout StatusField = Layout["Slew_Status"];
    private static readonly FieldLayout AnsweredAtField = Layout["Slew_Time"];
    private static readonly FieldLayout TargetValidField = Layout["Slew_TargetValid"];
    private static readonly QuaternionFields TargetFields = new(Layout, "Slew_Target");
    private static readonly SatelliteFields SatelliteFields = new(Layout);

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static EclairsSlewStatusPacket From(DecodedPacket packet) => new(
        (uint)packet.Raw(ObservationIdField), packet.Code(StatusField)?.Name, packet.Time(AnsweredAtField),
        packet.Flag(TargetValidField) ? TargetFields.Read(packet) : null, SatelliteFields.Read(packet));

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = new PacketBuilder(Layout)
            .Set(ObservationIdField, (double)ObservationId).Set(StatusField, StatusField.FindCode(Status ?? string.Empty))
            .Set(AnsweredAtField, AnsweredAt).Set(TargetValidField, Target is not null);
        TargetFields.Write(builder, Target ?? Satellite.Attitude);
        SatelliteFields.Write(builder, Satellite);
        return builder.Build(sequenceCount, packetTime);
    }
}
