-- Contacts that extractions draw, and hold for themselves until they let them go.

CREATE TABLE extraction_contacts (
  extraction_id integer NOT NULL,
  position      integer NOT NULL,         -- in the extraction's order, from 0
  contact_phone bigint NOT NULL,
  contact_draw  integer NOT NULL,
  held          boolean NOT NULL DEFAULT true,
  PRIMARY KEY (extraction_id, position)
);

-- Nobody belongs to two extractions at once.
CREATE UNIQUE INDEX extraction_contacts_held ON extraction_contacts (contact_draw, contact_phone)
  WHERE held;

-- Who ever drew this contact, and why.
CREATE INDEX extraction_contacts_phone ON extraction_contacts (contact_phone);
