-- Rejected rows of each import by what was told of them: some hundred texts at most. Kept by the rows
-- themselves, in the transaction that stores them, so that nobody counts millions to see what is wrong.
CREATE TABLE import_reject_counts (
  import_id integer NOT NULL REFERENCES imports ON DELETE CASCADE,
  reason    text NOT NULL,
  n         bigint NOT NULL CHECK (n > 0),
  PRIMARY KEY (import_id, reason)
);

CREATE FUNCTION count_import_rejects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO import_reject_counts AS counted (import_id, reason, n)
  SELECT import_id, reason, count(*) FROM added GROUP BY import_id, reason
  ON CONFLICT (import_id, reason) DO UPDATE SET n = counted.n + excluded.n;
  RETURN NULL;
END $$;

CREATE TRIGGER import_rejects_are_counted
AFTER INSERT ON import_rejects REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION count_import_rejects();
