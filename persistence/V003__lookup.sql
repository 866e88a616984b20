-- Files of numbers and what was found out about them.

-- Operators as the sources name them; results hold the id. A handful of rows, read at start.
CREATE TABLE operators (
  id          smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  trade_name  text NOT NULL,
  operator_id text NOT NULL,             -- the source's own; empty where it gives none
  UNIQUE (name, trade_name, operator_id)
);

-- The last valid answer for each number that was ever looked up, whoever asked: the second level of
-- the cache, good for 30 days. number is the nine national digits.
CREATE TABLE lookup_results (
  number      integer PRIMARY KEY,
  operator    smallint NOT NULL REFERENCES operators,
  answered_at timestamptz NOT NULL
) WITH (fillfactor = 90);

-- A user's file. The columns from status on are written by the file's entity, newest revision wins;
-- they are for lists, and decide nothing.
CREATE TABLE files (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     bigint NOT NULL REFERENCES users,
  name        text NOT NULL CHECK (name <> '' AND length(name) <= 150),
  conse       integer NOT NULL,          -- counts the user's files, from 1
  created_at  timestamptz NOT NULL DEFAULT now(),
  received    bigint NOT NULL DEFAULT 0, -- numbers that came, of whatever form
  duplicates  bigint NOT NULL DEFAULT 0, -- of those, how many the file already had
  invalid     bigint NOT NULL DEFAULT 0, -- distinct texts that are no Spanish mobile number
  total       bigint NOT NULL DEFAULT 0, -- distinct numbers to look up
  windows     integer NOT NULL DEFAULT 0,
  revision    bigint NOT NULL DEFAULT 0,
  status      text NOT NULL DEFAULT 'PENDING',
  round       integer NOT NULL DEFAULT 1,
  found       bigint NOT NULL DEFAULT 0,
  unknown     bigint NOT NULL DEFAULT 0,
  failed      bigint NOT NULL DEFAULT 0,
  finished_at timestamptz,
  waiting     text NOT NULL DEFAULT '',
  failure     text NOT NULL DEFAULT '',
  pause       jsonb,
  UNIQUE (user_id, name)
) WITH (fillfactor = 80);

ALTER TABLE users ADD COLUMN files_created integer NOT NULL DEFAULT 0;

CREATE INDEX files_user ON files (user_id, id);

-- The numbers of a file, a window of a few hundred to a row, and beside them in arrays of the same
-- length what became of each. One row is written once when the file comes and once when its window
-- is done: a file of a million numbers is two thousand rows. See the view file_results.
CREATE TABLE file_windows (
  file_id     bigint NOT NULL REFERENCES files ON DELETE CASCADE,
  window_no   integer NOT NULL,
  numbers     integer[] NOT NULL,
  round       integer NOT NULL DEFAULT 0,  -- of the file, when the window was last done; 0 for never
  outcomes    smallint[],                  -- 1 FOUND, 2 UNKNOWN, 3 FAILED; null before the first time
  operators   smallint[],                  -- operators.id; 0 for none
  sources     smallint[],                  -- 0 none, 1 cache, 2 database, 3 scraping
  answered_ms bigint[],                    -- milliseconds since 1970
  reasons     text[],
  found       smallint NOT NULL DEFAULT 0,
  unknown     smallint NOT NULL DEFAULT 0,
  failed      smallint NOT NULL DEFAULT 0,
  newly_found smallint NOT NULL DEFAULT 0, -- of found, how many in the last round
  PRIMARY KEY (file_id, window_no)
);

-- What came in a file and is no number to look up, as it came (cut at 64 characters): a thousand
-- texts to a row, and beside them in an array of the same length why each is none. A file has a text
-- once.
CREATE TABLE file_invalid (
  file_id  bigint NOT NULL REFERENCES files ON DELETE CASCADE,
  chunk_no integer NOT NULL,
  texts    text[] NOT NULL,
  reasons  text[] NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (file_id, chunk_no)
);

-- For people who read with SQL: one row a number.
CREATE VIEW file_results AS
SELECT w.file_id,
       n.number,
       o.trade_name AS operator,
       (ARRAY['FOUND', 'UNKNOWN', 'FAILED'])[n.outcome] AS outcome,
       (ARRAY['cache', 'database', 'scraping'])[n.source] AS source,
       n.reason,
       to_timestamp(n.answered_ms / 1000.0) AS at
FROM file_windows w
CROSS JOIN LATERAL unnest(w.numbers, w.outcomes, w.operators, w.sources, w.answered_ms, w.reasons)
  AS n (number, outcome, operator, source, answered_ms, reason)
LEFT JOIN operators o ON o.id = n.operator;
