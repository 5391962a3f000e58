using System.Collections.Immutable;
using Svom.Feeds;
using Svom.Outcomes;

namespace Svom.Monitoring;

/// <summary>All alarms as they stand, read for all watches at once.</summary>
internal sealed class AlarmStates(IGrainFactory grains, TimeProvider time)
{
    // More than kinds of alarms times stations: what moves between two pages while they are read would be seen a second later only.
    private const int EachRead = 1_000;

    private readonly SharedReads<AlarmView> reads = new(time);

    /// <summary>Oldest change first. Those that are normal are told when they change.</summary>
    public StateFeed<AlarmView> Feed => new(
        cancellationToken => reads.ReadAsync("", AllAsync, cancellationToken),
        static alarm => alarm.Id, static alarm => alarm.State is not AlarmState.Normal, static (one, other) => other.Version <= one.Version);

    private async Task<ImmutableArray<AlarmView>> AllAsync()
    {
        var (all, cursor) = (new List<AlarmView>(), (string?)null);
        do
        {
            var page = await grains.GetGrain<IAlarmQueryGrain>(0).FindAsync(new(null, cursor, EachRead), CancellationToken.None);
            if (!page.Accepted)
            {
                throw page.Refusal.ToProblem().ToRpcException();
            }

            all.AddRange(page.Value.Items.OrEmpty());
            cursor = page.Value.Next;
        }
        while (cursor is not null);
        return [.. all.OrderBy(static alarm => alarm.Updated).ThenBy(static alarm => alarm.Id, StringComparer.Ordinal)];
    }
}
