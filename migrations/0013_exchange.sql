-- +goose Up
-- What other systems see of the catalogue, what is taken from them, and what is reported to the national platform.

CREATE TABLE exchange_clock (               -- one row: what everybody who reads the list of changes has seen
  id       BIGINT PRIMARY KEY CHECK (id = 1),
  seen     TEXT NOT NULL,                   -- newest second a list was answered in or a stamp was given
  position BIGINT NOT NULL,                 -- of the change feed, up to which the list stands
  secret   TEXT NOT NULL                    -- signs resumption tokens
);

CREATE TABLE exchange_record (              -- every resource that was ever public, with the second of its newest change
  resource  TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  owner     TEXT NOT NULL,
  region    TEXT NOT NULL,                  -- six digits
  deleted   BOOLEAN NOT NULL,
  datestamp TEXT NOT NULL                   -- UTC to the second; never behind a list that was answered before it was written
);
CREATE INDEX exchange_record_datestamp ON exchange_record (datestamp, resource);
CREATE INDEX exchange_record_kind ON exchange_record (kind, datestamp, resource);
CREATE INDEX exchange_record_owner ON exchange_record (owner, datestamp, resource);
CREATE INDEX exchange_record_region ON exchange_record (region, datestamp);

CREATE TABLE exchange_source (              -- a repository that is harvested
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL CONSTRAINT exchange_source_name CHECK (name <> ''),
  address    TEXT NOT NULL,                 -- base URL
  prefix     TEXT NOT NULL,                 -- metadata format asked for
  subset     TEXT NOT NULL,                 -- setSpec, or ''
  region     TEXT NOT NULL,                 -- six digits: where records belong that do not say
  licence    TEXT NOT NULL,                 -- of its records
  hours      BIGINT NOT NULL CHECK (hours >= 0), -- between two harvests; 0 = by hand only
  active     BOOLEAN NOT NULL,
  since      TEXT NOT NULL,                 -- from of the next harvest; '' = everything
  due        TEXT,                          -- next harvest by schedule
  created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX exchange_source_address ON exchange_source (address, prefix, subset);

CREATE TABLE exchange_run (                 -- one harvest
  id         TEXT PRIMARY KEY,
  source     TEXT NOT NULL REFERENCES exchange_source (id),
  person     TEXT NOT NULL,                 -- who started it; '' = the schedule
  state      TEXT NOT NULL CONSTRAINT exchange_run_state CHECK (state IN ('running', 'stopping', 'done', 'failed', 'stopped', 'undoing', 'undone')),
  since      TEXT NOT NULL,                 -- from it asked for
  answered   TEXT NOT NULL,                 -- responseDate of its first page: from of the next one
  token      TEXT NOT NULL,                 -- where it goes on after a stop
  pages      BIGINT NOT NULL,
  added      BIGINT NOT NULL,
  updated    BIGINT NOT NULL,
  unchanged  BIGINT NOT NULL,
  removed    BIGINT NOT NULL,
  refused    BIGINT NOT NULL,
  own        BIGINT NOT NULL,               -- left out: they came from here
  failure    TEXT NOT NULL,                 -- code of what ended it, or ''
  detail     TEXT NOT NULL,                 -- for the operator
  started_at TEXT NOT NULL,
  moved_at   TEXT NOT NULL,                 -- last sign of life
  ended_at   TEXT
);
CREATE INDEX exchange_run_source ON exchange_run (source, id);

CREATE TABLE exchange_fault (               -- a record that was not taken in
  run        TEXT NOT NULL REFERENCES exchange_run (id),
  position   BIGINT NOT NULL,
  identifier TEXT NOT NULL,
  field      TEXT NOT NULL,
  code       TEXT NOT NULL,
  text       TEXT NOT NULL,                 -- Chinese sentence with {0} places
  args       TEXT NOT NULL,                 -- JSON
  PRIMARY KEY (run, position)
);

CREATE TABLE exchange_taken (               -- what has been taken from a source, by its identifier there
  source     TEXT NOT NULL REFERENCES exchange_source (id),
  identifier TEXT NOT NULL,
  resource   TEXT NOT NULL,
  owner      TEXT NOT NULL,
  kind       TEXT NOT NULL,
  datestamp  TEXT NOT NULL,                 -- there
  digest     TEXT NOT NULL,                 -- of the metadata: the same costs nothing
  deleted    BOOLEAN NOT NULL,              -- its source has deleted it
  first_base TEXT NOT NULL,                 -- where it was published first, as far as the record says
  first_id   TEXT NOT NULL,
  PRIMARY KEY (source, identifier)
);
CREATE INDEX exchange_taken_resource ON exchange_taken (resource);

CREATE TABLE exchange_effect (              -- what a harvest did to a resource, for undoing it
  run        TEXT NOT NULL REFERENCES exchange_run (id),
  position   BIGINT NOT NULL,
  resource   TEXT NOT NULL,
  identifier TEXT NOT NULL,
  did        TEXT NOT NULL CHECK (did IN ('added', 'updated', 'removed')),
  revision   BIGINT NOT NULL,               -- it made
  before     TEXT NOT NULL,                 -- JSON of the resource and of the row of exchange_taken; '' = there was none
  PRIMARY KEY (run, position)
);

CREATE TABLE exchange_report (              -- an instrument in its owner's queue for the national platform
  resource   TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT exchange_report_state CHECK (state IN ('queued', 'locked', 'rejected', 'accepted')),
  revision   BIGINT NOT NULL,               -- of the resource as it was reported; 0 = not yet
  reason     TEXT NOT NULL,                 -- why it was rejected
  push       TEXT NOT NULL,                 -- the push it went with, or ''
  changed_at TEXT NOT NULL
);
CREATE INDEX exchange_report_owner ON exchange_report (owner, state);

CREATE TABLE exchange_push (                -- one sending to the national platform
  id       TEXT PRIMARY KEY,
  owner    TEXT NOT NULL,
  person   TEXT NOT NULL,
  way      TEXT NOT NULL CHECK (way IN ('file', 'post')),
  code     TEXT NOT NULL,                   -- insCode of the owner at the national platform
  state    TEXT NOT NULL CONSTRAINT exchange_push_state CHECK (state IN ('waiting', 'sent', 'failed')),
  records  BIGINT NOT NULL,
  accepted BIGINT NOT NULL,
  rejected BIGINT NOT NULL,
  failure  TEXT NOT NULL,                   -- for the owner
  attempts BIGINT NOT NULL,
  at       TEXT NOT NULL,
  sent_at  TEXT
);
CREATE INDEX exchange_push_owner ON exchange_push (owner, id);
CREATE INDEX exchange_push_state ON exchange_push (state, at);
