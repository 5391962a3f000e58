-- Format 1 of the event store in PostgreSQL. Applied once, never edited afterwards.
-- Names are text in byte order ("C"): a key is found and ordered the same on every server. Times are UTC ticks of 100 ns.

CREATE SEQUENCE stream_id;
CREATE TABLE stream (
    id bigint PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE, head bigint NOT NULL, last_append uuid NOT NULL) WITH (fillfactor = 60);
CREATE TABLE event (
    stream bigint NOT NULL, version bigint NOT NULL, append_id uuid NOT NULL, at_ticks bigint NOT NULL, payload bytea NOT NULL,
    PRIMARY KEY (stream, version));
CREATE TABLE snapshot (stream bigint PRIMARY KEY, version bigint NOT NULL, content bytea NOT NULL);

-- id: order of commits within a stream, for the row of its head is locked when it is drawn.
CREATE TABLE owed (
    id bigint GENERATED ALWAYS AS IDENTITY, stream bigint NOT NULL, version bigint NOT NULL, n integer NOT NULL, shard smallint NOT NULL,
    route text COLLATE "C" NOT NULL, target text COLLATE "C" NOT NULL, payload bytea NOT NULL, PRIMARY KEY (stream, version, n));
CREATE TABLE due (
    stream bigint NOT NULL, name text COLLATE "C" NOT NULL, at_ticks bigint NOT NULL, shard smallint NOT NULL, PRIMARY KEY (stream, name));
CREATE INDEX due_at ON due (at_ticks, shard);
CREATE TABLE claim (
    scope text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, stream bigint NOT NULL, version bigint NOT NULL, PRIMARY KEY (scope, key));
CREATE TABLE search (
    name text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, stream bigint NOT NULL, value bytea NOT NULL, PRIMARY KEY (name, key, stream));

CREATE TABLE archive (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE, head bigint NOT NULL) WITH (fillfactor = 60);
CREATE TABLE archived (
    archive bigint NOT NULL, sequence bigint NOT NULL, id text COLLATE "C" NOT NULL, owner text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL,
    at_ticks bigint NOT NULL, content bytea NOT NULL, PRIMARY KEY (archive, sequence));
CREATE UNIQUE INDEX archived_id ON archived (archive, id);
CREATE INDEX archived_owner ON archived (archive, owner, sequence);
CREATE INDEX archived_kind ON archived (archive, kind, sequence);

CREATE TABLE shard_lease (shard integer PRIMARY KEY, owner text COLLATE "C", epoch bigint NOT NULL, until_ticks bigint NOT NULL) WITH (fillfactor = 50);
INSERT INTO shard_lease SELECT n, NULL, 0, 0 FROM generate_series(0, 1023) n;

-- Orleans' own: state of grains, reminders.
CREATE TABLE grain_state (
    grain text COLLATE "C" NOT NULL, state text COLLATE "C" NOT NULL, provider text COLLATE "C" NOT NULL, etag text COLLATE "C" NOT NULL, content bytea NOT NULL,
    PRIMARY KEY (grain, state, provider));
CREATE TABLE reminder (
    grain text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, grain_hash bigint NOT NULL, start_ticks bigint NOT NULL, period_ticks bigint NOT NULL,
    etag text COLLATE "C" NOT NULL, PRIMARY KEY (grain, name));
CREATE INDEX reminder_hash ON reminder (grain_hash);

-- Moves the heads of existing streams, in the order of their names, each only from where its writer saw it; gives their ids.
CREATE FUNCTION move_heads_1(names text[], was bigint[], heads bigint[], follows uuid[], last_appends uuid[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    WITH moved AS (
        UPDATE stream s SET head = m.head, last_append = m.last_append
        FROM unnest(names, was, heads, follows, last_appends) WITH ORDINALITY m (name, was, head, follows, last_append, place)
        WHERE s.name = m.name AND s.head = m.was AND (m.follows IS NULL OR s.last_append = m.follows)
        RETURNING m.place, s.id)
    SELECT array_agg(id ORDER BY place) INTO ids FROM moved;
    IF cardinality(ids) IS DISTINCT FROM cardinality(names) THEN
        RAISE EXCEPTION USING ERRCODE = 'SV001', MESSAGE = 'a head is not where its writer saw it';
    END IF;
    RETURN ids;
END $$;

-- Makes streams that did not exist; gives their ids.
CREATE FUNCTION make_streams_1(names text[], heads bigint[], last_appends uuid[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
    made bigint;
BEGIN
    SELECT array_agg(nextval('stream_id')) INTO ids FROM generate_series(1, cardinality(names));
    INSERT INTO stream (id, name, head, last_append)
    SELECT ids[m.place], m.name, m.head, m.last_append FROM unnest(names, heads, last_appends) WITH ORDINALITY m (name, head, last_append, place)
    ON CONFLICT (name) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    IF made <> cardinality(names) THEN
        RAISE EXCEPTION USING ERRCODE = 'SV001', MESSAGE = 'a stream was made by another writer';
    END IF;
    RETURN ids;
END $$;

-- Gives archives their next sequences; returns the ids and the heads afterwards.
CREATE FUNCTION move_archives_1(names text[], counts bigint[], OUT ids bigint[], OUT heads bigint[]) LANGUAGE plpgsql AS $$
BEGIN
    WITH moved AS (
        INSERT INTO archive AS a (name, head) SELECT m.name, m.entries FROM unnest(names, counts) m (name, entries)
        ON CONFLICT (name) DO UPDATE SET head = a.head + excluded.head
        RETURNING a.id, a.name, a.head)
    SELECT array_agg(m.id ORDER BY n.place), array_agg(m.head ORDER BY n.place) INTO ids, heads
    FROM unnest(names) WITH ORDINALITY n (name, place) JOIN moved m ON m.name = n.name;
END $$;

-- Everything of one commit. Arrays of one kind belong together; a number of a stream or archive is its place, from 1, among the
-- moved and then the new streams, or among the archives. Whatever is not as the writer saw it raises SV001 and undoes all.
-- A message is executed once it is there to its end, so a writer that freezes in the middle of sending holds no lock.
CREATE FUNCTION append_1(
    at_ticks bigint,
    moved_names text[], moved_was bigint[], moved_heads bigint[], moved_follows uuid[], moved_last uuid[],
    new_names text[], new_heads bigint[], new_last uuid[],
    event_streams integer[], event_versions bigint[], event_ids uuid[], event_payloads bytea[],
    claim_streams integer[], claim_versions bigint[], claim_scopes text[], claim_keys text[],
    archive_names text[], archive_counts bigint[],
    entry_archives integer[], entry_places bigint[], entry_ids text[], entry_owners text[], entry_kinds text[], entry_ticks bigint[], entry_contents bytea[],
    owed_streams integer[], owed_versions bigint[], owed_numbers integer[], owed_shards smallint[], owed_routes text[], owed_targets text[], owed_payloads bytea[],
    due_streams integer[], due_names text[], due_ticks bigint[], due_shards smallint[],
    search_streams integer[], search_names text[], search_keys text[], search_values bytea[],
    snapshot_streams integer[], snapshot_versions bigint[], snapshot_contents bytea[],
    settled_names text[], settled_versions bigint[], settled_numbers integer[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
    archive_ids bigint[];
    archive_heads bigint[];
    written bigint;
BEGIN
    IF cardinality(moved_names) > 0 THEN
        ids := move_heads_1(moved_names, moved_was, moved_heads, moved_follows, moved_last);
    END IF;
    IF cardinality(new_names) > 0 THEN
        ids := ids || make_streams_1(new_names, new_heads, new_last);
    END IF;
    IF cardinality(event_streams) > 0 THEN
        INSERT INTO event (stream, version, append_id, at_ticks, payload)
        SELECT ids[e.stream], e.version, e.id, append_1.at_ticks, e.payload
        FROM unnest(event_streams, event_versions, event_ids, event_payloads) e (stream, version, id, payload);
    END IF;
    IF cardinality(claim_streams) > 0 THEN
        INSERT INTO claim (scope, key, stream, version)
        SELECT c.scope, c.key, ids[c.stream], c.version FROM unnest(claim_streams, claim_versions, claim_scopes, claim_keys) c (stream, version, scope, key)
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS written = ROW_COUNT;
        IF written <> cardinality(claim_streams) THEN
            RAISE EXCEPTION USING ERRCODE = 'SV001', MESSAGE = 'a key is taken';
        END IF;
    END IF;
    IF cardinality(archive_names) > 0 THEN
        SELECT m.ids, m.heads INTO archive_ids, archive_heads FROM move_archives_1(archive_names, archive_counts) m;
        INSERT INTO archived (archive, sequence, id, owner, kind, at_ticks, content)
        SELECT archive_ids[e.archive], archive_heads[e.archive] - archive_counts[e.archive] + e.place, e.id, e.owner, e.kind, e.ticks, e.content
        FROM unnest(entry_archives, entry_places, entry_ids, entry_owners, entry_kinds, entry_ticks, entry_contents)
            e (archive, place, id, owner, kind, ticks, content)
        ON CONFLICT (archive, id) DO NOTHING;
        GET DIAGNOSTICS written = ROW_COUNT;
        IF written <> cardinality(entry_archives) THEN
            RAISE EXCEPTION USING ERRCODE = 'SV001', MESSAGE = 'an id of an archive is taken';
        END IF;
    END IF;
    IF cardinality(owed_streams) > 0 THEN
        INSERT INTO owed (stream, version, n, shard, route, target, payload)
        SELECT ids[o.stream], o.version, o.n, o.shard, o.route, o.target, o.payload
        FROM unnest(owed_streams, owed_versions, owed_numbers, owed_shards, owed_routes, owed_targets, owed_payloads) WITH ORDINALITY
            o (stream, version, n, shard, route, target, payload, place)
        ORDER BY o.place;
    END IF;
    IF cardinality(due_streams) > 0 THEN
        DELETE FROM due d USING unnest(due_streams, due_names, due_ticks) c (stream, name, ticks)
        WHERE c.ticks IS NULL AND d.stream = ids[c.stream] AND d.name = c.name;
        INSERT INTO due (stream, name, at_ticks, shard)
        SELECT ids[s.stream], s.name, s.ticks, s.shard FROM unnest(due_streams, due_names, due_ticks, due_shards) s (stream, name, ticks, shard)
        WHERE s.ticks IS NOT NULL
        ON CONFLICT (stream, name) DO UPDATE SET at_ticks = excluded.at_ticks;
    END IF;
    IF cardinality(search_streams) > 0 THEN
        DELETE FROM search d USING unnest(search_streams, search_names, search_keys, search_values) c (stream, name, key, value)
        WHERE c.value IS NULL AND d.name = c.name AND d.key = c.key AND d.stream = ids[c.stream];
        INSERT INTO search (name, key, stream, value)
        SELECT s.name, s.key, ids[s.stream], s.value FROM unnest(search_streams, search_names, search_keys, search_values) s (stream, name, key, value)
        WHERE s.value IS NOT NULL
        ON CONFLICT (name, key, stream) DO UPDATE SET value = excluded.value;
    END IF;
    IF cardinality(snapshot_streams) > 0 THEN
        INSERT INTO snapshot (stream, version, content)
        SELECT ids[s.stream], s.version, s.content FROM unnest(snapshot_streams, snapshot_versions, snapshot_contents) s (stream, version, content)
        ON CONFLICT (stream) DO UPDATE SET version = excluded.version, content = excluded.content;
    END IF;
    IF cardinality(settled_names) > 0 THEN
        DELETE FROM owed o USING unnest(settled_names, settled_versions, settled_numbers) t (name, version, n), stream s
        WHERE s.name = t.name AND o.stream = s.id AND o.version = t.version AND o.n = t.n;
    END IF;
    RETURN archive_heads;
END $$;
