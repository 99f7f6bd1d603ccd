-- +goose Up
-- Calendars become a module of their own: how a resource is booked, when it cannot be had, and who holds which stretch of
-- which unit. A holder is an order, or something else that takes time from the same calendar.

CREATE TABLE booking_booking (
  holder   TEXT PRIMARY KEY,           -- id of the order
  kind     TEXT NOT NULL CONSTRAINT booking_kind CHECK (kind IN ('order', 'offer', 'external')),
  resource TEXT NOT NULL,
  unit     BIGINT NOT NULL CHECK (unit > 0),
  start_at TEXT NOT NULL,              -- booked: what the buyer sees
  end_at   TEXT NOT NULL,
  from_at  TEXT NOT NULL,              -- occupied: with setting up and cleaning
  to_at    TEXT NOT NULL,
  active   BOOLEAN NOT NULL,           -- false once given back
  CONSTRAINT booking_span CHECK (from_at <= start_at AND start_at < end_at AND end_at <= to_at)
);
CREATE INDEX booking_booking_slot ON booking_booking (resource, from_at) WHERE active;

CREATE TABLE booking_queue (           -- rivals for a unit write this row first and so wait in line
  resource TEXT NOT NULL,
  unit     BIGINT NOT NULL,
  turns    BIGINT NOT NULL,
  PRIMARY KEY (resource, unit)
);

CREATE TABLE booking_rule (            -- how a resource is booked; no row = the defaults
  resource       TEXT PRIMARY KEY,
  units          BIGINT NOT NULL CHECK (units BETWEEN 1 AND 100),
  before_minutes BIGINT NOT NULL CHECK (before_minutes BETWEEN 0 AND 1440),
  after_minutes  BIGINT NOT NULL CHECK (after_minutes BETWEEN 0 AND 1440),
  notice_hours   BIGINT NOT NULL CHECK (notice_hours BETWEEN 0 AND 2160),
  ahead_days     BIGINT NOT NULL CHECK (ahead_days BETWEEN 1 AND 730),
  inner_notice   BIGINT NOT NULL CHECK (inner_notice BETWEEN 0 AND 2160), -- the same for the owner's own people
  inner_ahead    BIGINT NOT NULL CHECK (inner_ahead BETWEEN 1 AND 730),
  mode           TEXT NOT NULL CHECK (mode IN ('slots', 'free', 'day')),
  slot_minutes   BIGINT NOT NULL CHECK (slot_minutes BETWEEN 15 AND 1440), -- of one slot; in free time the least
  step_minutes   BIGINT NOT NULL CHECK (step_minutes BETWEEN 5 AND 60),    -- in free time: begins and ends fall on these
  most_minutes   BIGINT NOT NULL CHECK (most_minutes BETWEEN 0 AND 89280), -- of one booking; 0: no bound of its own
  holidays       BOOLEAN NOT NULL,     -- open on public holidays, too
  updated_at     TEXT NOT NULL
);

CREATE TABLE booking_closure (         -- a time in which the provider cannot serve
  id        TEXT PRIMARY KEY,
  resource  TEXT NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('maintenance', 'closed')),
  unplanned BOOLEAN NOT NULL,          -- a breakdown: set over bookings, too
  start_at  TEXT NOT NULL,
  end_at    TEXT NOT NULL,
  reason    TEXT NOT NULL,
  active    BOOLEAN NOT NULL,
  person    TEXT NOT NULL,
  at        TEXT NOT NULL,
  CHECK (start_at < end_at)
);
CREATE INDEX booking_closure_slot ON booking_closure (resource, start_at) WHERE active;

INSERT INTO booking_booking SELECT order_id, 'order', resource, unit, start_at, end_at, from_at, to_at, active FROM order_booking;
INSERT INTO booking_queue SELECT resource, unit, turns FROM order_queue;
INSERT INTO booking_rule SELECT resource, units, before_minutes, after_minutes, notice_hours, ahead_days, notice_hours, ahead_days, 'slots', 60, 15, 0, false, updated_at FROM order_rule;
INSERT INTO booking_closure SELECT id, resource, state, false, start_at, end_at, reason, active, person, at FROM order_closure;
DROP TABLE order_booking;
DROP TABLE order_queue;
DROP TABLE order_rule;
DROP TABLE order_closure;
