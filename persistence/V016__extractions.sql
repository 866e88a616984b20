-- Extractions of contacts into files: what was asked for, what became of it, and who took it away.

-- Whose midnight a user's day ends at; null for the one that the nodes are told.
ALTER TABLE users ADD COLUMN time_zone text CHECK (time_zone <> '');

-- The columns from revision to waiting are written by the extraction's entity, newest revision wins; what
-- decides anything is written by whoever does it, in the transaction that does it.
CREATE TABLE extractions (
  id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id        bigint NOT NULL REFERENCES users,
  created_at     timestamptz NOT NULL,
  type           text NOT NULL CHECK (type IN ('premium', 'state', 'city', 'municipality', 'segment')),
  value          text NOT NULL,           -- as it was said; empty for premium
  filter         jsonb NOT NULL,          -- the selections it is drawn from, one a group
  amount         integer NOT NULL CHECK (amount > 0),
  format         text NOT NULL CHECK (format IN ('xlsx', 'txt', 'csv')),
  seed           bigint NOT NULL,         -- of the draw
  large          boolean NOT NULL,        -- it waits for a slot
  slot_at        timestamptz,             -- since when it has one; null where it has none, or none any more
  drawn_at       timestamptz,
  by_lada        jsonb NOT NULL DEFAULT '{}',
  delivered_at   timestamptz,             -- the file is there, and the contacts are marked
  delivered      integer NOT NULL DEFAULT 0,
  left_out       integer NOT NULL DEFAULT 0, -- drawn, and opted out or no number any more when it was written
  size           bigint NOT NULL DEFAULT 0,
  sha256         bytea,                   -- of the file
  numbers_sha256 bytea,                   -- of its numbers, one a line
  ended          boolean NOT NULL DEFAULT false, -- cancelled or failed: what still runs must leave it alone
  returned_at    timestamptz,
  released_at    timestamptz,             -- it holds no contacts any more
  file_gone_at   timestamptz,             -- its chunks are deleted
  downloads      integer NOT NULL DEFAULT 0,
  counts         boolean NOT NULL DEFAULT true, -- towards the user's day
  revision       bigint NOT NULL DEFAULT 0,
  status         text NOT NULL DEFAULT 'PENDING',
  finished_at    timestamptz,
  waiting        text NOT NULL DEFAULT '',
  failure        text NOT NULL DEFAULT ''
) WITH (fillfactor = 80);

-- What a user, and all together, have had in the last hour and on a day.
CREATE INDEX extractions_user ON extractions (user_id, created_at) INCLUDE (amount, counts);
CREATE INDEX extractions_created ON extractions (created_at) INCLUDE (amount, counts);
CREATE INDEX extractions_own ON extractions (user_id, id);
CREATE INDEX extractions_status ON extractions (status, id);
-- The large ones that have a slot or wait for one, and what the sweep looks for.
CREATE INDEX extractions_queue ON extractions (id)
  WHERE large AND NOT ended AND delivered_at IS NULL;
CREATE INDEX extractions_unreleased ON extractions (id)
  WHERE released_at IS NULL AND (ended OR returned_at IS NOT NULL);
CREATE INDEX extractions_files ON extractions (delivered_at)
  WHERE delivered_at IS NOT NULL AND file_gone_at IS NULL;

-- The files, so that every node has them: each but the last chunk has 256 KiB.
CREATE TABLE extraction_files (
  extraction_id integer NOT NULL REFERENCES extractions,
  chunk_no      integer NOT NULL,
  bytes         bytea NOT NULL,
  PRIMARY KEY (extraction_id, chunk_no)
);

-- A workbook is compressed already, and texts are read by ranges.
ALTER TABLE extraction_files ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Who took which bytes of a file; both ends are part of it.
CREATE TABLE extraction_downloads (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  extraction_id integer NOT NULL REFERENCES extractions,
  at            timestamptz NOT NULL DEFAULT now(),
  by            text NOT NULL,
  key_id        text NOT NULL,
  first_byte    bigint NOT NULL,
  last_byte     bigint NOT NULL,
  gzip          boolean NOT NULL
);

CREATE INDEX extraction_downloads_extraction ON extraction_downloads (extraction_id, id);

-- Who was extracted, when, by whom and into which file.
CREATE VIEW extracted_contacts AS
SELECT h.contact_phone AS phone, e.delivered_at AS extracted_at, u.name AS extracted_by,
  e.id AS extraction_id
FROM extraction_contacts h
JOIN extractions e ON e.id = h.extraction_id
JOIN users u ON u.id = e.user_id
WHERE h.held AND e.delivered_at IS NOT NULL;

-- The same as readers of the program before know it, which took extracted for opted out. What a person
-- said comes first.
CREATE VIEW contacts_as_before AS
SELECT '+' || c.phone AS phone_e164,
  CASE WHEN c.opt_out_at IS NOT NULL OR e.id IS NOT NULL THEN 'OPTED_OUT'
       WHEN c.kind = 2 THEN 'NOT_MOBILE'
       ELSE 'VERIFIED' END AS status,
  coalesce(c.opt_out_at, e.delivered_at) AS opt_out_at,
  CASE WHEN c.opt_out_at IS NOT NULL THEN (SELECT o.method FROM opt_outs o WHERE o.phone = c.phone)
       WHEN e.id IS NOT NULL THEN 'TELEGRAM_BOT' END AS opt_out_method
FROM contacts c
LEFT JOIN extraction_contacts h
  ON h.held AND h.contact_draw = c.draw AND h.contact_phone = c.phone
LEFT JOIN extractions e ON e.id = h.extraction_id AND e.delivered_at IS NOT NULL;
