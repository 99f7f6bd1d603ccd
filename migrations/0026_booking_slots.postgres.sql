-- +goose Up
-- No two active bookings of one unit overlap in the time they occupy. Instants are fixed-width UTC
-- text, so a range over text in byte order is a range over time.
DROP TYPE order_span;
CREATE TYPE booking_time AS RANGE (subtype = text, collation = "C");
ALTER TABLE booking_booking ADD CONSTRAINT booking_overlap
  EXCLUDE USING gist (resource WITH =, unit WITH =, booking_time(from_at, to_at) WITH &&) WHERE (active);
