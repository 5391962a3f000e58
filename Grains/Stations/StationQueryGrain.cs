using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Monitoring;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Sky;

namespace Svom.Stations;

/// <summary>Puts together what the list says of stations, what they delivered, and where the satellite will be.</summary>
[StatelessWorker]
internal sealed class StationQueryGrain(IEventStore store, NetworkList network, IOptions<StationWatchOptions> options, TimeProvider time) : Grain, IStationQueryGrain
{
    /// <summary>Within it the satellite comes by every station within its reach.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);
    private static readonly string Spacecraft = PacketDefinitions.Current.SpacecraftName;

    public async Task<Outcome<Page<StationView>>> FindAsync(StationSearch search, CancellationToken cancellationToken)
    {
        if (search.Cursor is { } cursor && !FeedId.IsName(cursor))
        {
            return new Refusal(RefusalCode.Invalid, "The cursor is none of this list's.");
        }

        var desk = await DeskAsync(new(Spacecraft, search.Session), cancellationToken);
        var (found, after) = (new List<StationView>(), search.Cursor ?? "");
        while (found.Count <= search.Limit)
        {
            var (views, last) = await PageAsync(desk, after, cancellationToken);
            found.AddRange(views.Where(view => search.Status is null || view.Status == search.Status));
            if (last is null)
            {
                break;
            }

            after = last;
        }

        return found.Count <= search.Limit
            ? new Page<StationView>([.. found], null)
            : new Page<StationView>([.. found.Take(search.Limit)], found[search.Limit - 1].Id);
    }

    public async Task<Outcome<StationView>> GetAsync(string id, string? session, CancellationToken cancellationToken)
    {
        var feed = new FeedId(Spacecraft, session);
        var (listed, tally) = (network.Stations.FirstOrDefault(station => string.Equals(station.Id, id, StringComparison.Ordinal)), await StationIndex.OfAsync(store, feed, id, cancellationToken));
        return listed is null && tally is null
            ? new Refusal(RefusalCode.NotFound, $"There is no station '{id}'{(session is null ? "" : $" in session '{session}'")}: it stands in no list and never delivered.")
            : View(await DeskAsync(feed, cancellationToken), id, listed, tally);
    }

    /// <returns>Stations after an id, and the last id looked at; null at the end.</returns>
    private async Task<(IEnumerable<StationView> Views, string? Last)> PageAsync(Desk desk, string after, CancellationToken cancellationToken)
    {
        const int Rows = 500;
        var rows = await StationIndex.AfterAsync(store, desk.Feed, after, Rows, cancellationToken);
        var last = rows.Count == Rows ? rows[^1].Station : null;
        var tallies = rows.ToDictionary(static row => row.Station, static row => row.Tally, StringComparer.Ordinal);
        var ids = network.Stations.Select(static station => station.Id)
            .Where(id => string.CompareOrdinal(id, after) > 0 && (last is null || string.CompareOrdinal(id, last) <= 0))
            .Union(tallies.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return (ids.Select(id => View(desk, id, desk.Listed.GetValueOrDefault(id), tallies.GetValueOrDefault(id))), last);
    }

    private async Task<Desk> DeskAsync(FeedId feed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var orbit = await WatchCommit.OrbitAsync(store, feed, cancellationToken);
        var alarms = feed.Live ? await AlarmIndex.AllAsync(store, cancellationToken) : []; // A rehearsal's silence is nobody's.
        return new(
            feed, orbit is not null && (now - orbit.At).Duration() <= options.Value.OrbitAge ? OrbitTrack.Of(orbit.ToState(), now, Ahead) : null,
            alarms.Where(static alarm => alarm.Active && alarm.Station is not null).ToLookup(static alarm => alarm.Station!, StringComparer.Ordinal),
            network.Stations.ToDictionary(static station => station.Id, StringComparer.Ordinal));
    }

    private StationView View(Desk desk, string id, Station? listed, StationTally? tally)
    {
        var pass = listed is null ? null : desk.Track?.Next(new(listed.Place), options.Value.MaskDegrees);
        return new(
            id, desk.Feed.Session, Status(desk.Alarms[id], listed, tally),
            listed is null ? null : new(listed.Name, listed.Longitude, listed.Latitude, listed.AltitudeMeters, listed.Owner.Name, listed.Owner.Email, listed.Since),
            tally?.ToCounts() ?? StationCounts.None,
            pass is null ? null : new(pass.Rise, pass.Culmination, pass.Set, Math.Round(pass.HighestDegrees, 1)), [.. desk.Alarms[id].Select(static alarm => alarm.Id)]);
    }

    private static StationStatus Status(IEnumerable<AlarmView> alarms, Station? listed, StationTally? tally) =>
        listed is null ? StationStatus.Unlisted
        : alarms.Any(static alarm => alarm.Kind is StationChecks.SilentStation) ? StationStatus.Silent
        : alarms.Any() ? StationStatus.Degraded
        : tally is null or { Receptions: 0 } ? StationStatus.NeverHeard
        : StationStatus.Hearing;

    /// <summary>What all answers of one call share.</summary>
    private sealed record Desk(FeedId Feed, OrbitTrack? Track, ILookup<string, AlarmView> Alarms, Dictionary<string, Station> Listed);
}
