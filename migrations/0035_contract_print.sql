-- +goose Up
-- Contracts as they were printed: a PDF is recognised by its hash. Payments of orders: what was received, when and how.

CREATE TABLE contract_print (
  contract TEXT NOT NULL REFERENCES contract_contract (id),
  sha256   TEXT NOT NULL,              -- of the PDF
  at       TEXT NOT NULL,
  PRIMARY KEY (contract, sha256)
);

CREATE TABLE invoice_payment (
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  paid_on  TEXT NOT NULL,              -- civil day
  amount   BIGINT NOT NULL CHECK (amount > 0), -- fen
  way      TEXT NOT NULL CHECK (way IN ('transfer', 'card', 'cash', 'internal')),
  note     TEXT NOT NULL,              -- of the bank's receipt, for example
  name     TEXT NOT NULL,              -- of the evidence, or ''
  sha256   TEXT NOT NULL,
  size     BIGINT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
);
CREATE INDEX invoice_payment_order ON invoice_payment (order_id);
