using System.Globalization;
using Svom.Bursts;
using Svom.Packets;
using Svom.Simulation;

namespace Svom.Support;

/// <summary>Holds what a platform made of a mission against what was planned.</summary>
internal static class MissionVerdict
{
    /// <summary>What is otherwise than planned, a sentence each; empty when nothing is.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(Mission mission, IGrainFactory grains, FeedId feed, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var found = await BurstsAsync(grains, feed, cancellationToken);
        if (found.Count != mission.Bursts.Count)
        {
            faults.Add($"{found.Count} bursts are there, {mission.Bursts.Count} were planned");
        }

        foreach (var planned in mission.Bursts)
        {
            var observation = planned.Observation.ToString(CultureInfo.InvariantCulture);
            var answer = await grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(Observation: observation, Session: feed.Session), cancellationToken);
            var name = $"the burst of {planned.T0:u} ({planned.Kind})";
            if (answer.Value!.Items is not [var burst])
            {
                faults.Add($"{name} was found {answer.Value!.Items.Length} times");
                continue;
            }

            var made = string.Join(", ", burst.Notices.Select(static notice => notice.Sent ? notice.Type : $"{notice.Type} held").Order(StringComparer.Ordinal));
            var wanted = string.Join(", ", planned.Notices);
            if (made != wanted)
            {
                faults.Add($"{name}, {burst.Id}, made {made}; expected {wanted}");
            }
        }

        return faults;
    }

    private static async Task<List<BurstView>> BurstsAsync(IGrainFactory grains, FeedId feed, CancellationToken cancellationToken)
    {
        var (bursts, cursor) = (new List<BurstView>(), default(string));
        do
        {
            var page = (await grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(Session: feed.Session, Cursor: cursor), cancellationToken)).Value!;
            bursts.AddRange(page.Items.Where(burst => burst.Session == feed.Session));
            cursor = page.Next;
        }
        while (cursor is not null);
        return bursts;
    }
}
