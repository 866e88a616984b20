-- How often a delivery was sent again by hand: an attempt that was under way at that moment settles
-- nothing but itself.
ALTER TABLE webhook_deliveries ADD COLUMN resends integer NOT NULL DEFAULT 0;
