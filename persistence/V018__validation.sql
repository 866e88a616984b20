-- Which platforms know a number, and how good a lead it is.
--
-- Platforms: 1 whatsapp, 2 instagram, 3 facebook, 4 google, 5 apple.
-- Statuses: 1 ACTIVE, 2 INACTIVE, 3 NOT_FOUND, 4 ERROR, 5 RATE_LIMITED, 6 UNSUPPORTED; those above 3 say
-- nothing of the number.
-- Tiers: 1 PREMIUM, 2 HIGH, 3 MEDIUM, 4 LOW, 5 POOR, 6 UNKNOWN.

CREATE TABLE validation_jobs (
  id                integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_uuid          uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  user_id           bigint NOT NULL REFERENCES users (id),
  name              text NOT NULL,
  platforms         smallint[] NOT NULL,
  batch_size        smallint NOT NULL,   -- numbers of one call
  max_concurrent    smallint NOT NULL,   -- calls under way at once
  retry_attempts    smallint NOT NULL,   -- calls for one number
  total_numbers     integer NOT NULL,    -- different ones, those that are no numbers among them
  invalid_numbers   integer NOT NULL,
  duplicate_numbers integer NOT NULL,
  chunks            integer NOT NULL,
  created_at        timestamptz NOT NULL,
  -- What the run says.
  revision          bigint NOT NULL DEFAULT 0,
  status            text NOT NULL DEFAULT 'PENDING',
  counts            jsonb NOT NULL DEFAULT '{}',
  finished_at       timestamptz,
  waiting           text NOT NULL DEFAULT '',
  failure           text NOT NULL DEFAULT '',
  pause             jsonb
);
CREATE INDEX validation_jobs_user ON validation_jobs (user_id, id);
CREATE INDEX validation_jobs_unbegun ON validation_jobs (id) WHERE revision = 0;

-- What a job asks about.
CREATE TABLE validation_chunks (
  job_id   integer NOT NULL REFERENCES validation_jobs (id),
  chunk_no integer NOT NULL,
  phones   bigint[] NOT NULL,            -- E.164 without the plus
  PRIMARY KEY (job_id, chunk_no)
);

-- What a job was told: one row a chunk and platform, arrays as long as the chunk's.
CREATE TABLE validation_results (
  job_id    integer NOT NULL REFERENCES validation_jobs (id),
  chunk_no  integer NOT NULL,
  platform  smallint NOT NULL,
  statuses  smallint[] NOT NULL,
  attempts  smallint[] NOT NULL,         -- calls of this job; 0 where a fresh answer was known
  details   text[] NOT NULL,             -- JSON objects; null where there is nothing to tell
  PRIMARY KEY (job_id, chunk_no, platform)
);

-- The last that each platform said of a number.
CREATE TABLE platform_validations (
  phone             bigint NOT NULL,
  platform          smallint NOT NULL,
  status            smallint NOT NULL,
  is_active         boolean,             -- null where nothing is known
  platform_details  jsonb,
  validation_method text NOT NULL,       -- service, evidence
  proxy_used        text,
  response_time_ms  integer,
  attempts          smallint NOT NULL,
  validated_at      timestamptz NOT NULL,
  expires_at        timestamptz NOT NULL,
  PRIMARY KEY (phone, platform)
);

-- What was said before.
CREATE TABLE platform_validation_history (LIKE platform_validations);
CREATE INDEX platform_validation_history_phone ON platform_validation_history (phone, validated_at);

-- Who is asking for a number just now, so that nobody else does. Not logged: after a crash nobody asks.
CREATE UNLOGGED TABLE validation_claims (
  platform smallint NOT NULL,
  phone    bigint NOT NULL,
  job_id   integer NOT NULL,
  until    timestamptz NOT NULL,
  PRIMARY KEY (platform, phone)
);

CREATE TABLE lead_scores (
  phone             bigint PRIMARY KEY,
  total_score       smallint NOT NULL,
  quality_tier      smallint NOT NULL,
  model             integer NOT NULL,    -- the version of the model
  validation_count  integer NOT NULL,    -- platforms that said something
  last_validated_at timestamptz,
  updated_at        timestamptz NOT NULL
);

-- A row each time that a lead came into another tier.
CREATE TABLE lead_score_history (
  phone        bigint NOT NULL,
  at           timestamptz NOT NULL,
  total_score  smallint NOT NULL,
  quality_tier smallint NOT NULL,
  model        integer NOT NULL
);
CREATE INDEX lead_score_history_phone ON lead_score_history (phone, at);
