-- +goose Up
-- One file for each firm: what is known of it, where from, and who may use it.

CREATE TABLE facts_file ( -- the lock row of a file
  org      TEXT PRIMARY KEY,
  revision BIGINT NOT NULL
);

CREATE TABLE facts_entry ( -- one value; only ever added
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  fact       TEXT NOT NULL,                 -- a code of facts.json
  year       TEXT NOT NULL DEFAULT '',      -- of a yearly fact
  as_of      TEXT NOT NULL,                 -- civil day
  value      TEXT NOT NULL,                 -- '' taken back
  source     TEXT NOT NULL CONSTRAINT facts_entry_source CHECK (source IN ('stated', 'verified', 'imported')),
  confirms   TEXT NOT NULL DEFAULT '',      -- the entry that an officer confirmed or corrected
  reuse      BOOLEAN NOT NULL,              -- the authority of the region may use it for other purposes
  note       TEXT NOT NULL DEFAULT '',
  file_name  TEXT NOT NULL DEFAULT '',      -- evidence
  sha256     TEXT NOT NULL DEFAULT '',
  size       BIGINT NOT NULL DEFAULT 0,
  person     TEXT NOT NULL,
  by_org     TEXT NOT NULL,
  import     TEXT NOT NULL DEFAULT '',
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT facts_entry_by CHECK ((source = 'stated') = (by_org = org)),
  CONSTRAINT facts_entry_confirms CHECK ((source = 'verified') = (confirms <> ''))
);
CREATE INDEX facts_entry_org ON facts_entry (org, fact, year, created_at);

CREATE TABLE facts_given ( -- what a firm gave to an authority for one purpose
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  region     TEXT NOT NULL,
  kind       TEXT NOT NULL,
  object     TEXT NOT NULL,
  facts      TEXT NOT NULL,
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX facts_given_org ON facts_given (org, created_at);

CREATE TABLE facts_opening ( -- who of an authority looked into a file, and why
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  person     TEXT NOT NULL,
  by_org     TEXT NOT NULL,
  reason     TEXT NOT NULL CONSTRAINT facts_opening_reason CHECK (reason <> ''),
  day        TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX facts_opening_org ON facts_opening (org, created_at);
CREATE INDEX facts_opening_person ON facts_opening (person, day);

CREATE TABLE facts_secret (
  id     BIGINT PRIMARY KEY CONSTRAINT facts_secret_one CHECK (id = 1),
  secret TEXT NOT NULL
);

CREATE TABLE facts_import ( -- a spreadsheet of what a register knows of firms
  id         TEXT PRIMARY KEY,
  file       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  mapping    TEXT NOT NULL,                -- the fact of each column, JSON
  state      TEXT NOT NULL CONSTRAINT facts_import_state CHECK (state IN ('previewed', 'applied')),
  written    BIGINT NOT NULL DEFAULT 0,
  same       BIGINT NOT NULL DEFAULT 0,
  wrong      BIGINT NOT NULL DEFAULT 0,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  region     TEXT NOT NULL,
  created_at TEXT NOT NULL
);
