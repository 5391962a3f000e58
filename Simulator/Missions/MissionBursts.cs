namespace Svom.Simulation;

/// <summary>Gives bursts their times: where enough stations hear what they tell, and some soon after another, while it is still told.</summary>
internal static class MissionBursts
{
    private const int LeastInSight = 2;

    // Above the time within which GRM and ECLAIRs belong to one burst: bursts overlap, and stay two.
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Tail = TimeSpan.FromHours(1);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>Every fourth comes soon after the one before.</summary>
    public static IReadOnlyList<MissionBurst> Plan(MissionSky sky, DateTimeOffset begin, TimeSpan length, int count, Random random)
    {
        var bursts = new List<MissionBurst>();
        var (first, last) = (begin + Lead, begin + length - Tail);
        for (var n = 0; n < count; n++)
        {
            var chance = (Turn: Math.Round(360 * random.NextDouble(), 2), Brightness: 0.95 + (0.35 * random.NextDouble()));
            var drawn = first + TimeSpan.FromSeconds(Math.Floor((last - first).TotalSeconds * random.NextDouble()));
            var wanted = n % 4 == 3 ? bursts[^1].T0 + Apart : drawn;
            bursts.Add(Placed(sky, bursts, n, wanted, chance, first, last));
        }

        return [.. bursts.OrderBy(static burst => burst.T0)];
    }

    private static MissionBurst Placed(MissionSky sky, List<MissionBurst> others, int n, DateTimeOffset wanted, (double Turn, double Brightness) chance, DateTimeOffset first, DateTimeOffset last)
    {
        for (var (at, round) = (wanted, 0); round < 2;)
        {
            if (others.TrueForAll(other => (other.T0 - at).Duration() >= Apart) && MissionStories.At(n, at, sky.Orbit, chance) is var burst && burst.Ends < last && IsHeard(sky, burst))
            {
                return burst;
            }

            at += Step;
            if (at >= last)
            {
                (at, round) = (first, round + 1);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(n), n, "No time is left at which a burst could be heard.");
    }

    private static bool IsHeard(MissionSky sky, MissionBurst burst) =>
        burst.Facts.All(fact => sky.At(fact.OnAir).Count >= LeastInSight) && !sky.Outages.Any(outage => outage.Kind == StationOutage.All && outage.From < burst.Ends && outage.To > burst.Begins);
}
