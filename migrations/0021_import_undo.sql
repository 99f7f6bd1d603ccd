-- +goose Up
-- Imports taken back: what an import made is withdrawn, what it changed is as before.

CREATE TABLE catalogue_import_undo (
  import      TEXT PRIMARY KEY REFERENCES catalogue_import (id),
  person      TEXT NOT NULL,              -- who wants it back
  acting      TEXT NOT NULL,              -- for which organisation
  state       TEXT NOT NULL CHECK (state IN ('running', 'done')),
  withdrawn   BIGINT NOT NULL,            -- records the import had made
  restored    BIGINT NOT NULL,            -- records it had changed
  kept        BIGINT NOT NULL,            -- records left as they are
  reached     TEXT NOT NULL,              -- id of the last record that is done with
  lease_until TEXT NOT NULL,              -- while running: nobody else works on it before
  at          TEXT NOT NULL,
  ended_at    TEXT NOT NULL
);
CREATE INDEX catalogue_import_undo_running ON catalogue_import_undo (lease_until) WHERE state = 'running';

CREATE TABLE catalogue_import_kept (       -- why records were left as they are
  import   TEXT NOT NULL REFERENCES catalogue_import (id),
  resource TEXT NOT NULL,
  name     TEXT NOT NULL,
  code     TEXT NOT NULL,
  text     TEXT NOT NULL,                  -- Chinese sentence with {0} places
  args     TEXT NOT NULL,                  -- JSON
  PRIMARY KEY (import, resource)
);
