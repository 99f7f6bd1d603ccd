-- +goose Up
-- Service records: what an instrument did for whom, by order in Qiao, by spreadsheet, form or API.

CREATE TABLE record_owner (           -- one row an organisation: written first, so that its records come one after another
  owner  TEXT PRIMARY KEY,
  serial BIGINT NOT NULL              -- of the newest record
);

CREATE TABLE record_record (
  id           TEXT PRIMARY KEY,
  owner        TEXT NOT NULL,         -- organisation whose instrument it is
  region       TEXT NOT NULL,
  serial       BIGINT NOT NULL,       -- within the owner
  source       TEXT NOT NULL CONSTRAINT record_source CHECK (source IN ('order', 'sheet', 'form', 'api')),
  order_id     TEXT NOT NULL,         -- the order it is of, or ''
  order_number TEXT NOT NULL,
  upload       TEXT NOT NULL,         -- the spreadsheet it came with, or ''
  own_number   TEXT NOT NULL,         -- the owner's own number, or ''
  resource     TEXT NOT NULL,
  resource_zh  TEXT NOT NULL,         -- names and number of the instrument as they were
  resource_en  TEXT NOT NULL,
  instrument   TEXT NOT NULL,
  user_name    TEXT NOT NULL,
  user_key     TEXT NOT NULL,         -- by which two records are of one user
  uscc         TEXT NOT NULL,
  org          TEXT NOT NULL,         -- the user where it is known here, or ''
  inside       BOOLEAN NOT NULL,      -- of the owner's own unit
  applicant    TEXT NOT NULL,
  phone        TEXT NOT NULL,
  email        TEXT NOT NULL,
  ways         TEXT NOT NULL,         -- codes, with commas
  content      TEXT NOT NULL,
  project      TEXT NOT NULL,
  incomes      TEXT NOT NULL,         -- codes of funding sources, with commas
  areas        TEXT NOT NULL,
  research     TEXT NOT NULL,
  start_at     TEXT NOT NULL,
  end_at       TEXT,
  timed        BOOLEAN NOT NULL,      -- the time of day is known
  day          TEXT NOT NULL,         -- civil day of the start
  hours        BIGINT NOT NULL CONSTRAINT record_hours CHECK (hours >= 0),     -- hundredths of an hour
  samples      BIGINT NOT NULL CONSTRAINT record_samples CHECK (samples >= 0),
  fee          BIGINT NOT NULL CONSTRAINT record_fee CHECK (fee >= 0),         -- fen
  contract     TEXT NOT NULL,
  invoice      TEXT NOT NULL,
  report       TEXT NOT NULL,
  opinion      TEXT NOT NULL,         -- code of the user's opinion, or ''
  note         TEXT NOT NULL,
  digest       TEXT NOT NULL,         -- of what came in: the same again changes nothing
  state        TEXT NOT NULL CONSTRAINT record_state CHECK (state IN ('kept', 'withdrawn', 'struck')),
  revision     BIGINT NOT NULL,
  person       TEXT NOT NULL,
  invented     BOOLEAN NOT NULL,
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL,
  UNIQUE (owner, serial)
);
CREATE INDEX record_record_day ON record_record (owner, day, id);
CREATE INDEX record_record_resource ON record_record (resource, day);
CREATE INDEX record_record_region ON record_record (region, day, id);
CREATE INDEX record_record_digest ON record_record (owner, digest);
CREATE INDEX record_record_own ON record_record (owner, own_number);
CREATE INDEX record_record_orders ON record_record (owner, order_number);
CREATE INDEX record_record_upload ON record_record (upload) WHERE upload <> '';
CREATE UNIQUE INDEX record_one_number ON record_record (owner, own_number) WHERE own_number <> '' AND state <> 'withdrawn';
CREATE UNIQUE INDEX record_one_order ON record_record (order_id) WHERE order_id <> '';

CREATE TABLE record_step (            -- what happened to a record after it was made: only ever added to
  id         TEXT PRIMARY KEY,
  record     TEXT NOT NULL REFERENCES record_record (id),
  position   BIGINT NOT NULL,         -- the revision it led to
  at         TEXT NOT NULL,
  side       TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  reason     TEXT NOT NULL,
  changes    TEXT NOT NULL,           -- JSON: field, before, after
  UNIQUE (record, position)
);

CREATE TABLE record_upload (          -- one spreadsheet
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  region     TEXT NOT NULL,
  person     TEXT NOT NULL,
  file       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  plan       TEXT NOT NULL,           -- JSON: what its columns mean
  headings   TEXT NOT NULL,           -- JSON
  mapping    TEXT NOT NULL,           -- name of the saved mapping it is read by, or ''
  state      TEXT NOT NULL CONSTRAINT record_upload_state CHECK (state IN ('draft', 'applied', 'dropped')),
  added      BIGINT NOT NULL,
  same       BIGINT NOT NULL,
  refused    BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  applied_at TEXT
);
CREATE INDEX record_upload_owner ON record_upload (owner, created_at);

CREATE TABLE record_refused (         -- rows of a spreadsheet that did not come in, with what is wrong
  upload   TEXT NOT NULL REFERENCES record_upload (id),
  row      BIGINT NOT NULL,
  cells    TEXT NOT NULL,             -- JSON
  problems TEXT NOT NULL,             -- JSON
  PRIMARY KEY (upload, row)
);

CREATE TABLE record_mapping (         -- what the columns of an organisation's own spreadsheets mean
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  name       TEXT NOT NULL,
  folded     TEXT NOT NULL,
  headings   TEXT NOT NULL,           -- signature of the set of headings
  plan       TEXT NOT NULL,           -- JSON
  person     TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (owner, folded)
);
CREATE INDEX record_mapping_headings ON record_mapping (owner, headings);
