-- +goose Up
-- Electronic seals under contracts, and the signatures under reports: what was signed stands beside each, so that anybody can
-- check it by other means.

CREATE TABLE contract_seal (
  contract  TEXT NOT NULL REFERENCES contract_contract (id),
  side      TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  org       TEXT NOT NULL,             -- whose seal it is
  keeper    TEXT NOT NULL,             -- who keeps the seals, in Chinese
  keeper_en TEXT NOT NULL,
  binding   BOOLEAN NOT NULL,          -- false: of the reference, which binds nobody
  statement TEXT NOT NULL,             -- what is sealed, to the last character
  signature TEXT NOT NULL,             -- base64
  public    TEXT NOT NULL,             -- public key or certificate, PEM
  at        TEXT NOT NULL,
  PRIMARY KEY (contract, side)
);

CREATE TABLE paper_signature (
  document  TEXT PRIMARY KEY,          -- the report's file, a document of the order
  number    TEXT NOT NULL,             -- of the order, which is the report's
  sha256    TEXT NOT NULL,             -- of the file
  statement TEXT NOT NULL,             -- what is signed, to the last character
  signature TEXT NOT NULL,             -- base64
  public    TEXT NOT NULL,             -- the node's public key then, PEM
  at        TEXT NOT NULL
);
CREATE INDEX paper_signature_number ON paper_signature (number);
