-- +goose Up
-- Invoices of orders: each number is used once on the whole node, whoever uses it.

CREATE TABLE invoice_invoice (
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL CONSTRAINT invoice_invoice_number UNIQUE, -- as kept: capitals and digits only
  order_id     TEXT NOT NULL,
  order_number TEXT NOT NULL,
  buyer        TEXT NOT NULL,
  provider     TEXT NOT NULL,
  region       TEXT NOT NULL,
  issued_on    TEXT NOT NULL,          -- civil day
  amount       BIGINT NOT NULL CHECK (amount > 0), -- fen, tax included
  name         TEXT NOT NULL,          -- of the file, or ''
  sha256       TEXT NOT NULL,
  size         BIGINT NOT NULL,
  person       TEXT NOT NULL,
  at           TEXT NOT NULL
);
CREATE INDEX invoice_invoice_order ON invoice_invoice (order_id);

CREATE TABLE invoice_detail (          -- what an organisation's invoices are made out to
  org        TEXT PRIMARY KEY,
  title      TEXT NOT NULL,
  uscc       TEXT NOT NULL,
  address    TEXT NOT NULL,
  phone      TEXT NOT NULL,
  bank       TEXT NOT NULL,
  account    TEXT NOT NULL,
  mail       TEXT NOT NULL,            -- where e-invoices are sent
  updated_at TEXT NOT NULL
);
