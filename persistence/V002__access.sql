-- Who may do what. A user owns files; a key speaks for a user, or for the administrator.

CREATE TABLE users (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL UNIQUE CHECK (name <> '' AND length(name) <= 150),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- secret_hash is SHA-256 of the whole key: a key holds 256 random bits, so a slow hash would only slow
-- every request down. The key itself is told once and kept nowhere. The key named admin is the one that
-- the node's settings give.
CREATE TABLE api_keys (
  id           text PRIMARY KEY,
  user_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  scope        text NOT NULL CHECK (scope IN ('user', 'admin')),
  secret_hash  bytea NOT NULL CHECK (length(secret_hash) = 32),
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);

CREATE INDEX api_keys_user ON api_keys (user_id);
CREATE INDEX api_keys_created ON api_keys (created_at, id);

-- The first answer to a POST that carried an Idempotency-Key, replayed to its repetitions. status is
-- null while the first request is under way; claim names that request, so that one which was given up
-- for dead cannot write over its successor's answer. Rows older than a day are removed.
CREATE TABLE idempotency_keys (
  key_id          text NOT NULL,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  request_hash    bytea NOT NULL CHECK (length(request_hash) = 32),
  claim           uuid NOT NULL,
  status          smallint,
  body            text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key_id, idempotency_key)
);

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
