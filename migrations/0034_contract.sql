-- +goose Up
-- Contracts of orders: the text as it was, its hash, and who signed which version.

CREATE TABLE contract_contract (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL,            -- the same for every version
  order_id   TEXT NOT NULL,
  version    BIGINT NOT NULL,
  buyer      TEXT NOT NULL,
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,
  terms      TEXT NOT NULL,            -- JSON: the clauses chosen
  body       TEXT NOT NULL,            -- what is signed
  sha256     TEXT NOT NULL,            -- of body
  person     TEXT NOT NULL,            -- who offered it
  at         TEXT NOT NULL,
  invented   BOOLEAN NOT NULL,
  UNIQUE (order_id, version),
  UNIQUE (number, version)
);

CREATE TABLE contract_signature (
  contract TEXT NOT NULL REFERENCES contract_contract (id),
  side     TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  person   TEXT NOT NULL,
  sha256   TEXT NOT NULL,              -- of what was signed: the contract's own
  scan     TEXT NOT NULL,              -- SHA-256 of the stamped scan, or ''
  name     TEXT NOT NULL,              -- of the scan
  at       TEXT NOT NULL,
  PRIMARY KEY (contract, side)
);

CREATE TABLE contract_rule (           -- from which price on a provider works under a signed contract only
  provider   TEXT PRIMARY KEY,
  above      BIGINT NOT NULL CHECK (above >= 0), -- fen
  person     TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
