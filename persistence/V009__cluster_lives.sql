-- Which life of a node a row speaks of: who founds the cluster anew can thereby tell those whom the rows
-- still name, alive or not, that it goes on without them.
ALTER TABLE cluster_members
  ADD COLUMN node text;                   -- host:port#uid; null until the node may be a member
