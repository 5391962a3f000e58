using Svom.Sky;

namespace Svom.Packets;

/// <summary>Where the satellite looks and how it turns. Belongs to no burst.</summary>
/// <param name="At">When it looked there, UTC.</param>
/// <param name="Attitude">Body to ICRS.</param>
/// <param name="Rates">Rates of turn about the body's axes.</param>
/// <param name="Quality">0 to 15, 15 is best.</param>
/// <param name="Reference">What the attitude was measured with; null for an unknown code.</param>
/// <param name="Mode">inertial, slewing or safe; null for an unknown code.</param>
public sealed record AttitudePacket(
    DateTimeOffset At, AttitudeQuaternion Attitude, TurnRates Rates, int Quality = 15, string? Reference = "star trackers", string? Mode = AttitudePacket.Inertial)
{
    /// <summary>The satellite holds its pointing.</summary>
    public const string Inertial = "inertial";

    /// <summary>The satellite turns to a new pointing.</summary>
    public const string Slewing = "slewing";

    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.Attitude];
    private static readonly FieldLayout AtField = Layout["Att_Time"];
    private static readonly QuaternionFields AttitudeFields = new(Layout, "Sat_Attitude");
    private static readonly FieldLayout RateXField = Layout["Att_RateX"];
    private static readonly FieldLayout RateYField = Layout["Att_RateY"];
    private static readonly FieldLayout RateZField = Layout["Att_RateZ"];
    private static readonly FieldLayout QualityField = Layout["Sat_AttQuality"];
    private static readonly FieldLayout ReferenceField = Layout["Sat_AttRef"];
    private static readonly FieldLayout ModeField = Layout["Att_Mode"];

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static AttitudePacket From(DecodedPacket packet) => new(
        packet.Time(AtField), AttitudeFields.Read(packet), new(packet.Number(RateXField), packet.Number(RateYField), packet.Number(RateZField)),
        (int)packet.Raw(QualityField), packet.Code(ReferenceField)?.Name, packet.Code(ModeField)?.Name);

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = new PacketBuilder(Layout)
            .Set(AtField, At).Set(RateXField, Rates.X).Set(RateYField, Rates.Y).Set(RateZField, Rates.Z).Set(QualityField, (double)Quality)
            .Set(ReferenceField, ReferenceField.FindCode(Reference ?? string.Empty)).Set(ModeField, ModeField.FindCode(Mode ?? string.Empty));
        AttitudeFields.Write(builder, Attitude);
        return builder.Build(sequenceCount, packetTime);
    }
}

/// <summary>Rates of turn about the body's axes, degrees per second.</summary>
public readonly record struct TurnRates(double X, double Y, double Z);
