-- Format 1 of the roll of silos. Applied once, never edited afterwards. Times are UTC ticks of 100 ns, by the silos' clocks.
-- Every change of a silo's status moves the version of its cluster, which is the only fence; heartbeats move nothing.

CREATE TABLE cluster (id text COLLATE "C" PRIMARY KEY, version integer NOT NULL) WITH (fillfactor = 50);
CREATE TABLE silo (
    cluster text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, host text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL, status integer NOT NULL, gateway_port integer NOT NULL, update_zone integer NOT NULL, fault_zone integer NOT NULL,
    suspected_by text[] NOT NULL, suspected_ticks bigint[] NOT NULL, started_ticks bigint NOT NULL, alive_ticks bigint NOT NULL,
    PRIMARY KEY (cluster, address)) WITH (fillfactor = 50);
