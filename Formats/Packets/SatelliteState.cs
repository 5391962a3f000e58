using Svom.Sky;

namespace Svom.Packets;

/// <summary>What a packet says of the satellite.</summary>
/// <param name="Place">Where it was; null when the packet does not know.</param>
/// <param name="Attitude">Body to ICRS.</param>
/// <param name="AttitudeQuality">0 to 15, 15 is best.</param>
/// <param name="AttitudeReference">What the attitude was measured with; null for an unknown code.</param>
public sealed record SatelliteState(GeodeticPosition? Place, AttitudeQuaternion Attitude, int AttitudeQuality = 15, string? AttitudeReference = "star trackers");

internal sealed class SatelliteFields(PacketLayout layout)
{
    private readonly FieldLayout _valid = layout["Sat_PositionValid"];
    private readonly FieldLayout _x = layout["Sat_PositionX"];
    private readonly FieldLayout _y = layout["Sat_PositionY"];
    private readonly FieldLayout _z = layout["Sat_PositionZ"];
    private readonly QuaternionFields _attitude = new(layout, "Sat_Attitude");
    private readonly FieldLayout _quality = layout["Sat_AttQuality"];
    private readonly FieldLayout _reference = layout["Sat_AttRef"];

    public SatelliteState Read(DecodedPacket packet) => new(
        packet.Flag(_valid) ? new EarthPosition(packet.Number(_x), packet.Number(_y), packet.Number(_z)).ToGeodetic() : null,
        _attitude.Read(packet), (int)packet.Raw(_quality), packet.Code(_reference)?.Name);

    public void Write(PacketBuilder builder, SatelliteState state)
    {
        if (state.Place is { } place)
        {
            var fixedToEarth = place.ToEarthFixed();
            builder.Set(_valid, true).Set(_x, fixedToEarth.X).Set(_y, fixedToEarth.Y).Set(_z, fixedToEarth.Z);
        }

        _attitude.Write(builder, state.Attitude);
        builder.Set(_quality, (double)state.AttitudeQuality).Set(_reference, _reference.FindCode(state.AttitudeReference ?? "none"));
    }
}
