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
CREATE INDEX catalogue_resource_checked ON catalogue_resource (status, checked_on, owner);

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
  verb     TEXT NOT NULL,                  -- create, edit, import, hours, files, bulk, undo, or a verb of the state table
  cause    TEXT NOT NULL,                  -- the import or bulk edit, the revision undone, or ''
  changes  TEXT NOT NULL,                  -- JSON: field, from, to
  PRIMARY KEY (resource, revision)
);

CREATE TABLE catalogue_bulk (              -- one edit of many resources, undone as one
  id      TEXT PRIMARY KEY,
  org     TEXT NOT NULL,
  person  TEXT NOT NULL,
  at      TEXT NOT NULL,
  edit    TEXT NOT NULL,                   -- JSON: what was changed
  changed BIGINT NOT NULL,                 -- resources it changed
  left_as BIGINT NOT NULL,                 -- resources it left alone
  undone  TEXT NOT NULL                    -- the bulk edit that took it back, or ''
);
CREATE INDEX catalogue_bulk_org ON catalogue_bulk (org, id);

CREATE TABLE catalogue_file (              -- photos and documents of a resource
  id       TEXT PRIMARY KEY,
  resource TEXT NOT NULL REFERENCES catalogue_resource (id),
  position BIGINT NOT NULL,
  sort     TEXT NOT NULL CHECK (sort IN ('photo', 'document')),
  name     TEXT NOT NULL,
  title    TEXT NOT NULL,                  -- photo: what it shows, for who cannot see it; document: its title
  type     TEXT NOT NULL,                  -- media type, found in its content
  sha256   TEXT NOT NULL,                  -- in the file store
  thumb    TEXT NOT NULL,                  -- photo: its small picture there, or ''
  size     BIGINT NOT NULL,
  width    BIGINT NOT NULL,                -- pixels, 0 for documents
  height   BIGINT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
);
CREATE INDEX catalogue_file_resource ON catalogue_file (resource, position);

CREATE TABLE catalogue_reminder (          -- when an owner was last reminded to check records
  org TEXT PRIMARY KEY,
  day TEXT NOT NULL,
  due BIGINT NOT NULL                      -- records that were due then
);
