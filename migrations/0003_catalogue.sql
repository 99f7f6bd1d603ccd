-- +goose Up
-- What a region shares: resources of every kind, their prices, opening hours and history.

CREATE TABLE catalogue_resource (
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  owner        TEXT NOT NULL REFERENCES identity_organisation (id),
  region       TEXT NOT NULL,              -- six digits
  name_zh      TEXT NOT NULL CONSTRAINT catalogue_resource_name CHECK (name_zh <> '' OR name_en <> ''),
  name_en      TEXT NOT NULL,
  summary      TEXT NOT NULL,
  model        TEXT NOT NULL,
  maker        TEXT NOT NULL,
  class        TEXT NOT NULL,              -- instrument: six digits; service: its class
  status       TEXT NOT NULL CONSTRAINT catalogue_resource_status CHECK (status IN ('draft', 'review', 'published', 'suspended', 'withdrawn')),
  revision     BIGINT NOT NULL,            -- grows by one with each change
  origin       TEXT NOT NULL UNIQUE,       -- node + owner + source + source id: importing twice updates
  source       TEXT NOT NULL,              -- '' = the owner's own list
  source_id    TEXT NOT NULL,              -- the id there; '' = it had none
  licence      TEXT NOT NULL,
  retrieved_on TEXT NOT NULL,              -- civil day, or ''
  access       TEXT NOT NULL,              -- ways of use, separated by commas
  free         BOOLEAN NOT NULL,
  voucher      BOOLEAN NOT NULL,           -- the owner accepts vouchers for it
  booking      BOOLEAN NOT NULL,           -- the owner lets it be booked by the hour
  fields       TEXT NOT NULL,              -- JSON: the other fields of its kind
  sample       BOOLEAN NOT NULL,           -- invented for the demo
  note         TEXT NOT NULL,              -- why it was suspended or withdrawn, for readers
  country      TEXT NOT NULL DEFAULT '',   -- two letters (GB/T 2659.1) where it is outside China, or ''
  languages    TEXT NOT NULL DEFAULT '',   -- in which one is served, separated by commas
  checked_on   TEXT NOT NULL DEFAULT '',   -- civil day on which the owner last said that the record is true, or ''
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL
);
CREATE INDEX catalogue_resource_owner ON catalogue_resource (owner, status, id);
CREATE INDEX catalogue_resource_kind ON catalogue_resource (kind, status);

CREATE TABLE catalogue_identifier (        -- persistent ids of a resource, the owner's own number aside
  resource TEXT NOT NULL REFERENCES catalogue_resource (id),
  scheme   TEXT NOT NULL CONSTRAINT catalogue_identifier_scheme CHECK (scheme IN ('own', 'cstr', 'doi', 'ror', 'orcid', 'pidinst', 'handle', 'other')),
  value    TEXT NOT NULL CHECK (value <> ''), -- without the resolver's address
  position BIGINT NOT NULL,
  PRIMARY KEY (resource, scheme, value)
);
CREATE INDEX catalogue_identifier_value ON catalogue_identifier (value);

CREATE TABLE catalogue_price (
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL REFERENCES catalogue_resource (id),
  position   BIGINT NOT NULL,
  audience   TEXT NOT NULL CHECK (audience IN ('external', 'member', 'internal')),
  unit       TEXT NOT NULL,
  amount     BIGINT NOT NULL CHECK (amount >= 0),
  currency   TEXT NOT NULL,
  minimum    BIGINT NOT NULL CHECK (minimum >= 0),
  option     TEXT NOT NULL,                -- the configuration it is for, or ''
  note       TEXT NOT NULL,
  valid_from TEXT NOT NULL,                -- civil days, '' = open
  valid_to   TEXT NOT NULL
);
CREATE INDEX catalogue_price_resource ON catalogue_price (resource, position);

CREATE TABLE catalogue_hours (             -- weekly opening hours of a resource, or of an owner as the default
  holder  TEXT NOT NULL,
  weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  opens   TEXT NOT NULL,                   -- HH:MM
  closes  TEXT NOT NULL,                   -- HH:MM, at most 24:00
  PRIMARY KEY (holder, weekday, opens),
  CONSTRAINT catalogue_hours_order CHECK (opens < closes)
);

CREATE TABLE catalogue_history (
  resource TEXT NOT NULL REFERENCES catalogue_resource (id),
  revision BIGINT NOT NULL,
  at       TEXT NOT NULL,
  person   TEXT NOT NULL,
  org      TEXT NOT NULL,
  verb     TEXT NOT NULL,                  -- create, edit, import, publish, suspend, withdraw, restore, price, hours
  cause    TEXT NOT NULL,                  -- the import, or ''
  changes  TEXT NOT NULL,                  -- JSON: field, from, to
  PRIMARY KEY (resource, revision)
);
