using Svom.Sqlite;

namespace Svom.Packets;

/// <summary>A feed as the writer knows it.</summary>
internal sealed class FeedRow(FeedId feed, long id, long head, long hashed)
{
    public FeedId Feed => feed;

    public long Id => id;

    /// <summary>Position of the newest reception, written or about to be.</summary>
    public long Head { get; set; } = head;

    /// <summary>Head as the table has it within this transaction.</summary>
    public long StoredHead { get; set; } = head;

    /// <summary>Contents up to here can be found by digest.</summary>
    public long Hashed { get; set; } = hashed;

    public long Key(long position) => (id << PacketSchema.FeedShift) + position;

    public int App(ReceptionVerdict verdict, PacketHeader? header) => (int)(id << 12) + AppCode.Of(verdict, header);
}

/// <summary>What the writer's connection needs to log receptions, and the feeds and stations it knows.</summary>
internal sealed class PacketStatements(Connection connection) : IConnectionPart
{
    private readonly Dictionary<FeedId, FeedRow> _feeds = [];
    private readonly Dictionary<string, long> _stations = new(StringComparer.Ordinal);
    private readonly Statement _feed = connection.Prepare("SELECT id, head, hashed FROM feed WHERE spacecraft = ?1 AND session = ?2");
    private readonly Statement _newFeed = connection.Prepare("INSERT INTO feed (spacecraft, session, head, hashed) VALUES (?1, ?2, 0, 0)");
    private readonly Statement _station = connection.Prepare("SELECT id FROM station WHERE name = ?1");
    private readonly Statement _newStation = connection.Prepare("INSERT INTO station (name) VALUES (?1)");
    private readonly Statement _moveHead = connection.Prepare("UPDATE feed SET head = ?2 WHERE id = ?1 AND head = ?3");

    public Statement Seen { get; } = connection.Prepare(
        "INSERT OR IGNORE INTO seen (feed, received_ms, station, high, low, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    public Statement Reception { get; } = connection.Prepare(
        "INSERT INTO reception (key, copy_of, station, received_ms, signal_dbm, verdict, app, stored_ticks) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    public Statement FindContent { get; } = connection.Prepare(
        "SELECT key FROM content WHERE app = ?1 AND time_ticks = ?2 AND count = ?3 AND high = ?4 AND low = ?5");

    public Statement SameHeader { get; } = connection.Prepare(
        "SELECT key, conflict FROM content WHERE app = ?1 AND time_ticks = ?2 AND count = ?3 LIMIT 1");

    public Statement FlagConflict { get; } = connection.Prepare("UPDATE content SET conflict = 1 WHERE key = ?1");

    public Statement Content { get; } = connection.Prepare(
        "INSERT INTO content (key, app, time_ticks, count, high, low, conflict, octets) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    public IEnumerable<FeedRow> Feeds => _feeds.Values;

    public FeedRow Feed(FeedId feed)
    {
        if (_feeds.TryGetValue(feed, out var row))
        {
            return row;
        }

        if (_feed.Bind(1, feed.Spacecraft).Bind(2, feed.Session ?? "").Step())
        {
            row = new(feed, _feed.Int(0), _feed.Int(1), _feed.Int(2));
            _feed.Reset();
        }
        else
        {
            _newFeed.Bind(1, feed.Spacecraft).Bind(2, feed.Session ?? "").Run();
            row = new(feed, connection.LastRowId, 0, 0);
        }

        _feeds.Add(feed, row);
        return row;
    }

    public long Station(string name)
    {
        if (!_stations.TryGetValue(name, out var id))
        {
            id = _station.Bind(1, name).Scalar() ?? 0;
            if (id == 0)
            {
                _newStation.Bind(1, name).Run();
                id = connection.LastRowId;
            }

            _stations.Add(name, id);
        }

        return id;
    }

    /// <summary>Brings the head row of a feed to where its receptions end, in their own transaction.</summary>
    public void MoveHead(FeedRow feed)
    {
        if (feed.Head == feed.StoredHead)
        {
            return;
        }

        if (_moveHead.Bind(1, feed.Id).Bind(2, feed.Head).Bind(3, feed.StoredHead).Run() != 1)
        {
            throw new InvalidOperationException($"Head of feed {feed.Feed} was moved by somebody else: two writers work on one file.");
        }

        feed.StoredHead = feed.Head;
    }

    public void Forget()
    {
        _feeds.Clear();
        _stations.Clear();
    }
}
