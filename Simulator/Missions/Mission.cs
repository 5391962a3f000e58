using Svom.Sky;

namespace Svom.Simulation;

/// <summary>
/// Days of the satellite's life: a packet each 1.8 s, bursts, stations that hear what they have in sight, outages. A pure function of seed,
/// begin, length and number of bursts; the traffic itself is made while it is read, and never stands in memory.
/// </summary>
/// <param name="Seed">The same seed gives the same mission, octet by octet.</param>
/// <param name="Bursts">In order of time. Each fact of theirs goes on the air in sight of two working stations at least.</param>
/// <param name="Outages">Of single stations, of a region, and of all.</param>
/// <param name="Faults">Of what stations hear: the bit errors are those of a station that has the satellite at its mask, a tenth each ten degrees higher.</param>
public sealed record Mission(
    int Seed, DateTimeOffset Begin, TimeSpan Length, IReadOnlyList<MissionBurst> Bursts, IReadOnlyList<StationOutage> Outages, NetworkFaults Faults)
{
    private static readonly GeodeticPosition First = new(-52.6, 5.2, 620);

    /// <summary>When the satellite sends no more.</summary>
    public DateTimeOffset End => Begin + Length;

    internal static CircularOrbit OrbitFrom(DateTimeOffset begin) => new(First, begin);

    /// <summary>Plans a mission.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Shorter than six hours, longer than a year, or more bursts than find a place.</exception>
    public static Mission Make(int seed, DateTimeOffset begin, TimeSpan length, int bursts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.FromHours(6));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, TimeSpan.FromDays(366));
        ArgumentOutOfRangeException.ThrowIfNegative(bursts);
        var random = new Random(seed);
        var sky = new MissionSky(OrbitFrom(begin));
        foreach (var outage in MissionOutages.Plan(sky, begin, length, random))
        {
            sky.Lose(outage);
        }

        var planned = MissionBursts.Plan(sky, begin, length, bursts, random);
        return new(seed, begin, length, planned, sky.Outages, new(random.Next(), Loss: 0.02, Duplicate: 0.01, Corrupt: 0.002, Late: 0.005, BitErrors: 0.00005));
    }

    /// <summary>What arrives at the platform and what people do, in order: made anew by each reader.</summary>
    public MissionTraffic Traffic() => new(this);

    /// <summary>Stations in service that have the satellite in sight at a time.</summary>
    public int InSight(DateTimeOffset at) => Sky().At(at).Count;

    internal MissionSky Sky()
    {
        var sky = new MissionSky(OrbitFrom(Begin));
        foreach (var outage in Outages)
        {
            sky.Lose(outage);
        }

        return sky;
    }
}
