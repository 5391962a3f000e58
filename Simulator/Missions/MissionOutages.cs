using Svom.Stations;

namespace Svom.Simulation;

/// <summary>Outages of a mission: each at a time at which the satellite passes, so that it shows.</summary>
internal static class MissionOutages
{
    // Minutes that others must hear beside a silent station; the watch needs three of five.
    private const int LeastMissed = 8;
    private const int Tries = 10_000;
    private const double RegionDegrees = 22;
    private const int LeastOfRegion = 4;
    private const int LeastInSight = 4;
    private static readonly TimeSpan LongestOfAll = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan InService = TimeSpan.FromHours(2);

    // An alarm returns after two good minutes.
    private static readonly TimeSpan Settle = TimeSpan.FromMinutes(10);

    /// <summary>One of all, one of a region for a day, one of a station for some hours each four days.</summary>
    public static IReadOnlyList<StationOutage> Plan(MissionSky sky, DateTimeOffset begin, TimeSpan length, Random random)
    {
        List<StationOutage> outages = [OfAll(sky, begin, length, random), OfRegion(sky, begin, length, random)];
        for (var n = 0; n < Math.Clamp((int)(length.TotalDays / 4), 1, 20); n++)
        {
            outages.Add(OfStation(sky, begin, length, outages, random));
        }

        return [.. outages.OrderBy(static outage => outage.From)];
    }

    private static StationOutage OfAll(MissionSky sky, DateTimeOffset begin, TimeSpan length, Random random)
    {
        var at = Draw(begin, length, LongestOfAll, random);
        for (var n = 0; n < length / Minute; n++)
        {
            if (Enumerable.Range(2, 5).All(minute => sky.At(at + (minute * Minute)).Count >= LeastInSight))
            {
                return new(StationOutage.All, at, at + LongestOfAll, [.. StationList.Bundled.Select(static station => station.Id).Order(StringComparer.Ordinal)], []);
            }

            at = at + LongestOfAll + Minute < begin + length ? at + Minute : begin + InService;
        }

        throw new InvalidOperationException("At no time would all stations be missed at once.");
    }

    private static StationOutage OfRegion(MissionSky sky, DateTimeOffset begin, TimeSpan length, Random random)
    {
        var lasting = length / 6 < TimeSpan.FromDays(1) ? length / 6 : TimeSpan.FromDays(1);
        for (var n = 0; n < Tries; n++)
        {
            var stations = MissionSky.Around(AnyStation(random), RegionDegrees);
            if (stations.Count >= LeastOfRegion && Lost(sky, StationOutage.Region, begin, begin + length, Draw(begin, length, lasting, random), lasting, stations) is { Missed.Count: > 0 } outage)
            {
                return outage;
            }
        }

        throw new InvalidOperationException("No region can be lost so that it shows.");
    }

    private static StationOutage OfStation(MissionSky sky, DateTimeOffset begin, TimeSpan length, List<StationOutage> others, Random random)
    {
        for (var n = 0; n < Tries; n++)
        {
            var lasting = TimeSpan.FromMinutes(Math.Min(120 + random.Next(361), Math.Floor(length.TotalMinutes / 3)));
            var (from, station) = (Draw(begin, length, lasting, random), AnyStation(random));
            if (!others.Exists(other => other.Kind != StationOutage.All && other.Stations.Contains(station)) && Lost(sky, StationOutage.Station, begin, begin + length, from, lasting, [station]) is { Missed.Count: > 0 } outage)
            {
                return outage;
            }
        }

        throw new InvalidOperationException("No station can be lost so that it shows.");
    }

    private static StationOutage Lost(MissionSky sky, string kind, DateTimeOffset begin, DateTimeOffset end, DateTimeOffset from, TimeSpan lasting, IReadOnlyList<string> stations)
    {
        var (without, to) = (new MissionSky(sky.Orbit), from + lasting);
        without.Lose(new(kind, from, to, stations, []));
        return new(kind, from, to, stations, [.. stations.Where(station =>
            sky.HasPass(station, begin, from) && sky.HasPass(station, to + Minute, end - Settle) && without.MinutesMissed(station, from, to) >= LeastMissed)]);
    }

    private static string AnyStation(Random random) => StationList.Bundled[random.Next(StationList.Bundled.Length)].Id;

    private static DateTimeOffset Draw(DateTimeOffset begin, TimeSpan length, TimeSpan lasting, Random random) =>
        begin + InService + (Math.Floor(random.NextDouble() * (length - lasting - InService - InService).TotalMinutes) * Minute);
}
