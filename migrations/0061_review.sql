-- +goose Up
-- What providers say of buyers; what a side of a dispute offers to settle for; money given back.

CREATE TABLE review_buyer (
  order_id     TEXT PRIMARY KEY,
  order_number TEXT NOT NULL,
  buyer        TEXT NOT NULL,
  provider     TEXT NOT NULL,
  region       TEXT NOT NULL,
  stars        BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
  text         TEXT NOT NULL,
  reply        TEXT NOT NULL,
  person       TEXT NOT NULL,
  at           TEXT NOT NULL,
  replied_at   TEXT
);
CREATE INDEX review_buyer_buyer ON review_buyer (buyer, at);

CREATE TABLE order_offer (             -- one an order: the newest, as long as the dispute lasts
  order_id TEXT PRIMARY KEY REFERENCES order_order (id),
  side     TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  amount   BIGINT NOT NULL CHECK (amount >= 0), -- fen: what the order would cost then
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
);

CREATE TABLE invoice_refund (
  id          TEXT PRIMARY KEY,
  order_id    TEXT NOT NULL,
  buyer       TEXT NOT NULL,
  provider    TEXT NOT NULL,
  region      TEXT NOT NULL,
  paid_on     TEXT NOT NULL,           -- civil day
  amount      BIGINT NOT NULL CHECK (amount > 0), -- fen
  way         TEXT NOT NULL CHECK (way IN ('transfer', 'card', 'cash', 'internal')),
  note        TEXT NOT NULL,
  name        TEXT NOT NULL,           -- of the evidence, or ''
  sha256      TEXT NOT NULL,
  size        BIGINT NOT NULL,
  person      TEXT NOT NULL,
  at          TEXT NOT NULL
);
CREATE INDEX invoice_refund_order ON invoice_refund (order_id);
