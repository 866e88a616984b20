-- Nodes that the others have declared dead. One that was only frozen, or cut off, reads here that the
-- cluster has gone on without it, however late it wakes; it then ends, and gets no lease either.
CREATE TABLE cluster_downed (
  node      text PRIMARY KEY,             -- host:port#uid: one life of a node, not its address
  downed_at timestamptz NOT NULL DEFAULT now()
);

-- An operator without a trade name goes by its name, here as in the API.
CREATE OR REPLACE VIEW file_results AS
SELECT w.file_id,
       n.number,
       coalesce(nullif(o.trade_name, ''), o.name) AS operator,
       (ARRAY['FOUND', 'UNKNOWN', 'FAILED'])[n.outcome] AS outcome,
       (ARRAY['cache', 'database', 'scraping'])[n.source] AS source,
       n.reason,
       to_timestamp(n.answered_ms / 1000.0) AS at
FROM file_windows w
CROSS JOIN LATERAL unnest(w.numbers, w.outcomes, w.operators, w.sources, w.answered_ms, w.reasons)
  AS n (number, outcome, operator, source, answered_ms, reason)
LEFT JOIN operators o ON o.id = n.operator;
