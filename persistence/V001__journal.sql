-- What the actors decided, in the order they decided it. Written and read by pekko-persistence-jdbc
-- alone; its names and types are that plugin's. Nothing else joins these tables.

CREATE TABLE event_journal (
  ordering           bigserial,
  persistence_id     text NOT NULL,
  sequence_number    bigint NOT NULL,
  deleted            boolean NOT NULL DEFAULT false,
  writer             text NOT NULL,
  write_timestamp    bigint,
  adapter_manifest   text,
  event_ser_id       integer NOT NULL,
  event_ser_manifest text NOT NULL,
  event_payload      bytea NOT NULL,
  meta_ser_id        integer,
  meta_ser_manifest  text,
  meta_payload       bytea,
  PRIMARY KEY (persistence_id, sequence_number)
);

CREATE UNIQUE INDEX event_journal_ordering ON event_journal (ordering);

CREATE TABLE event_tag (
  event_id        bigint,
  persistence_id  text,
  sequence_number bigint,
  tag             text,
  PRIMARY KEY (persistence_id, sequence_number, tag),
  FOREIGN KEY (persistence_id, sequence_number)
    REFERENCES event_journal (persistence_id, sequence_number) ON DELETE CASCADE
);

CREATE TABLE snapshot (
  persistence_id        text NOT NULL,
  sequence_number       bigint NOT NULL,
  created               bigint NOT NULL,
  snapshot_ser_id       integer NOT NULL,
  snapshot_ser_manifest text NOT NULL,
  snapshot_payload      bytea NOT NULL,
  meta_ser_id           integer,
  meta_ser_manifest     text,
  meta_payload          bytea,
  PRIMARY KEY (persistence_id, sequence_number)
);
