using System.Text.Json;
using Svom.EventStore;
using Svom.Packets;

namespace Svom.Stations;

/// <summary>What a counted piece appends: the watch's position, and what it owes to each station.</summary>
internal static class WatchCommit
{
    private const string OrbitIndex = "station-orbit";

    public static Transition<WatchRecord> Of(FeedId feed, WatchFold.Piece piece, WatchFold fold)
    {
        var heard = piece.Book.Pages
            .Where(entry => entry.Page.LastHeard is not null && fold.IsListed(entry.Station))
            .Select(static entry => new HeardStation(
                entry.Station, entry.Page.LastHeard!.Value, entry.Page.Receptions, entry.Page.Broken, entry.Page.Prompt, entry.Page.Late));
        return new([new WatchRecord.Took(piece.UpTo, piece.LastStored, piece.Orbit, [.. heard])])
        {
            Owed = [.. StationRoute.To(feed, piece.Book.Pages.Select(entry => new StationNews(entry.Station, entry.Page.ToDelta(piece.UpTo))))],
            Index = piece.Orbit is null ? [] : [new(OrbitIndex, feed.ToString(), JsonSerializer.SerializeToUtf8Bytes(piece.Orbit, WatchJson.Default.OrbitFix))],
        };
    }

    /// <summary>The last known orbit of a feed.</summary>
    public static async Task<OrbitFix?> OrbitAsync(IEventStore store, FeedId feed, CancellationToken cancellationToken)
    {
        var rows = await store.IndexAsync(OrbitIndex, feed.ToString(), feed + "\0", 1, descending: false, cancellationToken);
        return rows.Count == 0 ? null : JsonSerializer.Deserialize(rows[0].Value.Span, WatchJson.Default.OrbitFix);
    }
}
