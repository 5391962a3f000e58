using Npgsql;
using Svom.Postgres;

namespace Svom.Packets;

/// <summary>Ids of feeds and stations: given once, never changed, so they are remembered.</summary>
internal sealed class PacketNames(NpgsqlConnection connection)
{
    private readonly Dictionary<FeedId, int> _feeds = [];
    private readonly Dictionary<string, int> _stations = new(StringComparer.Ordinal);

    public int Feed(FeedId feed) => _feeds[feed];

    public int Station(string station) => _stations[station];

    /// <summary>Asks for those that are not known yet, and has them made. What a later failure leaves of it is an empty feed, which nobody sees.</summary>
    public void Learn(IReadOnlyList<FeedId> feeds, IReadOnlyList<string> stations)
    {
        var newFeeds = feeds.Where(feed => !_feeds.ContainsKey(feed)).Distinct().ToArray();
        if (newFeeds.Length > 0)
        {
            Ask("SELECT id, spacecraft, session FROM feeds_1($1, $2)", row => _feeds[FeedOf(row, 1)] = row.GetInt32(0),
                PostgresText.Store(newFeeds, static feed => feed.Spacecraft), PostgresText.Store(newFeeds, static feed => feed.Session ?? ""));
        }

        var newStations = stations.Where(station => !_stations.ContainsKey(station)).Distinct(StringComparer.Ordinal).ToArray();
        if (newStations.Length > 0)
        {
            Ask("SELECT id, name FROM stations_1($1)", row => _stations[row.Text(1)] = row.GetInt32(0), [PostgresText.Store(newStations, static name => name)]);
        }
    }

    /// <summary>Reads spacecraft and session from two columns.</summary>
    public static FeedId FeedOf(NpgsqlDataReader row, int column)
    {
        var session = row.Text(column + 1);
        return new(row.Text(column), session.Length == 0 ? null : session);
    }

    private void Ask(string sql, Action<NpgsqlDataReader> take, params string[][] values)
    {
        using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            take(rows);
        }
    }
}
