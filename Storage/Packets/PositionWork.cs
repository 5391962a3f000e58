using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>Writes a reader's newest position.</summary>
internal sealed class PositionWork(ReaderPositions positions, string reader, FeedId feed) : WriteWork
{
    public override void Apply(Connection connection)
    {
        var position = positions.Take(reader, feed);
        connection.Prepare("""
            INSERT INTO reader (name, feed, position) VALUES (?1, ?2, ?3)
            ON CONFLICT (name, feed) DO UPDATE SET position = max(position, excluded.position)
            """).Bind(1, reader).Bind(2, connection.Part(static c => new PacketStatements(c)).Feed(feed).Id).Bind(3, position).Run();
        connection.Faults?.At(StorageStep.CheckpointSaved, (reader, feed));
    }

    public override void Committed()
    {
    }

    // The next position brings it along; until then a crash reads a little again.
    public override void Failed(Exception failure)
    {
    }
}
