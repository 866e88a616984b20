-- What operators do. They read event_journal as well, through the same pool as these tables, so that
-- nobody who looks takes a connection from the entities.

-- Every verb that an operator used, and every entity that one looked at. A verb's row is written
-- before it is done, and its outcome after; a row without an outcome is of a node that died between.
CREATE TABLE ops_audit (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT now(),
  user_name  text NOT NULL,
  key_id     text NOT NULL,
  request_id text NOT NULL,
  action     text NOT NULL,              -- such as passivate
  target     text NOT NULL,              -- such as UserFile/12; empty for the whole platform
  details    text NOT NULL DEFAULT '',   -- the reason given, the end set
  dry_run    boolean NOT NULL DEFAULT false,
  outcome    text                        -- in words; null while it is under way
);

CREATE INDEX ops_audit_at ON ops_audit (at);

-- An operator's pause of all runs of an owner; owner is empty for everybody's. It lies over the runs'
-- own states: none of them changes, and runs that begin meanwhile are held as well.
CREATE TABLE run_holds (
  owner      text PRIMARY KEY,
  held_by    text NOT NULL,
  reason     text NOT NULL CHECK (reason <> ''),
  request_id text NOT NULL,
  held_at    timestamptz NOT NULL DEFAULT now(),
  until      timestamptz                 -- null: until it is ended
);

-- Files of one state, walked by key; and how many there are of each.
CREATE INDEX files_status ON files (status, id);
