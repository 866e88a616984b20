-- What checks cost, in millionths of the operator's currency, and jobs on a segment of the contacts.
--
-- Checks beside the platforms: 6 carrier, 7 numbering.

ALTER TABLE validation_jobs
  ADD max_cost_micros bigint,                    -- null: as much as it does
  ADD spent_micros    bigint NOT NULL DEFAULT 0,
  ADD segment         text;                      -- null: its numbers were given

CREATE TABLE validation_spending (
  platform smallint NOT NULL,
  month    date NOT NULL,                        -- its first day, by UTC
  calls    bigint NOT NULL,
  micros   bigint NOT NULL,
  PRIMARY KEY (platform, month)
);
