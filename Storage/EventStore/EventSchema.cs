using Svom.Sqlite;

namespace Svom.EventStore;

/// <summary>
/// Tables of <c>events.db</c>. Times are UTC ticks of 100 ns. Events are one table that only grows, found by a narrow index: with
/// the payload clustered by stream, each commit would dirty a page a stream.
/// </summary>
internal static class EventSchema
{
    public static Schema Schema { get; } = new("events.db", 0x53564D45, [Format1, Format2], [EventHeads, ArchiveHeads]);

    private const string Format1 = """
        CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_ticks INTEGER NOT NULL);

        CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL);
        CREATE TABLE event (
            seq INTEGER PRIMARY KEY, stream INTEGER NOT NULL, version INTEGER NOT NULL,
            append_id BLOB NOT NULL, at_ticks INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE UNIQUE INDEX event_version ON event (stream, version);
        CREATE TABLE snapshot (stream INTEGER PRIMARY KEY, version INTEGER NOT NULL, content BLOB NOT NULL);

        -- id is seq * 65536 + number within the transition: scanned in commit order, deleted without another index.
        CREATE TABLE owed (id INTEGER PRIMARY KEY, shard INTEGER NOT NULL, route TEXT NOT NULL, target TEXT NOT NULL, payload BLOB NOT NULL);
        CREATE TABLE due (
            stream INTEGER NOT NULL, name TEXT NOT NULL, at_ticks INTEGER NOT NULL, shard INTEGER NOT NULL,
            PRIMARY KEY (stream, name)) WITHOUT ROWID;
        CREATE INDEX due_at ON due (at_ticks, shard);
        CREATE TABLE claim (scope TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (scope, key)) WITHOUT ROWID;
        CREATE TABLE search (
            name TEXT NOT NULL, key TEXT NOT NULL, stream INTEGER NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY (name, key, stream)) WITHOUT ROWID;

        CREATE TABLE archive (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL);
        CREATE TABLE archived (
            archive INTEGER NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, kind TEXT NOT NULL,
            at_ticks INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE UNIQUE INDEX archived_sequence ON archived (archive, sequence);
        CREATE UNIQUE INDEX archived_id ON archived (archive, id);
        CREATE INDEX archived_owner ON archived (archive, owner, sequence);
        CREATE INDEX archived_kind ON archived (archive, kind, sequence);

        CREATE TABLE shard_lease (shard INTEGER PRIMARY KEY, owner TEXT, epoch INTEGER NOT NULL, until_ticks INTEGER NOT NULL);
        WITH RECURSIVE shards (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM shards WHERE n < 1023)
        INSERT INTO shard_lease SELECT n, NULL, 0, 0 FROM shards;

        CREATE TABLE grain_state (
            provider TEXT NOT NULL, state TEXT NOT NULL, grain TEXT NOT NULL, etag TEXT NOT NULL, content BLOB NOT NULL);
        CREATE UNIQUE INDEX grain_state_key ON grain_state (grain, state, provider);
        CREATE TABLE reminder (
            grain TEXT NOT NULL, name TEXT NOT NULL, grain_hash INTEGER NOT NULL, start_ticks INTEGER NOT NULL,
            period_ticks INTEGER NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (grain, name)) WITHOUT ROWID;
        CREATE INDEX reminder_hash ON reminder (grain_hash);
        """;

    // An empty owner or kind is nothing to search by, and costs no row of an index.
    private const string Format2 = """
        DROP INDEX archived_owner;
        DROP INDEX archived_kind;
        CREATE INDEX archived_owner ON archived (archive, owner, sequence) WHERE owner <> '';
        CREATE INDEX archived_kind ON archived (archive, kind, sequence) WHERE kind <> '';
        """;

    // The newest event only: a look at every stream would make the start as slow as the store is old.
    private const string EventHeads = """
        SELECT 'stream ' || s.name || ' has head ' || s.head || ' and newest event ' || e.version
        FROM event e JOIN stream s ON s.id = e.stream
        WHERE e.seq = (SELECT max(seq) FROM event) AND s.head <> e.version
        """;

    private const string ArchiveHeads = """
        SELECT 'archive ' || a.name || ' has head ' || a.head || ' and other entries'
        FROM archive a
        WHERE a.head <> coalesce((SELECT max(sequence) FROM archived WHERE archive = a.id), 0)
        """;
}
