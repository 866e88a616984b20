-- The numbering plans of Mexico's authority: which numbers are mobile and which fixed, and to whom each
-- was given first. One plan a date; the one with the latest date that has come is in force. The columns from
-- revision to pause are written by the entity that brings the contacts into line with the plan, newest
-- revision wins; they are for lists, and decide nothing.
CREATE TABLE numbering_plans (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     bigint NOT NULL REFERENCES users,
  loaded_at   timestamptz NOT NULL DEFAULT now(),
  date        date NOT NULL UNIQUE,       -- when the authority published it
  file        text NOT NULL,              -- as it was named
  sha256      text NOT NULL,
  rows        bigint NOT NULL,            -- good ones
  ranges      integer NOT NULL,           -- what they were merged to
  overlapping bigint NOT NULL,            -- rows that took the place of earlier ones
  bad_rows    bigint NOT NULL,
  first_bad   jsonb NOT NULL,             -- the first hundred, by line and reason
  in_force    boolean NOT NULL DEFAULT false,
  slices      integer NOT NULL DEFAULT 0, -- of each part of contacts, for its run; 0 before it begins
  contacts    bigint NOT NULL DEFAULT 0,  -- about how many there were at that time
  revision    bigint NOT NULL DEFAULT 0,
  status      text NOT NULL DEFAULT 'PENDING',
  changed     bigint NOT NULL DEFAULT 0,
  unchanged   bigint NOT NULL DEFAULT 0,
  finished_at timestamptz,
  waiting     text NOT NULL DEFAULT '',
  failure     text NOT NULL DEFAULT '',
  pause       jsonb
) WITH (fillfactor = 80);

-- One plan at most. Which it is changes under a lock only, so that no import stores what another plan says.
CREATE UNIQUE INDEX numbering_plans_in_force ON numbering_plans (in_force) WHERE in_force;

CREATE TABLE numbering_ranges (
  plan_id integer NOT NULL REFERENCES numbering_plans ON DELETE CASCADE,
  first   bigint NOT NULL,                -- E.164 without the plus
  last    bigint NOT NULL,
  kind    smallint NOT NULL CHECK (kind IN (1, 2)), -- 1 mobile, 2 fixed
  carrier smallint NOT NULL REFERENCES carriers,
  PRIMARY KEY (plan_id, first),
  CHECK (first <= last)
);
