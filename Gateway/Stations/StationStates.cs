using System.Collections.Immutable;
using Svom.Feeds;
using Svom.Outcomes;

namespace Svom.Stations;

/// <summary>All stations as they stand, read for all watches at once.</summary>
internal sealed class StationStates(IGrainFactory grains, TimeProvider time)
{
    private const int EachRead = 1_000;

    // The next pass is worked out anew with each read and after each position that the satellite sends: it moves a little, and is still the same pass.
    private static readonly TimeSpan SamePassWithin = TimeSpan.FromMinutes(1);

    private readonly SharedReads<StationView> reads = new(time);

    /// <param name="session">A rehearsal's counts; null: live.</param>
    public StateFeed<StationView> Feed(string? session) => new(
        cancellationToken => reads.ReadAsync(session ?? "", () => AllAsync(session), cancellationToken),
        static station => station.Id, static _ => true, Same);

    internal static bool Same(StationView one, StationView other) =>
        one with { NextPass = null, Alarms = default } == other with { NextPass = null, Alarms = default }
        && one.Alarms.OrEmpty().SequenceEqual(other.Alarms.OrEmpty(), StringComparer.Ordinal)
        && (one.NextPass is { } pass && other.NextPass is { } next
            ? (pass.Culmination - next.Culmination).Duration() < SamePassWithin && (pass.Set - next.Set).Duration() < SamePassWithin
            : one.NextPass is null && other.NextPass is null);

    private async Task<ImmutableArray<StationView>> AllAsync(string? session)
    {
        var (all, cursor) = (ImmutableArray.CreateBuilder<StationView>(), (string?)null);
        do
        {
            var page = await grains.GetGrain<IStationQueryGrain>(0).FindAsync(new(session, null, cursor, EachRead), CancellationToken.None);
            if (!page.Accepted)
            {
                throw page.Refusal.ToProblem().ToRpcException();
            }

            all.AddRange(page.Value.Items.OrEmpty());
            cursor = page.Value.Next;
        }
        while (cursor is not null);
        return all.ToImmutable();
    }
}
