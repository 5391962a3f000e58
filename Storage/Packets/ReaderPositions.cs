using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>Positions of named readers: in memory at once, in the file with a commit that comes along anyway.</summary>
internal sealed class ReaderPositions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Reader, FeedId Feed), long> _saved = [];
    private readonly HashSet<(string Reader, FeedId Feed)> _unwritten = [];

    public long? Saved(string reader, FeedId feed)
    {
        lock (_gate)
        {
            return _saved.TryGetValue((reader, feed), out var position) ? position : null;
        }
    }

    /// <returns>Work to write it; null when such work waits already and will find the newest position.</returns>
    public WriteWork? Save(string reader, FeedId feed, long position)
    {
        var key = (reader, feed);
        lock (_gate)
        {
            if (_saved.TryGetValue(key, out var saved) && saved >= position)
            {
                return null;
            }

            _saved[key] = position;
            return _unwritten.Add(key) ? new PositionWork(this, key) : null;
        }
    }

    public static long Stored(Connection connection, string reader, FeedId feed) =>
        PacketReads.Feed(connection, feed) is { } row
            ? connection.Prepare("SELECT position FROM reader WHERE name = ?1 AND feed = ?2").Bind(1, reader).Bind(2, row.Id).Scalar() ?? 0
            : 0;

    private sealed class PositionWork(ReaderPositions positions, (string Reader, FeedId Feed) key) : WriteWork
    {
        public override void Apply(Connection connection)
        {
            long position;
            lock (positions._gate)
            {
                // Taken out before it is written: a position saved from now on needs work of its own.
                positions._unwritten.Remove(key);
                position = positions._saved[key];
            }

            connection.Prepare("""
                INSERT INTO reader (name, feed, position) VALUES (?1, ?2, ?3)
                ON CONFLICT (name, feed) DO UPDATE SET position = max(position, excluded.position)
                """).Bind(1, key.Reader).Bind(2, connection.Part(static c => new PacketStatements(c)).Feed(key.Feed).Id).Bind(3, position).Run();
            connection.Faults?.At(StorageStep.CheckpointSaved, key);
        }

        public override void Committed()
        {
        }

        // The next position brings it along; until then a crash reads a little again.
        public override void Failed(Exception failure)
        {
        }
    }
}
