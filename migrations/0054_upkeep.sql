-- +goose Up
-- Maintenance that comes back, what happens to a booking that was not kept, and what buyers say against its fee.

CREATE TABLE booking_upkeep (          -- each becomes closures, as far ahead as the instrument can be booked
  id          TEXT PRIMARY KEY,
  resource    TEXT NOT NULL,
  every       TEXT NOT NULL CONSTRAINT booking_upkeep_every CHECK (every IN ('week', 'month')),
  weekday     BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  nth         BIGINT NOT NULL CHECK (nth BETWEEN 0 AND 5),   -- of the month, 5: the last
  from_minute BIGINT NOT NULL,
  to_minute   BIGINT NOT NULL,
  first_day   TEXT NOT NULL,
  last_day    TEXT NOT NULL,           -- or ''
  reason      TEXT NOT NULL,
  active      BOOLEAN NOT NULL,
  person      TEXT NOT NULL,
  at          TEXT NOT NULL,
  CONSTRAINT booking_upkeep_span CHECK (from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440)
);
CREATE INDEX booking_upkeep_resource ON booking_upkeep (resource) WHERE active;

-- what becomes of a booking that was not kept: 'fee' frees its time where its price plan charges for not coming, 'free'
-- always does, 'mark' only notes it
ALTER TABLE waiting_rule ADD COLUMN missed TEXT NOT NULL DEFAULT 'fee';

CREATE TABLE waiting_contest (         -- what a buyer says against the fee of a booking that was not kept or cancelled late
  order_id    TEXT PRIMARY KEY,
  number      TEXT NOT NULL,
  buyer       TEXT NOT NULL,
  provider    TEXT NOT NULL,
  region      TEXT NOT NULL,
  amount      BIGINT NOT NULL,         -- of the fee, in fen
  reason      TEXT NOT NULL,
  state       TEXT NOT NULL CONSTRAINT waiting_contest_state CHECK (state IN ('open', 'waived', 'upheld')),
  answer      TEXT NOT NULL,
  person      TEXT NOT NULL,
  at          TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  answered_at TEXT
);
CREATE INDEX waiting_contest_provider ON waiting_contest (provider, state);
