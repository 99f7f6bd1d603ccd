-- +goose Up
-- Samples of orders: where each is, how much of it is left, and everything that happened to it.

CREATE TABLE sample_sample (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL UNIQUE,    -- on the label: the order's number, S and a serial
  order_id   TEXT NOT NULL,
  buyer      TEXT NOT NULL,
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,           -- of the order
  position   BIGINT NOT NULL,         -- serial within the order
  parent     TEXT NOT NULL,           -- the sample it was split from, or ''
  name       TEXT NOT NULL,
  own_number TEXT NOT NULL,           -- the buyer's
  hazard     TEXT NOT NULL,
  storage    TEXT NOT NULL,
  wish       TEXT NOT NULL CONSTRAINT sample_wish CHECK (wish IN ('return', 'dispose')),
  keep_until TEXT NOT NULL,           -- last civil day it is kept, or ''
  amount     BIGINT NOT NULL CONSTRAINT sample_amount CHECK (amount >= 0),
  unit       TEXT NOT NULL,
  state      TEXT NOT NULL,
  place      TEXT NOT NULL,
  holder     TEXT NOT NULL,           -- person who has it in hand, or ''
  offered    TEXT NOT NULL,           -- person it is being handed to, or ''
  invented   BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT sample_one_place CHECK ((place <> '') = (state = 'stored') AND (holder <> '') = (state = 'in_use') AND (offered = '' OR state = 'in_use')),
  UNIQUE (order_id, position)
);
CREATE INDEX sample_sample_provider ON sample_sample (provider, state);
CREATE INDEX sample_sample_buyer ON sample_sample (buyer, state);

CREATE TABLE sample_step (            -- the chain of custody: only ever added to
  id         TEXT PRIMARY KEY,
  sample     TEXT NOT NULL REFERENCES sample_sample (id),
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  side       TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  place      TEXT NOT NULL,           -- where it was put
  change     BIGINT NOT NULL,         -- of the amount
  carrier    TEXT NOT NULL,           -- who brought it, with the number of the consignment
  note       TEXT NOT NULL,
  UNIQUE (sample, position)
);
