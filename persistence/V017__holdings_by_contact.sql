-- One index says both that nobody is held twice and which extractions ever drew a contact: what is
-- written for each contact that is drawn is what drawing many takes.
DROP INDEX extraction_contacts_held;
DROP INDEX extraction_contacts_phone;
CREATE UNIQUE INDEX extraction_contacts_contact ON extraction_contacts
  (contact_draw, contact_phone, (CASE WHEN held THEN 0 ELSE extraction_id END));

-- By which it is found quickly.
CREATE OR REPLACE VIEW extracted_contacts AS
SELECT h.contact_phone AS phone, e.delivered_at AS extracted_at, u.name AS extracted_by,
  e.id AS extraction_id, h.contact_draw AS draw
FROM extraction_contacts h
JOIN extractions e ON e.id = h.extraction_id
JOIN users u ON u.id = e.user_id
WHERE h.held AND e.delivered_at IS NOT NULL;
