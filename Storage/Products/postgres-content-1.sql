-- Format 1 of the content store in PostgreSQL. Applied once, never edited afterwards.
-- address: SHA-256 of the octets. Chunks belong to a put, not to an address, so that two puts of one content never wait for each other
-- while they send; the row of the content comes last, and who finds one there takes its own chunks away.

CREATE SEQUENCE content_id;
CREATE TABLE content (address bytea PRIMARY KEY CHECK (octet_length(address) = 32), id bigint NOT NULL UNIQUE, length bigint NOT NULL);
CREATE TABLE chunk (content bigint NOT NULL, n integer NOT NULL, octets bytea NOT NULL CHECK (octet_length(octets) <= 1048576), PRIMARY KEY (content, n));
