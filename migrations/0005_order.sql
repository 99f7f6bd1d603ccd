-- +goose Up
-- Orders: what was asked for, what it costs, who did what when. The guarantee that two bookings of
-- one unit never overlap differs by engine and lies in 0009_order_slots.

CREATE TABLE order_order (
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL CHECK (kind IN ('booking', 'commission')),
  state        TEXT NOT NULL,
  revision     BIGINT NOT NULL,        -- grows by one with each step
  buyer        TEXT NOT NULL,          -- organisations and the person who placed it
  buyer_person TEXT NOT NULL,
  provider     TEXT NOT NULL,
  resource     TEXT NOT NULL,          -- with its name and class as they were when it was ordered
  resource_zh  TEXT NOT NULL,
  resource_en  TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  class        TEXT NOT NULL,
  region       TEXT NOT NULL,          -- of the resource, six digits
  need         TEXT NOT NULL,          -- the need it answers, or ''
  purpose      TEXT NOT NULL,
  samples      TEXT NOT NULL,          -- samples in the buyer's words
  quantity     BIGINT NOT NULL CHECK (quantity > 0),
  unit         TEXT NOT NULL,          -- of the first price line, or ''
  price_line   TEXT NOT NULL,          -- the price line chosen, or ''
  start_at     TEXT,                   -- bookings only
  end_at       TEXT,
  priced       BOOLEAN NOT NULL,       -- false: only a quote can tell
  price        BIGINT NOT NULL CHECK (price >= 0),
  voucher      BIGINT NOT NULL CHECK (voucher >= 0),
  own          BIGINT NOT NULL CHECK (own >= 0),
  currency     TEXT NOT NULL,
  programme    TEXT NOT NULL,          -- voucher programme, or ''
  held         BOOLEAN NOT NULL,       -- the voucher's part is held (or used)
  due          TEXT NOT NULL,          -- civil day by which the next step is expected, or ''
  minutes      BIGINT NOT NULL,        -- machine time logged so far
  sample       BOOLEAN NOT NULL,       -- invented for the demo
  placed_on    TEXT NOT NULL,          -- civil day
  confirmed_on TEXT NOT NULL,          -- civil day, or ''
  placed_at    TEXT NOT NULL,
  updated_at   TEXT NOT NULL,
  CONSTRAINT order_split CHECK (price = voucher + own),
  CONSTRAINT order_time CHECK ((kind = 'booking') = (start_at IS NOT NULL AND end_at IS NOT NULL))
);
CREATE INDEX order_order_buyer ON order_order (buyer, placed_at);
CREATE INDEX order_order_provider ON order_order (provider, placed_at);
CREATE INDEX order_order_resource ON order_order (resource, placed_at);
CREATE INDEX order_order_need ON order_order (need) WHERE need <> '';

CREATE TABLE order_booking (
  order_id TEXT PRIMARY KEY REFERENCES order_order (id),
  resource TEXT NOT NULL,
  unit     BIGINT NOT NULL CHECK (unit > 0),
  start_at TEXT NOT NULL,              -- booked: what the buyer sees
  end_at   TEXT NOT NULL,
  from_at  TEXT NOT NULL,              -- occupied: with setting up and cleaning
  to_at    TEXT NOT NULL,
  active   BOOLEAN NOT NULL,           -- false once refused or cancelled
  CONSTRAINT order_booking_span CHECK (from_at <= start_at AND start_at < end_at AND end_at <= to_at)
);
CREATE INDEX order_booking_slot ON order_booking (resource, from_at) WHERE active;

CREATE TABLE order_queue (             -- rivals for a unit write this row first and so wait in line
  resource TEXT NOT NULL,
  unit     BIGINT NOT NULL,
  turns    BIGINT NOT NULL,
  PRIMARY KEY (resource, unit)
);

CREATE TABLE order_rule (              -- how a resource is booked; no row = the defaults
  resource       TEXT PRIMARY KEY,
  units          BIGINT NOT NULL CHECK (units BETWEEN 1 AND 100),
  before_minutes BIGINT NOT NULL CHECK (before_minutes BETWEEN 0 AND 1440),
  after_minutes  BIGINT NOT NULL CHECK (after_minutes BETWEEN 0 AND 1440),
  notice_hours   BIGINT NOT NULL CHECK (notice_hours BETWEEN 0 AND 2160),
  ahead_days     BIGINT NOT NULL CHECK (ahead_days BETWEEN 1 AND 730),
  updated_at     TEXT NOT NULL
);

CREATE TABLE order_closure (           -- a time in which the provider cannot serve
  id       TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('maintenance', 'closed')),
  start_at TEXT NOT NULL,
  end_at   TEXT NOT NULL,
  reason   TEXT NOT NULL,
  active   BOOLEAN NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL,
  CHECK (start_at < end_at)
);
CREATE INDEX order_closure_slot ON order_closure (resource, start_at) WHERE active;

CREATE TABLE order_quote (
  order_id    TEXT NOT NULL REFERENCES order_order (id),
  version     BIGINT NOT NULL,
  total       BIGINT NOT NULL CHECK (total >= 0),
  valid_until TEXT NOT NULL,           -- last civil day on which it may be accepted
  note        TEXT NOT NULL,
  person      TEXT NOT NULL,
  at          TEXT NOT NULL,
  PRIMARY KEY (order_id, version)
);

CREATE TABLE order_line (              -- version 0: price at placing; n: quote n
  order_id    TEXT NOT NULL REFERENCES order_order (id),
  version     BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  text        TEXT NOT NULL,
  audience    TEXT NOT NULL,
  unit        TEXT NOT NULL,
  unit_amount BIGINT NOT NULL,
  count_num   BIGINT NOT NULL,
  count_per   BIGINT NOT NULL CHECK (count_per > 0),
  minimum     BIGINT NOT NULL,
  amount      BIGINT NOT NULL,
  PRIMARY KEY (order_id, version, position)
);

CREATE TABLE order_run (               -- machine hours: one row a run
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES order_order (id),
  start_at TEXT NOT NULL,
  end_at   TEXT,
  minutes  BIGINT NOT NULL CHECK (minutes >= 0)
);
CREATE INDEX order_run_order ON order_run (order_id);
CREATE UNIQUE INDEX order_run_open ON order_run (order_id) WHERE end_at IS NULL;

CREATE TABLE order_document (
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES order_order (id),
  kind     TEXT NOT NULL CHECK (kind IN ('request', 'report')),
  name     TEXT NOT NULL,
  sha256   TEXT NOT NULL,
  size     BIGINT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
);
CREATE INDEX order_document_order ON order_document (order_id);

CREATE TABLE order_step (              -- the timeline
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES order_order (id),
  position BIGINT NOT NULL,
  at       TEXT NOT NULL,
  side     TEXT NOT NULL,
  person   TEXT NOT NULL,
  org      TEXT NOT NULL,
  verb     TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  note     TEXT NOT NULL,
  UNIQUE (order_id, position)
);

CREATE TABLE order_rating (
  order_id TEXT PRIMARY KEY REFERENCES order_order (id),
  resource TEXT NOT NULL,
  provider TEXT NOT NULL,
  stars    BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
  text     TEXT NOT NULL,
  reply    TEXT NOT NULL,
  at       TEXT NOT NULL
);
CREATE INDEX order_rating_resource ON order_rating (resource);
