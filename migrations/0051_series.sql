-- +goose Up
-- Bookings that belong together: a series by a rule, or several instruments at one time. Each is an order with its own life.

ALTER TABLE booking_rule ADD COLUMN most_held BIGINT NOT NULL DEFAULT 0 CONSTRAINT booking_most_held CHECK (most_held BETWEEN 0 AND 1000);    -- bookings to come of one organisation; 0: no limit
ALTER TABLE booking_rule ADD COLUMN inner_held BIGINT NOT NULL DEFAULT 0 CONSTRAINT booking_inner_held CHECK (inner_held BETWEEN 0 AND 1000); -- the same for the owner's own people

CREATE TABLE series_group (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL CONSTRAINT series_number UNIQUE,
  kind       TEXT NOT NULL CONSTRAINT series_kind CHECK (kind IN ('series', 'composite')),
  buyer      TEXT NOT NULL,            -- organisation
  person     TEXT NOT NULL,            -- who booked
  provider   TEXT NOT NULL,            -- organisation; '' where several provide
  resource   TEXT NOT NULL,            -- of a series; '' of a composite booking
  region     TEXT NOT NULL,
  rule       TEXT NOT NULL,            -- RRULE of RFC 5545, or ''
  first      TEXT NOT NULL,            -- civil day from which the rule counts, or ''
  from_time  TEXT NOT NULL,            -- HH:MM, or ''
  to_time    TEXT NOT NULL,
  holidays   TEXT NOT NULL CONSTRAINT series_holidays CHECK (holidays IN ('', 'keep', 'skip', 'move')),
  purpose    TEXT NOT NULL,
  parts      BIGINT NOT NULL CONSTRAINT series_parts CHECK (parts > 0), -- how many orders it was made of: never fewer
  invented   BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT series_ruled CHECK ((kind = 'series') = (rule <> ''))
);
CREATE INDEX series_group_buyer ON series_group (buyer, created_at);
CREATE INDEX series_group_provider ON series_group (provider, created_at);

CREATE TABLE series_part (
  order_id TEXT PRIMARY KEY,
  grp      TEXT NOT NULL REFERENCES series_group (id),
  position BIGINT NOT NULL CONSTRAINT series_position CHECK (position > 0),
  day      TEXT NOT NULL,              -- civil day that the rule gives, whatever time it has now; '' of a composite booking
  part     BIGINT NOT NULL,            -- which part of a composite request it serves, from 1; 0 of a series
  CONSTRAINT series_order UNIQUE (grp, position)
);
