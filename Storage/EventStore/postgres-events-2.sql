-- An empty owner or kind is nothing to search by, and costs no row of an index.
DROP INDEX archived_owner;
DROP INDEX archived_kind;
CREATE INDEX archived_owner ON archived (archive, owner, sequence) WHERE owner <> '';
CREATE INDEX archived_kind ON archived (archive, kind, sequence) WHERE kind <> '';
