-- +goose Up
-- Calendars of other systems: a provider's own (campus) system, by calls in both directions, or a calendar file that is fetched.

CREATE TABLE campus_link (
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  region     TEXT NOT NULL,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL CONSTRAINT campus_link_kind CHECK (kind IN ('api', 'ics')),
  address    TEXT NOT NULL,             -- base address of their calls; '': they call us only
  secret     TEXT NOT NULL,             -- both sides sign with it; shown once
  secret_at  TEXT,
  direction  TEXT NOT NULL CONSTRAINT campus_link_direction CHECK (direction IN ('both', 'in', 'out')),
  judge      TEXT NOT NULL CONSTRAINT campus_link_judge CHECK (judge IN ('there', 'here')), -- whose calendar decides between rivals
  silent     TEXT NOT NULL CONSTRAINT campus_link_silent CHECK (silent IN ('refuse', 'book')), -- when they do not answer
  poll       BIGINT NOT NULL CONSTRAINT campus_link_poll CHECK (poll = 0 OR poll BETWEEN 15 AND 86400), -- seconds; 0: never
  state      TEXT NOT NULL CONSTRAINT campus_link_state CHECK (state IN ('active', 'paused', 'ended')),
  heard_at   TEXT,                      -- they called us, or answered
  failure    TEXT NOT NULL,             -- of the last exchange; '': it went well
  failed_at  TEXT,                      -- since when it has failed
  invented   BOOLEAN NOT NULL,
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX campus_link_owner ON campus_link (owner);

CREATE TABLE campus_map (               -- an instrument of ours and what they call it
  resource  TEXT PRIMARY KEY,
  link      TEXT NOT NULL,
  theirs    TEXT NOT NULL,              -- their id; for a calendar file its address
  name_zh   TEXT NOT NULL,
  name_en   TEXT NOT NULL,
  told      BIGINT NOT NULL,            -- number of the last thing we told about it
  synced    BIGINT NOT NULL,            -- version of their last whole list
  etag      TEXT NOT NULL,
  modified  TEXT NOT NULL,
  polled_at TEXT,                       -- last successful fetch
  due_at    TEXT,                       -- next fetch
  tries     BIGINT NOT NULL,            -- fetches that failed in a row
  failure   TEXT NOT NULL,
  UNIQUE (link, theirs)
);
CREATE INDEX campus_map_due ON campus_map (due_at);

CREATE TABLE campus_busy (              -- a time taken in their calendar
  holder   TEXT PRIMARY KEY,            -- computed from connection and their id; the holder in the calendar
  link     TEXT NOT NULL,
  resource TEXT NOT NULL,
  theirs   TEXT NOT NULL,
  version  BIGINT NOT NULL,
  start_at TEXT NOT NULL,
  end_at   TEXT NOT NULL,
  state    TEXT NOT NULL CONSTRAINT campus_busy_state CHECK (state IN ('held', 'clash', 'cancelled', 'absent')),
  note     TEXT NOT NULL,
  at       TEXT NOT NULL
);
CREATE INDEX campus_busy_resource ON campus_busy (resource, start_at);
CREATE INDEX campus_busy_clash ON campus_busy (end_at) WHERE state = 'clash';

CREATE TABLE campus_claim (             -- a time asked for in their calendar, for a booking of ours
  key      TEXT PRIMARY KEY,
  holder   TEXT NOT NULL,
  link     TEXT NOT NULL,
  resource TEXT NOT NULL,
  start_at TEXT NOT NULL,
  end_at   TEXT NOT NULL,
  state    TEXT NOT NULL CONSTRAINT campus_claim_state CHECK (state IN ('asking', 'firm', 'later', 'used', 'owed', 'lost', 'refused', 'dropping', 'released')),
  reason   TEXT NOT NULL,
  at       TEXT NOT NULL
);
CREATE INDEX campus_claim_holder ON campus_claim (holder);
CREATE INDEX campus_claim_resource ON campus_claim (resource, start_at) WHERE state IN ('dropping', 'used', 'owed');
CREATE INDEX campus_claim_open ON campus_claim (at) WHERE state IN ('asking', 'firm', 'later');

CREATE TABLE campus_delivery (          -- what we tell them, in order for each instrument
  id       TEXT PRIMARY KEY,
  link     TEXT NOT NULL,
  resource TEXT NOT NULL,
  number   BIGINT NOT NULL,
  kind     TEXT NOT NULL CONSTRAINT campus_delivery_kind CHECK (kind IN ('taken', 'freed', 'finished', 'claim', 'release', 'ping')),
  key      TEXT NOT NULL,               -- what it is about: a booking, or a claim
  body     TEXT NOT NULL,
  state    TEXT NOT NULL CONSTRAINT campus_delivery_state CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts BIGINT NOT NULL,
  due_at   TEXT,
  status   BIGINT NOT NULL,             -- HTTP status of the last answer; 0: none
  failure  TEXT NOT NULL,
  at       TEXT NOT NULL,
  sent_at  TEXT,
  UNIQUE (resource, link, number)
);
CREATE INDEX campus_delivery_due ON campus_delivery (due_at) WHERE state = 'waiting';
CREATE INDEX campus_delivery_link ON campus_delivery (link, at);

CREATE TABLE campus_usage (             -- a finished record of theirs: machine hours
  id         TEXT PRIMARY KEY,          -- computed from connection and their id
  link       TEXT NOT NULL,
  resource   TEXT NOT NULL,
  theirs     TEXT NOT NULL,
  version    BIGINT NOT NULL,
  started_at TEXT NOT NULL,
  stopped_at TEXT NOT NULL,
  day        TEXT NOT NULL,             -- civil day of the start
  minutes    BIGINT NOT NULL CONSTRAINT campus_usage_minutes CHECK (minutes > 0),
  inner_use  BOOLEAN NOT NULL,
  booking    TEXT NOT NULL,             -- our order, where it was one
  withdrawn  BOOLEAN NOT NULL,
  at         TEXT NOT NULL
);
CREATE INDEX campus_usage_resource ON campus_usage (resource, day);
CREATE INDEX campus_usage_link ON campus_usage (link, day);
