-- +goose Up
-- No two active bookings of one unit overlap in the time they occupy. Instants are fixed-width UTC
-- text, so a range over text in byte order is a range over time.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TYPE order_span AS RANGE (subtype = text, collation = "C");
ALTER TABLE order_booking ADD CONSTRAINT order_booking_overlap
  EXCLUDE USING gist (resource WITH =, unit WITH =, order_span(from_at, to_at) WITH &&) WHERE (active);
