using Svom.Sqlite;

namespace Svom.EventStore;

/// <summary>What the writer's connection needs to append, and the heads it has seen: it is the only one that moves them.</summary>
internal sealed class AppendStatements(Connection connection) : IConnectionPart, IAppendFacts
{
    private const int HeadsKept = 100_000;

    private readonly Dictionary<string, (long Id, long Head)> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Id, long Head)> _archives = new(StringComparer.Ordinal);
    private readonly Statement _stream = connection.Prepare("SELECT id, head FROM stream WHERE name = ?1");
    private readonly Statement _newStream = connection.Prepare("INSERT INTO stream (name, head) VALUES (?1, 1)");
    private readonly Statement _moveHead = connection.Prepare("UPDATE stream SET head = ?2 + 1 WHERE id = ?1 AND head = ?2");
    private readonly Statement _archive = connection.Prepare("SELECT id, head FROM archive WHERE name = ?1");
    private readonly Statement _newArchive = connection.Prepare("INSERT INTO archive (name, head) VALUES (?1, 0)");
    private readonly Statement _moveArchive = connection.Prepare("UPDATE archive SET head = ?2 + 1 WHERE id = ?1 AND head = ?2");
    private readonly Statement _appendAt = connection.Prepare("SELECT append_id FROM event WHERE stream = ?1 AND version = ?2");
    private readonly Statement _claimed = connection.Prepare("SELECT 1 FROM claim WHERE scope = ?1 AND key = ?2");
    private readonly Statement _sequenceOf = connection.Prepare("SELECT sequence FROM archived WHERE archive = ?1 AND id = ?2");

    /// <summary>Refusals that later appends of the same writer must not slip past.</summary>
    public StalePipelines Stale { get; } = new();

    public Statement Event { get; } = connection.Prepare(
        "INSERT INTO event (stream, version, append_id, at_ticks, payload) VALUES (?1, ?2, ?3, ?4, ?5)");

    public Statement Claim { get; } = connection.Prepare("INSERT INTO claim (scope, key, seq) VALUES (?1, ?2, ?3)");

    public Statement Archive { get; } = connection.Prepare(
        "INSERT INTO archived (archive, sequence, id, owner, kind, at_ticks, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    public Statement Owe { get; } = connection.Prepare("INSERT INTO owed (id, shard, route, target, payload) VALUES (?1, ?2, ?3, ?4, ?5)");

    public Statement SetDue { get; } = connection.Prepare(
        "INSERT INTO due (stream, name, at_ticks, shard) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (stream, name) DO UPDATE SET at_ticks = excluded.at_ticks");

    public Statement ClearDue { get; } = connection.Prepare("DELETE FROM due WHERE stream = ?1 AND name = ?2");

    public Statement SetIndex { get; } = connection.Prepare(
        "INSERT INTO search (name, key, stream, value) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name, key, stream) DO UPDATE SET value = excluded.value");

    public Statement ClearIndex { get; } = connection.Prepare("DELETE FROM search WHERE name = ?1 AND key = ?2 AND stream = ?3");

    public Statement Snapshot { get; } = connection.Prepare("INSERT OR REPLACE INTO snapshot (stream, version, content) VALUES (?1, ?2, ?3)");

    public Statement Settle { get; } = connection.Prepare(
        "DELETE FROM owed WHERE id = (SELECT seq FROM event WHERE stream = (SELECT id FROM stream WHERE name = ?1) AND version = ?2) * 65536 + ?3");

    /// <summary>Id and head of a stream; (0, 0) when there is none.</summary>
    public (long Id, long Head) Stream(string stream) => Find(_heads, _stream, stream);

    public long Head(string stream) => Stream(stream).Head;

    public Guid? AppendAt(string stream, long version)
    {
        var row = _appendAt.Bind(1, Stream(stream).Id).Bind(2, version);
        var id = row.Step() ? row.Guid(0) : (Guid?)null;
        row.Reset();
        return id;
    }

    public bool IsClaimed(Claim claim) => _claimed.Bind(1, claim.Scope).Bind(2, claim.Key).Scalar() is not null;

    public long? SequenceOf(ArchiveEntry entry)
    {
        var (archive, _) = ArchiveHead(entry.Archive);
        return archive == 0 ? null : _sequenceOf.Bind(1, archive).Bind(2, entry.Id).Scalar();
    }

    /// <summary>Id and head of an archive; (0, 0) when there is none.</summary>
    public (long Id, long Head) ArchiveHead(string archive) => Find(_archives, _archive, archive);

    /// <summary>Moves a head by one: the fence. The caller has compared it; the statement compares it once more with the table.</summary>
    /// <returns>The stream's id.</returns>
    public long MoveHead(string stream, long id, long head)
    {
        if (head == 0)
        {
            _newStream.Bind(1, stream).Run();
            id = connection.LastRowId;
        }
        else
        {
            Move(_moveHead, id, head);
        }

        _heads[stream] = (id, head + 1);
        return id;
    }

    /// <summary>Takes the next sequence of an archive.</summary>
    public (long Id, long Sequence) NextSequence(string archive)
    {
        var (id, head) = ArchiveHead(archive);
        if (id == 0)
        {
            _newArchive.Bind(1, archive).Run();
            id = connection.LastRowId;
        }

        Move(_moveArchive, id, head);
        _archives[archive] = (id, head + 1);
        return (id, head + 1);
    }

    public void Forget()
    {
        _heads.Clear();
        _archives.Clear();
        Stale.Forget();
    }

    private static void Move(Statement move, long id, long head)
    {
        if (move.Bind(1, id).Bind(2, head).Run() != 1)
        {
            throw new InvalidOperationException($"Head {head} of row {id} was moved by somebody else: two writers work on one file.");
        }
    }

    private static (long Id, long Head) Find(Dictionary<string, (long Id, long Head)> known, Statement find, string name)
    {
        if (known.TryGetValue(name, out var row))
        {
            return row;
        }

        if (find.Bind(1, name).Step())
        {
            row = (find.Int(0), find.Int(1));
            find.Reset();
            if (known.Count >= HeadsKept)
            {
                known.Clear();
            }

            known.Add(name, row);
        }

        return row;
    }
}
