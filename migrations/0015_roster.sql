-- +goose Up
-- Lists of organisations that an authority keeps: who holds a qualification, who is shut out.

CREATE TABLE roster_list (
  id         TEXT PRIMARY KEY,
  code       TEXT NOT NULL,                  -- what terms and programs name it by: tech-sme
  name_zh    TEXT NOT NULL CONSTRAINT roster_list_name CHECK (name_zh <> ''),
  name_en    TEXT NOT NULL DEFAULT '',
  kind       TEXT NOT NULL CONSTRAINT roster_list_kind CHECK (kind IN ('credential', 'ban')),
  issuer     TEXT NOT NULL DEFAULT '',       -- who decides who stands on it
  source     TEXT NOT NULL DEFAULT '',       -- the document behind it
  region     TEXT NOT NULL,                  -- whose firms it lists, six digits
  owner      TEXT NOT NULL,                  -- organisation that keeps it
  open       BOOLEAN NOT NULL,               -- everybody may see who stands on it
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX roster_list_code ON roster_list (code);

CREATE TABLE roster_rule ( -- how long an entry lasts that names no last day; dated
  list       TEXT NOT NULL REFERENCES roster_list (id),
  valid_from TEXT NOT NULL, -- holds for entries that begin on this day or later; '' from the beginning
  validity   TEXT NOT NULL, -- none, months:36, year-end:0, day:1-03-31 (years on, month and day)
  source     TEXT NOT NULL,
  PRIMARY KEY (list, valid_from)
);

CREATE TABLE roster_entry (
  id         TEXT PRIMARY KEY, -- computed from the list and what the row says of itself
  list       TEXT NOT NULL REFERENCES roster_list (id),
  name       TEXT NOT NULL,
  folded     TEXT NOT NULL,             -- the name as it is compared
  former     TEXT NOT NULL DEFAULT '',  -- names it had before, one a line
  uscc       TEXT NOT NULL DEFAULT '',
  number     TEXT NOT NULL DEFAULT '',  -- of the certificate
  valid_from TEXT NOT NULL DEFAULT '',
  valid_to   TEXT NOT NULL DEFAULT '',  -- last day; '' no end
  derived    BOOLEAN NOT NULL,          -- the last day follows from the list's rule
  evidence   TEXT NOT NULL DEFAULT '',
  org        TEXT NOT NULL DEFAULT '',  -- whom it means; with state open: whom it may mean
  state      TEXT NOT NULL CONSTRAINT roster_entry_state CHECK (state IN ('none', 'open', 'matched', 'parted', 'removed')),
  reason     TEXT NOT NULL DEFAULT '',  -- why it was matched, or waits: a code
  confidence BIGINT NOT NULL,           -- hundredths
  note       TEXT NOT NULL DEFAULT '',  -- a person's words
  import     TEXT NOT NULL,             -- that brought it last
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT roster_entry_who CHECK (state <> 'matched' OR org <> ''),
  CONSTRAINT roster_entry_days CHECK (valid_to = '' OR valid_from <= valid_to)
);
CREATE INDEX roster_entry_list ON roster_entry (list, id);
CREATE INDEX roster_entry_org ON roster_entry (org, state);
CREATE INDEX roster_entry_uscc ON roster_entry (uscc);
CREATE INDEX roster_entry_folded ON roster_entry (folded);

CREATE TABLE roster_import (
  id         TEXT PRIMARY KEY,
  list       TEXT NOT NULL REFERENCES roster_list (id),
  file       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  mapping    TEXT NOT NULL,             -- the field of each column, JSON
  whole      BOOLEAN NOT NULL,          -- the file is the whole list: who is not in it leaves
  state      TEXT NOT NULL CONSTRAINT roster_import_state CHECK (state IN ('previewed', 'applied', 'dropped')),
  added      BIGINT NOT NULL DEFAULT 0,
  changed    BIGINT NOT NULL DEFAULT 0,
  same       BIGINT NOT NULL DEFAULT 0,
  gone       BIGINT NOT NULL DEFAULT 0,
  wrong      BIGINT NOT NULL DEFAULT 0,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  created_at TEXT NOT NULL,
  applied_at TEXT NOT NULL DEFAULT ''
);
CREATE INDEX roster_import_list ON roster_import (list, id);

CREATE INDEX identity_organisation_names ON identity_organisation (name_zh);
CREATE INDEX identity_organisation_names_en ON identity_organisation (name_en);
