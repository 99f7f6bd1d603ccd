-- +goose Up
-- What the platform itself keeps: events, audit, numbers, requests, files, jobs.

CREATE TABLE outbox_event (
  id      TEXT PRIMARY KEY,
  seq     BIGINT,             -- given after commit by the one sequencer; NULL until then
  name    TEXT NOT NULL,
  body    TEXT NOT NULL,
  at      TEXT NOT NULL
);
CREATE UNIQUE INDEX outbox_event_seq ON outbox_event (seq) WHERE seq IS NOT NULL;
CREATE INDEX outbox_event_new ON outbox_event (id) WHERE seq IS NULL;

CREATE TABLE outbox_sequence (  -- one row a feed; writing it is the sequencer's lock
  feed TEXT PRIMARY KEY,
  last BIGINT NOT NULL,
  hash TEXT NOT NULL DEFAULT ''
);
INSERT INTO outbox_sequence (feed, last) VALUES ('event', 0), ('audit', 0);

CREATE TABLE outbox_cursor (    -- how far each consumer has read
  consumer TEXT PRIMARY KEY,
  seq      BIGINT NOT NULL
);

CREATE TABLE outbox_failure (   -- deliveries that failed: retried, then parked for a person
  consumer TEXT NOT NULL,
  seq      BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at  TEXT NOT NULL,
  parked   BOOLEAN NOT NULL,
  reason   TEXT NOT NULL,
  PRIMARY KEY (consumer, seq)
);

CREATE TABLE audit_entry (
  id         TEXT PRIMARY KEY,
  seq        BIGINT,
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  membership TEXT NOT NULL,
  org        TEXT NOT NULL,
  cause      TEXT NOT NULL,   -- the request or the job
  action     TEXT NOT NULL,
  kind       TEXT NOT NULL,
  object     TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  digest     TEXT NOT NULL,   -- SHA-256 of the data of the change; no personal value is kept here
  prev       TEXT NOT NULL DEFAULT '',
  hash       TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX audit_entry_seq ON audit_entry (seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_entry_new ON audit_entry (id) WHERE seq IS NULL;
CREATE INDEX audit_entry_object ON audit_entry (kind, object);

CREATE TABLE number_serial (    -- the numbers people say aloud
  series TEXT PRIMARY KEY,
  last   BIGINT NOT NULL
);

CREATE TABLE web_request (      -- one idempotency key, one effect
  key    TEXT PRIMARY KEY,      -- person + the client's key, hashed
  digest TEXT NOT NULL,         -- of method, path and body
  at     TEXT NOT NULL,
  status BIGINT NOT NULL DEFAULT 0,   -- 0: effect durable, answer not stored yet
  header TEXT NOT NULL DEFAULT '',
  body   TEXT NOT NULL DEFAULT '',
  keep   BOOLEAN NOT NULL       -- money moved: kept for ever
);
CREATE INDEX web_request_old ON web_request (at) WHERE NOT keep;

CREATE TABLE job_run (          -- when each periodic job last ran, and what it said
  name    TEXT PRIMARY KEY,
  period  TEXT NOT NULL,        -- the tick it ran for
  at      TEXT NOT NULL,
  failure TEXT NOT NULL
);
