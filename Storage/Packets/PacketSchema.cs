using Svom.Sqlite;

namespace Svom.Packets;

/// <summary>
/// Tables of <c>packets.db</c>. A row's key is feed * 2^40 + position, so a feed lies together in its order and needs no index for
/// it. The hot tables are keyed by times and positions, which come in runs; digests scatter, and a page written per row is what
/// ingest cannot afford, so the table by digest is filled later, many rows at once and sorted.
/// </summary>
internal static class PacketSchema
{
    /// <summary>Place of the feed in a key: positions up to 2^40.</summary>
    public const int FeedShift = 40;

    /// <summary>Stands for the APID of what is no valid packet.</summary>
    public const int NoApid = 4095;

    public static Schema Schema { get; } = new("packets.db", 0x53564D50, [Format1], [FeedHeads]);

    private const string Format1 = """
        CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_ticks INTEGER NOT NULL);

        -- hashed: contents up to this position are in by_digest.
        CREATE TABLE feed (
            id INTEGER PRIMARY KEY, spacecraft TEXT NOT NULL, session TEXT NOT NULL, head INTEGER NOT NULL, hashed INTEGER NOT NULL,
            UNIQUE (spacecraft, session));
        CREATE TABLE station (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

        -- What a reception is: station, time and octets. Inserting tells whether it was here before.
        CREATE TABLE seen (
            feed INTEGER NOT NULL, received_ms INTEGER NOT NULL, station INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL,
            position INTEGER NOT NULL, PRIMARY KEY (feed, received_ms, station, high, low)) WITHOUT ROWID;

        -- copy_of: key of the content when this is not the reception that brought it. app: feed * 4096 + APID, 4095 for invalid.
        CREATE TABLE reception (
            key INTEGER PRIMARY KEY, copy_of INTEGER, station INTEGER NOT NULL, received_ms INTEGER NOT NULL, signal_dbm REAL,
            verdict INTEGER NOT NULL, app INTEGER NOT NULL, stored_ticks INTEGER NOT NULL);
        CREATE INDEX reception_copy ON reception (copy_of) WHERE copy_of IS NOT NULL;
        CREATE INDEX reception_app ON reception (app);

        -- Octets once, under the key of the reception that brought them. high, low: first 128 bits of SHA-256.
        CREATE TABLE content (
            key INTEGER PRIMARY KEY, app INTEGER NOT NULL, time_ticks INTEGER NOT NULL, count INTEGER NOT NULL,
            high INTEGER NOT NULL, low INTEGER NOT NULL, conflict INTEGER NOT NULL, octets BLOB NOT NULL);
        CREATE UNIQUE INDEX content_header ON content (app, time_ticks, count, high, low);
        CREATE TABLE by_digest (high INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (high, key)) WITHOUT ROWID;

        CREATE TABLE reader (name TEXT NOT NULL, feed INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (name, feed)) WITHOUT ROWID;
        """;

    private const string FeedHeads = """
        SELECT 'feed ' || f.spacecraft || ' ' || f.session || ' has head ' || f.head || ' and other receptions'
        FROM feed f
        WHERE f.head <> coalesce((SELECT max(key) FROM reception WHERE key > f.id << 40 AND key < (f.id + 1) << 40), f.id << 40) - (f.id << 40)
        """;
}
