-- The contacts that extractions hold.
CREATE TABLE extraction_contacts (
  extraction_id integer NOT NULL,
  position      integer NOT NULL,
  contact_phone bigint NOT NULL,
  contact_draw  integer NOT NULL,
  held          boolean NOT NULL DEFAULT true,
  PRIMARY KEY (extraction_id, position)
);

CREATE UNIQUE INDEX extraction_contacts_held ON extraction_contacts (contact_draw, contact_phone)
  WHERE held;
CREATE INDEX extraction_contacts_phone ON extraction_contacts (contact_phone);
