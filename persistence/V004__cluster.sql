-- How nodes that share this database find each other, and who survives when they lose sight of each
-- other.

-- The nodes that are there. A row counts while its node holds the advisory lock of its lock_key, which
-- PostgreSQL lets go the moment the node's connection dies, and while it was seen a moment ago, which
-- a frozen node is not.
CREATE TABLE cluster_members (
  address  text PRIMARY KEY,              -- host:port of the node's cluster protocol
  lock_key bigint NOT NULL,
  joined   boolean NOT NULL DEFAULT false, -- whether it is a member that others may join through
  seen_at  timestamptz NOT NULL DEFAULT now()
);

-- Who holds what only one side of a divided cluster may hold.
CREATE TABLE cluster_leases (
  name       text PRIMARY KEY,
  owner      text NOT NULL,
  expires_at timestamptz NOT NULL
);
