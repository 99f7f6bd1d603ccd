-- +goose Up
-- How the time of instruments was used: what each order took, and the sums of each month.

CREATE TABLE usage_entry (            -- what one order took of an instrument's time
  order_id  TEXT PRIMARY KEY,
  number    TEXT NOT NULL,
  resource  TEXT NOT NULL,
  owner     TEXT NOT NULL,
  region    TEXT NOT NULL,
  buyer     TEXT NOT NULL,
  day       TEXT NOT NULL,            -- civil day of the booking, or of the first run
  booking   BOOLEAN NOT NULL,         -- false: a commission
  inner_use BOOLEAN NOT NULL,         -- the owner's own people
  missed    BOOLEAN NOT NULL,         -- nobody came
  booked    BIGINT NOT NULL CONSTRAINT usage_entry_booked CHECK (booked >= 0), -- minutes
  used      BIGINT NOT NULL CONSTRAINT usage_entry_used CHECK (used >= 0)
);

CREATE INDEX usage_entry_resource ON usage_entry (resource, day);

CREATE TABLE usage_month (            -- an instrument's month: sums of its entries, and what it could have given
  resource     TEXT NOT NULL,
  month        TEXT NOT NULL,         -- YYYY-MM
  owner        TEXT NOT NULL,
  region       TEXT NOT NULL,
  open         BIGINT NOT NULL CONSTRAINT usage_month_open CHECK (open >= down AND down >= 0), -- minutes of all units; down is part of open
  down         BIGINT NOT NULL,
  bookings     BIGINT NOT NULL,
  missed       BIGINT NOT NULL,
  orders       BIGINT NOT NULL,       -- that have used time
  booked       BIGINT NOT NULL,
  booked_inner BIGINT NOT NULL,
  used         BIGINT NOT NULL,
  used_inner   BIGINT NOT NULL,
  PRIMARY KEY (resource, month)
);

CREATE INDEX usage_month_owner ON usage_month (owner, month);

CREATE INDEX usage_month_region ON usage_month (region, month);

-- What is still open comes first on every desk.
CREATE INDEX order_order_open_buyer ON order_order (buyer, due) WHERE state NOT IN ('refused', 'cancelled', 'settled');

CREATE INDEX order_order_open_provider ON order_order (provider, due) WHERE state NOT IN ('refused', 'cancelled', 'settled');
