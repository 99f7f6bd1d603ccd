-- +goose Up
-- What the columns of somebody's own spreadsheet mean: files that wait for their owner to say it, and what was said, kept.

CREATE TABLE catalogue_import_draft (
  id     TEXT PRIMARY KEY,
  org    TEXT NOT NULL,             -- whose resources
  person TEXT NOT NULL,             -- who uploaded
  name   TEXT NOT NULL,             -- of the file
  sha256 TEXT NOT NULL,             -- of the file in the file store
  size   BIGINT NOT NULL,           -- bytes
  plan   TEXT NOT NULL,             -- JSON: what was chosen so far; without columns: nothing yet
  at     TEXT NOT NULL
);
CREATE INDEX catalogue_import_draft_org ON catalogue_import_draft (org, at);

CREATE TABLE catalogue_mapping (
  id       TEXT PRIMARY KEY,
  org      TEXT NOT NULL,           -- whose spreadsheets
  person   TEXT NOT NULL,           -- who saved it last
  name     TEXT NOT NULL,
  folded   TEXT NOT NULL,           -- the name in small letters without outer space
  headings TEXT NOT NULL,           -- hash of the set of headings it is for
  plan     TEXT NOT NULL,           -- JSON: kind, heading → target, how cells are written, constants
  at       TEXT NOT NULL,
  used_at  TEXT NOT NULL,           -- when a file was last read by it, or ''
  UNIQUE (org, folded)
);
CREATE INDEX catalogue_mapping_headings ON catalogue_mapping (org, headings);
