-- Nodes that the others have declared dead. One that was only frozen, or cut off, reads here that the
-- cluster has gone on without it, however late it wakes; it then ends, and gets no lease either.
CREATE TABLE cluster_downed (
  node      text PRIMARY KEY,             -- host:port#uid: one life of a node, not its address
  downed_at timestamptz NOT NULL DEFAULT now()
);
