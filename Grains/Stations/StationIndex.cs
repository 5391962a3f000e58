using System.Text.Json;
using Svom.EventStore;
using Svom.Packets;

namespace Svom.Stations;

/// <summary>Search rows of stations: what each delivered, by feed and id.</summary>
internal static class StationIndex
{
    private const string Index = "station";
    private const char AfterSlash = (char)('/' + 1);

    public static string Key(FeedId feed, string station) => $"{feed}/{station}";

    public static IndexChange Row(string key, StationTally tally) => new(Index, key, JsonSerializer.SerializeToUtf8Bytes(tally, StationJson.Default.StationTally));

    /// <summary>Stations of a feed after an id, by id.</summary>
    public static async Task<IReadOnlyList<(string Station, StationTally Tally)>> AfterAsync(
        IEventStore store, FeedId feed, string after, int max, CancellationToken cancellationToken)
    {
        var from = after.Length == 0 ? $"{feed}/" : $"{feed}/{after}\0";
        var rows = await store.IndexAsync(Index, from, $"{feed}{AfterSlash}", max, descending: false, cancellationToken);
        return [.. rows.Select(row => (row.Key[(row.Key.IndexOf('/', StringComparison.Ordinal) + 1)..], Read(row)))];
    }

    public static async Task<StationTally?> OfAsync(IEventStore store, FeedId feed, string station, CancellationToken cancellationToken)
    {
        var key = Key(feed, station);
        return (await store.IndexAsync(Index, key, key + "\0", 1, descending: false, cancellationToken)) is [var row] ? Read(row) : null;
    }

    private static StationTally Read(IndexRow row) =>
        JsonSerializer.Deserialize(row.Value.Span, StationJson.Default.StationTally) ?? throw new InvalidDataException("A station's row is empty.");
}
