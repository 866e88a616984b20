-- Imports being undone.

-- One for each import that is undone, from the moment in which that was said: what the import
-- changed no longer stands, and it stores nothing more. The columns from revision to pause are written
-- by the undo's run, newest revision wins.
CREATE TABLE import_undos (
  id          integer PRIMARY KEY REFERENCES imports, -- the import's
  user_id     bigint NOT NULL REFERENCES users,
  begun_at    timestamptz NOT NULL DEFAULT now(),
  total       bigint NOT NULL,            -- contacts that the import brought or changed
  revision    bigint NOT NULL DEFAULT 0,
  status      text NOT NULL DEFAULT 'PENDING',
  finished_at timestamptz,
  waiting     text NOT NULL DEFAULT '',
  failure     text NOT NULL DEFAULT '',
  pause       jsonb
) WITH (fillfactor = 80);

-- The ledger: how far each window of an undo is, and what it has done. Written in the transactions that
-- do it.
CREATE TABLE import_undo_windows (
  import_id integer NOT NULL REFERENCES import_undos ON DELETE CASCADE,
  window_no smallint NOT NULL,
  position  bigint NOT NULL DEFAULT -1,   -- everything up to this key is done
  removed   bigint NOT NULL DEFAULT 0,
  kept      bigint NOT NULL DEFAULT 0,
  restored  bigint NOT NULL DEFAULT 0,
  finished  boolean NOT NULL DEFAULT false,
  PRIMARY KEY (import_id, window_no)
) WITH (fillfactor = 50);

-- Of a change that took changes back: the import that was undone. It is told, and changes nothing
-- about what the contact was before or after any other change.
ALTER TABLE contact_changes ADD COLUMN undoes integer;
