-- How evidence becomes a score, as data: versions that never change, of which one is active.

CREATE TABLE scoring_models (
  version      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name         text NOT NULL,
  body         jsonb NOT NULL,
  active       boolean NOT NULL DEFAULT false,
  user_id      bigint REFERENCES users (id),  -- null: it was always there
  created_at   timestamptz NOT NULL DEFAULT now(),
  activated_at timestamptz                    -- the last time
);
CREATE UNIQUE INDEX scoring_models_active ON scoring_models (active) WHERE active;

INSERT INTO scoring_models (name, body, active, activated_at) VALUES ('default', '{
  "weights": {"whatsapp": 20, "instagram": 20, "facebook": 20, "google": 20, "apple": 20},
  "points": {"ACTIVE": 20, "INACTIVE": 6, "NOT_FOUND": 0},
  "fresh_days": 30, "half_life_days": 90,
  "thresholds": {"premium": 80, "high": 60, "medium": 40, "low": 20},
  "rules": [
    {"name": "one platform alone makes no premium lead", "when": {"answered_at_most": 1}, "then": {"cap": 79}},
    {"name": "a fixed line receives no messages", "when": {"line_type": "FIXED"}, "then": {"cap": 19}}]
}', true, now());

-- All leads scored anew, by the model that came into force.
CREATE TABLE rescorings (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     bigint NOT NULL REFERENCES users (id),
  model       integer NOT NULL REFERENCES scoring_models (version),
  bounds      bigint[],                       -- the last number of each window; null until it is known
  total       bigint,                         -- leads then
  created_at  timestamptz NOT NULL DEFAULT now(),
  -- What the run says.
  revision    bigint NOT NULL DEFAULT 0,
  status      text NOT NULL DEFAULT 'PENDING',
  rescored    bigint NOT NULL DEFAULT 0,
  changed     bigint NOT NULL DEFAULT 0,      -- leads that came into another tier
  finished_at timestamptz,
  waiting     text NOT NULL DEFAULT '',
  failure     text NOT NULL DEFAULT ''
);
CREATE INDEX rescorings_unbegun ON rescorings (id) WHERE revision = 0;
