-- Format 1 of the packet log in PostgreSQL. Applied once, never edited afterwards.
-- Positions count 1, 2, 3, … within a feed, in the order of commits. Times are UTC ticks of 100 ns. apid 4095 stands for what is no packet of ours.

CREATE TABLE feed (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, spacecraft text COLLATE "C" NOT NULL, session text COLLATE "C" NOT NULL, head bigint NOT NULL,
    UNIQUE (spacecraft, session)) WITH (fillfactor = 50);
CREATE TABLE station (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE);

-- copy_of: position of the content when this is not the reception that brought it. digest: first 128 bits of the octets' SHA-256.
CREATE TABLE reception (
    position bigint NOT NULL, copy_of bigint, received_ms bigint NOT NULL, signal_dbm double precision, stored_ticks bigint NOT NULL, digest uuid NOT NULL,
    feed integer NOT NULL, station integer NOT NULL, verdict smallint NOT NULL, apid smallint NOT NULL, PRIMARY KEY (feed, position));
CREATE UNIQUE INDEX reception_seen ON reception (feed, received_ms, station, digest);
CREATE INDEX reception_app ON reception (feed, apid, position);
CREATE INDEX reception_copy ON reception (feed, copy_of) WHERE copy_of IS NOT NULL;

-- Octets once, at the position of the reception that brought them.
CREATE TABLE content (
    position bigint NOT NULL, time_ticks bigint NOT NULL, digest uuid NOT NULL, feed integer NOT NULL, count integer NOT NULL, apid smallint NOT NULL,
    conflict boolean NOT NULL, octets bytea NOT NULL, PRIMARY KEY (feed, position));
CREATE UNIQUE INDEX content_header ON content (feed, apid, time_ticks, count, digest);
CREATE INDEX content_digest ON content (digest);

CREATE TABLE reader (name text COLLATE "C" NOT NULL, feed integer NOT NULL, position bigint NOT NULL, PRIMARY KEY (name, feed)) WITH (fillfactor = 50);

-- Ids of feeds, made where they are missing.
CREATE FUNCTION feeds_1(crafts text[], sessions text[]) RETURNS TABLE (id integer, spacecraft text, session text) LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO feed (spacecraft, session, head) SELECT n.craft, n.session, 0 FROM unnest(crafts, sessions) n (craft, session) ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT f.id, f.spacecraft::text, f.session::text FROM unnest(crafts, sessions) n (craft, session) JOIN feed f ON f.spacecraft = n.craft AND f.session = n.session;
END $$;

-- Ids of stations, made where they are missing.
CREATE FUNCTION stations_1(names text[]) RETURNS TABLE (id integer, name text) LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO station (name) SELECT n.name FROM unnest(names) n (name) ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT s.id, s.name::text FROM unnest(names) n (name) JOIN station s ON s.name = n.name;
END $$;

-- Everything of one commit. A feed's head moves only from where the writer saw it, else SV001 undoes all: then nothing was added to the feed
-- since, and all that the writer saw of it holds. Other processes hear of new heads when it commits.
CREATE FUNCTION log_1(
    moved_feeds integer[], moved_was bigint[], moved_heads bigint[],
    content_feeds integer[], content_positions bigint[], content_apids smallint[], content_times bigint[], content_counts integer[], content_digests uuid[],
    content_conflicts boolean[], content_octets bytea[],
    reception_feeds integer[], reception_positions bigint[], reception_copies bigint[], reception_stations integer[], reception_times bigint[],
    reception_signals double precision[], reception_verdicts smallint[], reception_apids smallint[], reception_stored bigint[], reception_digests uuid[],
    conflict_feeds integer[], conflict_apids smallint[], conflict_times bigint[], conflict_counts integer[],
    reader_names text[], reader_feeds integer[], reader_positions bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    moved bigint;
BEGIN
    IF cardinality(moved_feeds) > 0 THEN
        UPDATE feed f SET head = m.head FROM unnest(moved_feeds, moved_was, moved_heads) m (id, was, head) WHERE f.id = m.id AND f.head = m.was;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> cardinality(moved_feeds) THEN
            RAISE EXCEPTION USING ERRCODE = 'SV001', MESSAGE = 'a feed grew meanwhile';
        END IF;
        INSERT INTO content (feed, position, apid, time_ticks, count, digest, conflict, octets)
        SELECT * FROM unnest(content_feeds, content_positions, content_apids, content_times, content_counts, content_digests, content_conflicts, content_octets);
        INSERT INTO reception (feed, position, copy_of, station, received_ms, signal_dbm, verdict, apid, stored_ticks, digest)
        SELECT * FROM unnest(reception_feeds, reception_positions, reception_copies, reception_stations, reception_times, reception_signals, reception_verdicts,
            reception_apids, reception_stored, reception_digests);
        IF cardinality(conflict_feeds) > 0 THEN
            UPDATE content c SET conflict = true FROM unnest(conflict_feeds, conflict_apids, conflict_times, conflict_counts) h (feed, apid, time, count)
            WHERE c.feed = h.feed AND c.apid = h.apid AND c.time_ticks = h.time AND c.count = h.count AND NOT c.conflict;
        END IF;
        PERFORM pg_notify('svom_packets', m.id || ' ' || m.head) FROM unnest(moved_feeds, moved_heads) m (id, head);
    END IF;
    IF cardinality(reader_names) > 0 THEN
        INSERT INTO reader AS r (name, feed, position) SELECT * FROM unnest(reader_names, reader_feeds, reader_positions)
        ON CONFLICT (name, feed) DO UPDATE SET position = greatest(r.position, excluded.position);
    END IF;
END $$;
