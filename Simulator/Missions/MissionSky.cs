using Svom.Sky;
using Svom.Stations;

namespace Svom.Simulation;

/// <summary>A station that has the satellite above its mask.</summary>
/// <param name="Code">Its code.</param>
/// <param name="ElevationDegrees">How high the satellite stands.</param>
internal readonly record struct InSight(string Code, double ElevationDegrees);

/// <summary>Which stations have the satellite in sight through a mission. Remembers the last answer: not for several threads.</summary>
internal sealed class MissionSky(CircularOrbit orbit)
{
    /// <summary>Lower, hills and houses stand before it.</summary>
    public const double MaskDegrees = 5;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // A tenth of a degree of the satellite's way.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1.8);
    private static readonly (string Code, GeodeticPosition Place, Horizon Horizon)[] Stations =
        [.. StationList.Bundled.Select(static station => (station.Id, station.Place, new Horizon(station.Place)))];

    private readonly List<InSight> inSight = [];
    private List<StationOutage> outages = [];
    private DateTimeOffset known;

    public CircularOrbit Orbit => orbit;

    /// <summary>Stations that are out of service at times.</summary>
    public IReadOnlyList<StationOutage> Outages => outages;

    /// <summary>Takes stations out of service.</summary>
    public void Lose(StationOutage outage) => (outages, known) = ([.. outages, outage], default);

    /// <summary>Codes of the stations around one, itself included.</summary>
    public static IReadOnlyList<string> Around(string code, double degrees)
    {
        var centre = Array.Find(Stations, station => station.Code == code).Place;
        return [.. Stations.Where(station => new SkyPosition(station.Place.Longitude, station.Place.Latitude).SeparationFrom(new(centre.Longitude, centre.Latitude)) <= degrees).Select(static station => station.Code).Order(StringComparer.Ordinal)];
    }

    /// <summary>Stations in service that have the satellite in sight, highest first; good until the next question.</summary>
    public IReadOnlyList<InSight> At(DateTimeOffset at)
    {
        if ((at - known).Duration() < Step)
        {
            return inSight;
        }

        known = at;
        inSight.Clear();
        inSight.AddRange(Seen(at).Where(station => !outages.Exists(outage => outage.Covers(at) && outage.Stations.Contains(station.Code))));
        inSight.Sort(static (one, other) => other.ElevationDegrees.CompareTo(one.ElevationDegrees));
        return inSight;
    }

    /// <summary>True when a station sees a good pass between two times: one that was never heard is missed by nobody, and returns when it is heard.</summary>
    public bool HasPass(string code, DateTimeOffset from, DateTimeOffset to)
    {
        for (var at = from; at < to; at += Minute)
        {
            if (Seen(at).Any(seen => seen.Code == code && seen.ElevationDegrees > 2 * MaskDegrees))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whole minutes of an outage in which a lost station had the satellite higher than one that heard it.</summary>
    public int MinutesMissed(string code, DateTimeOffset from, DateTimeOffset to)
    {
        var minutes = 0;
        for (var at = from; at < to; at += Minute)
        {
            var station = Seen(at).FirstOrDefault(seen => seen.Code == code);
            minutes += station.Code is not null && At(at).Any(other => other.ElevationDegrees < station.ElevationDegrees - 1) ? 1 : 0;
        }

        return minutes;
    }

    private IEnumerable<InSight> Seen(DateTimeOffset at)
    {
        var satellite = orbit.At(at);
        foreach (var (code, _, horizon) in Stations)
        {
            if (horizon.ElevationDegrees(satellite) is > MaskDegrees and var elevation)
            {
                yield return new(code, elevation);
            }
        }
    }
}
