-- +goose Up
-- Spot checks of service records: drawn by a seed that is shown, answered by the owner, decided by a person.

CREATE TABLE record_check (            -- one draw
  id          TEXT PRIMARY KEY,
  org         TEXT NOT NULL,          -- the authority that drew
  region      TEXT NOT NULL,
  serial      BIGINT NOT NULL,        -- within the authority
  person      TEXT NOT NULL,
  year        TEXT NOT NULL,          -- of the services
  owner       TEXT NOT NULL,          -- of one unit, or ''
  note        TEXT NOT NULL,
  population  BIGINT NOT NULL,        -- records it was drawn from
  drawn       BIGINT NOT NULL,
  decided     BIGINT NOT NULL,        -- of those
  seed        TEXT NOT NULL,
  list_sha256 TEXT NOT NULL,          -- the list it was drawn from, in the order of the draw
  due         TEXT NOT NULL,          -- last day to answer
  state       TEXT NOT NULL CONSTRAINT record_check_state CHECK (state IN ('open', 'closed')),
  created_at  TEXT NOT NULL,
  closed_at   TEXT,
  UNIQUE (org, serial)
);
CREATE INDEX record_check_region ON record_check (region, created_at);

CREATE TABLE record_checked (         -- one record that was drawn
  id         TEXT PRIMARY KEY,
  check_id   TEXT NOT NULL REFERENCES record_check (id),
  record     TEXT NOT NULL REFERENCES record_record (id),
  owner      TEXT NOT NULL,
  region     TEXT NOT NULL,
  place      BIGINT NOT NULL,         -- in the order of the draw
  lot        TEXT NOT NULL,           -- what the seed makes of the record's id
  state      TEXT NOT NULL CONSTRAINT record_checked_state CHECK (state IN ('asked', 'answered', 'passed', 'struck')),
  revision   BIGINT NOT NULL,         -- of the record when it was decided; 0 before
  reason     TEXT NOT NULL,
  person     TEXT NOT NULL,           -- who decided
  decided_at TEXT,
  UNIQUE (check_id, place)
);
CREATE UNIQUE INDEX record_checked_once ON record_checked (record) WHERE state IN ('asked', 'answered');
CREATE INDEX record_checked_record ON record_checked (record);
CREATE INDEX record_checked_owner ON record_checked (owner, state);

CREATE TABLE record_answer (          -- what an owner said and showed: only ever added to
  id        TEXT PRIMARY KEY,
  checked   TEXT NOT NULL REFERENCES record_checked (id),
  at        TEXT NOT NULL,
  person    TEXT NOT NULL,
  text      TEXT NOT NULL,
  file      TEXT NOT NULL,            -- name, or ''
  sha256    TEXT NOT NULL,
  size      BIGINT NOT NULL
);
CREATE INDEX record_answer_checked ON record_answer (checked, at);
