-- Contacts are searched and segmented by the tier of their lead: in the order of draw, as by a place.

ALTER TABLE lead_scores ADD COLUMN contact_draw integer CHECK (contact_draw >= 0);

-- The draw of a number (the upper 31 bits of MurmurHash3's finalizer), for the rows that are there: the
-- product of two 64-bit numbers overflows a bigint, so it is taken as numeric, modulo 2^64.
CREATE FUNCTION pg_temp.times(a bigint, b bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT (CASE WHEN m >= 9223372036854775808 THEN m - 18446744073709551616 ELSE m END)::bigint
  FROM (SELECT mod(mod(a::numeric * b::numeric, 18446744073709551616) + 18446744073709551616,
                   18446744073709551616) AS m) AS product
$$;

CREATE FUNCTION pg_temp.shifted(a bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT (a >> 33) & 2147483647
$$;

CREATE FUNCTION pg_temp.mixed(a bigint, factor bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_temp.times(a # pg_temp.shifted(a), factor)
$$;

UPDATE lead_scores
SET contact_draw =
  pg_temp.shifted(pg_temp.mixed(pg_temp.mixed(phone, -49064778989728563), -4265267296055464877));

ALTER TABLE lead_scores ALTER COLUMN contact_draw SET NOT NULL;

CREATE INDEX lead_scores_tier ON lead_scores (quality_tier, contact_draw, phone);

-- How many leads each tier has, kept by whoever scores, in the same transaction.
CREATE TABLE lead_counts (
  quality_tier smallint PRIMARY KEY,
  n            bigint NOT NULL
);

INSERT INTO lead_counts (quality_tier, n)
SELECT tier, count(phone) FROM generate_series(1, 6) AS tier LEFT JOIN lead_scores ON quality_tier = tier
GROUP BY tier;
