-- +goose Up
-- Files of resources coming in: what became of each, and its rejected rows.

DROP TABLE IF EXISTS catalogue_import_error;
DROP TABLE IF EXISTS catalogue_import;

CREATE TABLE catalogue_import (
  id           TEXT PRIMARY KEY,
  org          TEXT NOT NULL,              -- whose resources
  person       TEXT NOT NULL,              -- who uploaded
  acting       TEXT NOT NULL,              -- for which organisation
  name         TEXT NOT NULL,              -- of the file
  sha256       TEXT NOT NULL,              -- of the file in the file store
  size         BIGINT NOT NULL,            -- bytes
  format       TEXT NOT NULL,              -- template recognised
  kind         TEXT NOT NULL,
  plan         TEXT NOT NULL,              -- JSON: kind, heading → target, constants
  source       TEXT NOT NULL,
  licence      TEXT NOT NULL,
  retrieved_on TEXT NOT NULL,
  dry_run      BOOLEAN NOT NULL,
  status       TEXT NOT NULL CHECK (status IN ('running', 'cancelled', 'failed', 'done')),
  total        BIGINT NOT NULL,            -- rows with something in them
  accepted     BIGINT NOT NULL,
  updated      BIGINT NOT NULL,
  unchanged    BIGINT NOT NULL,
  rejected     BIGINT NOT NULL,
  expected     BIGINT NOT NULL,            -- rows the whole file may have, 0 = not known
  reached      BIGINT NOT NULL,            -- all rows up to this number are done with
  headings     TEXT NOT NULL,              -- JSON, as in the file
  ignored      TEXT NOT NULL,              -- JSON: headings without a meaning here
  failure      TEXT NOT NULL,
  lease_until  TEXT NOT NULL,              -- while running: nobody else works on it before
  at           TEXT NOT NULL,
  ended_at     TEXT NOT NULL
);
CREATE INDEX catalogue_import_org ON catalogue_import (org, at);
CREATE INDEX catalogue_import_running ON catalogue_import (lease_until) WHERE status = 'running';

CREATE TABLE catalogue_import_row (        -- rejected rows
  import TEXT NOT NULL REFERENCES catalogue_import (id),
  line   BIGINT NOT NULL,                  -- row number in the file
  nth    BIGINT NOT NULL,                  -- which of its like, where it has no id of its own
  cells  TEXT NOT NULL,                    -- JSON, by column of the file
  PRIMARY KEY (import, line)
);

CREATE TABLE catalogue_import_error (
  import   TEXT NOT NULL REFERENCES catalogue_import (id),
  line     BIGINT NOT NULL,
  position BIGINT NOT NULL,
  heading  TEXT NOT NULL,                  -- column, or ''
  code     TEXT NOT NULL,
  text     TEXT NOT NULL,                  -- Chinese sentence with {0} places
  args     TEXT NOT NULL,                  -- JSON
  PRIMARY KEY (import, line, position)
);

CREATE INDEX catalogue_history_cause ON catalogue_history (cause) WHERE cause <> '';
