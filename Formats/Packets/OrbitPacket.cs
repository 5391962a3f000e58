using Svom.Sky;

namespace Svom.Packets;

/// <summary>Where the satellite is and how it moves. Belongs to no burst.</summary>
/// <param name="At">When it was there, UTC.</param>
/// <param name="Position">Earth-fixed (ECEF, WGS84), km, steps of 4 mm.</param>
/// <param name="Velocity">Against the turning earth, in the same axes, km/s: as a navigation receiver tells it.</param>
/// <param name="PositionErrorMeters">One sigma; 6553.5 stands for more.</param>
/// <param name="Source">How the place was found; null for an unknown code.</param>
public sealed record OrbitPacket(
    DateTimeOffset At, EarthPosition Position, EarthVelocity Velocity, double PositionErrorMeters = 10, string? Source = OrbitPacket.Receiver)
{
    /// <summary>The place comes from the navigation receiver.</summary>
    public const string Receiver = "navigation receiver";

    /// <summary>The place was computed on board from an older one.</summary>
    public const string Propagated = "propagated on board";

    // From the atmosphere's edge to well above every orbit that the mission can have; no satellite stays with less than 5 or leaves with more than 9 km/s.
    private const double LeastKm = 6_450;
    private const double MostKm = 8_000;
    private const double LeastKmPerSecond = 5;
    private const double MostKmPerSecond = 9;

    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.Orbit];
    private static readonly FieldLayout AtField = Layout["Orb_Time"];
    private static readonly FieldLayout SourceField = Layout["Orb_Source"];
    private static readonly FieldLayout XField = Layout["Orb_PositionX"];
    private static readonly FieldLayout YField = Layout["Orb_PositionY"];
    private static readonly FieldLayout ZField = Layout["Orb_PositionZ"];
    private static readonly FieldLayout VelocityXField = Layout["Orb_VelocityX"];
    private static readonly FieldLayout VelocityYField = Layout["Orb_VelocityY"];
    private static readonly FieldLayout VelocityZField = Layout["Orb_VelocityZ"];
    private static readonly FieldLayout ErrorField = Layout["Orb_PositionError"];

    /// <summary>False when no satellite of ours can be there, or move so: such a packet must steer nothing.</summary>
    public bool IsPlausible =>
        Length(Position.X, Position.Y, Position.Z) is >= LeastKm and <= MostKm && Length(Velocity.X, Velocity.Y, Velocity.Z) is >= LeastKmPerSecond and <= MostKmPerSecond;

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static OrbitPacket From(DecodedPacket packet) => new(
        packet.Time(AtField), new(packet.Number(XField), packet.Number(YField), packet.Number(ZField)),
        new(packet.Number(VelocityXField), packet.Number(VelocityYField), packet.Number(VelocityZField)),
        Math.Round(packet.Number(ErrorField), 1), packet.Code(SourceField)?.Name);

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime) => new PacketBuilder(Layout)
        .Set(AtField, At).Set(SourceField, SourceField.FindCode(Source ?? string.Empty))
        .Set(XField, Position.X).Set(YField, Position.Y).Set(ZField, Position.Z)
        .Set(VelocityXField, Velocity.X).Set(VelocityYField, Velocity.Y).Set(VelocityZField, Velocity.Z)
        .SetSaturated(ErrorField, PositionErrorMeters).Build(sequenceCount, packetTime);

    private static double Length(double x, double y, double z) => Math.Sqrt((x * x) + (y * y) + (z * z));
}
