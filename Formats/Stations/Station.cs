using Svom.Sky;

namespace Svom.Stations;

/// <summary>A receiving station of the VHF network, as the network list has it.</summary>
/// <param name="Id">Country and number, for example <c>NCL1</c>.</param>
/// <param name="Name">Where it stands, in words.</param>
/// <param name="Longitude">Degrees, east positive, −180 to 180.</param>
/// <param name="Latitude">Degrees, north positive.</param>
/// <param name="AltitudeMeters">Above the ellipsoid.</param>
/// <param name="Owner">Who looks after it.</param>
/// <param name="Since">First day of service.</param>
public sealed record Station(string Id, string Name, double Longitude, double Latitude, double AltitudeMeters, StationOwner Owner, DateOnly Since)
{
    /// <summary>Its place on the ellipsoid.</summary>
    public GeodeticPosition Place => new(Longitude, Latitude, AltitudeMeters / 1000);
}

/// <param name="Name">A person or an institute.</param>
/// <param name="Email">Where to write when the station is silent.</param>
public sealed record StationOwner(string Name, string Email);
