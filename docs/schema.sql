-- The whole schema, for reading: the result of migrations/ on SQLite. Written by the test in that folder.

CREATE TABLE agenda_feed (
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  secret     TEXT NOT NULL CONSTRAINT agenda_secret UNIQUE, -- SHA-256 of what stands in the address
  created_at TEXT NOT NULL,
  used_at    TEXT,
  PRIMARY KEY (person, org)
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

CREATE INDEX audit_entry_new ON audit_entry (id) WHERE seq IS NULL;

CREATE INDEX audit_entry_object ON audit_entry (kind, object);

CREATE UNIQUE INDEX audit_entry_seq ON audit_entry (seq) WHERE seq IS NOT NULL;

CREATE TABLE behalf_booking (
  id          TEXT PRIMARY KEY,
  order_id    TEXT NOT NULL UNIQUE,
  number      TEXT NOT NULL,          -- of the order
  resource    TEXT NOT NULL,
  resource_zh TEXT NOT NULL,
  resource_en TEXT NOT NULL,
  buyer       TEXT NOT NULL,          -- for whom: the organisation …
  person      TEXT NOT NULL,          -- … and who of it works there
  provider    TEXT NOT NULL,
  region      TEXT NOT NULL,
  clerk       TEXT NOT NULL,          -- who booked it
  clerk_org   TEXT NOT NULL,
  asked       TEXT NOT NULL,          -- who asked for it and how, in the clerk's words
  start_at    TEXT NOT NULL,
  end_at      TEXT NOT NULL,
  state       TEXT NOT NULL CONSTRAINT behalf_state CHECK (state IN ('told', 'confirmed', 'refused', 'withdrawn')),
  note        TEXT NOT NULL,          -- why it was refused or withdrawn
  answered_by TEXT NOT NULL,
  answered_at TEXT,
  made_at     TEXT NOT NULL,
  revision    BIGINT NOT NULL,
  CHECK ((state = 'told') = (answered_at IS NULL))
);

CREATE INDEX behalf_buyer ON behalf_booking (buyer, made_at);

CREATE INDEX behalf_clerk ON behalf_booking (clerk_org, made_at);

CREATE TRIGGER booking_overlap BEFORE INSERT ON booking_booking WHEN NEW.active AND EXISTS (
  SELECT 1 FROM booking_booking b WHERE b.resource = NEW.resource AND b.unit = NEW.unit AND b.active
     AND b.from_at < NEW.to_at AND b.to_at > NEW.from_at)
BEGIN
  SELECT RAISE(ABORT, 'booking_overlap');
END;

CREATE TRIGGER booking_overlap_change BEFORE UPDATE ON booking_booking WHEN NEW.active AND EXISTS (
  SELECT 1 FROM booking_booking b WHERE b.holder <> NEW.holder AND b.resource = NEW.resource AND b.unit = NEW.unit AND b.active
     AND b.from_at < NEW.to_at AND b.to_at > NEW.from_at)
BEGIN
  SELECT RAISE(ABORT, 'booking_overlap');
END;

CREATE TABLE booking_booking (
  holder   TEXT PRIMARY KEY,           -- id of the order
  kind     TEXT NOT NULL CONSTRAINT booking_kind CHECK (kind IN ('order', 'offer', 'external')),
  resource TEXT NOT NULL,
  unit     BIGINT NOT NULL CHECK (unit > 0),
  start_at TEXT NOT NULL,              -- booked: what the buyer sees
  end_at   TEXT NOT NULL,
  from_at  TEXT NOT NULL,              -- occupied: with setting up and cleaning
  to_at    TEXT NOT NULL,
  active   BOOLEAN NOT NULL,           -- false once given back
  CONSTRAINT booking_span CHECK (from_at <= start_at AND start_at < end_at AND end_at <= to_at)
);

CREATE INDEX booking_booking_slot ON booking_booking (resource, from_at) WHERE active;

CREATE TABLE booking_closure (         -- a time in which the provider cannot serve
  id        TEXT PRIMARY KEY,
  resource  TEXT NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('maintenance', 'closed')),
  unplanned BOOLEAN NOT NULL,          -- a breakdown: set over bookings, too
  start_at  TEXT NOT NULL,
  end_at    TEXT NOT NULL,
  reason    TEXT NOT NULL,
  active    BOOLEAN NOT NULL,
  person    TEXT NOT NULL,
  at        TEXT NOT NULL,
  CHECK (start_at < end_at)
);

CREATE INDEX booking_closure_slot ON booking_closure (resource, start_at) WHERE active;

CREATE TABLE booking_queue (           -- rivals for a unit write this row first and so wait in line
  resource TEXT NOT NULL,
  unit     BIGINT NOT NULL,
  turns    BIGINT NOT NULL,
  PRIMARY KEY (resource, unit)
);

CREATE TABLE booking_rule (            -- how a resource is booked; no row = the defaults
  resource       TEXT PRIMARY KEY,
  units          BIGINT NOT NULL CHECK (units BETWEEN 1 AND 100),
  before_minutes BIGINT NOT NULL CHECK (before_minutes BETWEEN 0 AND 1440),
  after_minutes  BIGINT NOT NULL CHECK (after_minutes BETWEEN 0 AND 1440),
  notice_hours   BIGINT NOT NULL CHECK (notice_hours BETWEEN 0 AND 2160),
  ahead_days     BIGINT NOT NULL CHECK (ahead_days BETWEEN 1 AND 730),
  inner_notice   BIGINT NOT NULL CHECK (inner_notice BETWEEN 0 AND 2160), -- the same for the owner's own people
  inner_ahead    BIGINT NOT NULL CHECK (inner_ahead BETWEEN 1 AND 730),
  mode           TEXT NOT NULL CHECK (mode IN ('slots', 'free', 'day')),
  slot_minutes   BIGINT NOT NULL CHECK (slot_minutes BETWEEN 15 AND 1440), -- of one slot; in free time the least
  step_minutes   BIGINT NOT NULL CHECK (step_minutes BETWEEN 5 AND 60),    -- in free time: begins and ends fall on these
  most_minutes   BIGINT NOT NULL CHECK (most_minutes BETWEEN 0 AND 89280), -- of one booking; 0: no bound of its own
  holidays       BOOLEAN NOT NULL,     -- open on public holidays, too
  updated_at     TEXT NOT NULL
, most_held BIGINT NOT NULL DEFAULT 0 CONSTRAINT booking_most_held CHECK (most_held BETWEEN 0 AND 1000), inner_held BIGINT NOT NULL DEFAULT 0 CONSTRAINT booking_inner_held CHECK (inner_held BETWEEN 0 AND 1000));

CREATE TABLE booking_upkeep (          -- each becomes closures, as far ahead as the instrument can be booked
  id          TEXT PRIMARY KEY,
  resource    TEXT NOT NULL,
  every       TEXT NOT NULL CONSTRAINT booking_upkeep_every CHECK (every IN ('week', 'month')),
  weekday     BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  nth         BIGINT NOT NULL CHECK (nth BETWEEN 0 AND 5),   -- of the month, 5: the last
  from_minute BIGINT NOT NULL,
  to_minute   BIGINT NOT NULL,
  first_day   TEXT NOT NULL,
  last_day    TEXT NOT NULL,           -- or ''
  reason      TEXT NOT NULL,
  active      BOOLEAN NOT NULL,
  person      TEXT NOT NULL,
  at          TEXT NOT NULL,
  CONSTRAINT booking_upkeep_span CHECK (from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440)
);

CREATE INDEX booking_upkeep_resource ON booking_upkeep (resource) WHERE active;

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

CREATE INDEX campus_busy_clash ON campus_busy (end_at) WHERE state = 'clash';

CREATE INDEX campus_busy_resource ON campus_busy (resource, start_at);

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

CREATE INDEX campus_claim_open ON campus_claim (at) WHERE state IN ('asking', 'firm', 'later');

CREATE INDEX campus_claim_resource ON campus_claim (resource, start_at) WHERE state IN ('dropping', 'used', 'owed');

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

CREATE INDEX campus_usage_link ON campus_usage (link, day);

CREATE INDEX campus_usage_resource ON campus_usage (resource, day);

CREATE TABLE catalogue_bulk (              -- one edit of many resources, undone as one
  id      TEXT PRIMARY KEY,
  org     TEXT NOT NULL,
  person  TEXT NOT NULL,
  at      TEXT NOT NULL,
  edit    TEXT NOT NULL,                   -- JSON: what was changed
  changed BIGINT NOT NULL,                 -- resources it changed
  left_as BIGINT NOT NULL,                 -- resources it left alone
  undone  TEXT NOT NULL                    -- the bulk edit that took it back, or ''
);

CREATE INDEX catalogue_bulk_org ON catalogue_bulk (org, id);

CREATE TABLE catalogue_file (              -- photos and documents of a resource
  id       TEXT PRIMARY KEY,
  resource TEXT NOT NULL REFERENCES catalogue_resource (id),
  position BIGINT NOT NULL,
  sort     TEXT NOT NULL CHECK (sort IN ('photo', 'document')),
  name     TEXT NOT NULL,
  title    TEXT NOT NULL,                  -- photo: what it shows, for who cannot see it; document: its title
  type     TEXT NOT NULL,                  -- media type, found in its content
  sha256   TEXT NOT NULL,                  -- in the file store
  thumb    TEXT NOT NULL,                  -- photo: its small picture there, or ''
  size     BIGINT NOT NULL,
  width    BIGINT NOT NULL,                -- pixels, 0 for documents
  height   BIGINT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
);

CREATE INDEX catalogue_file_resource ON catalogue_file (resource, position);

CREATE TABLE catalogue_history (
  resource TEXT NOT NULL REFERENCES catalogue_resource (id),
  revision BIGINT NOT NULL,
  at       TEXT NOT NULL,
  person   TEXT NOT NULL,
  org      TEXT NOT NULL,
  verb     TEXT NOT NULL,                  -- create, edit, import, hours, files, bulk, undo, or a verb of the state table
  cause    TEXT NOT NULL,                  -- the import or bulk edit, the revision undone, or ''
  changes  TEXT NOT NULL,                  -- JSON: field, from, to
  PRIMARY KEY (resource, revision)
);

CREATE INDEX catalogue_history_cause ON catalogue_history (cause) WHERE cause <> '';

CREATE TABLE catalogue_hours (             -- weekly opening hours of a resource, or of an owner as the default
  holder  TEXT NOT NULL,
  weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  opens   TEXT NOT NULL,                   -- HH:MM
  closes  TEXT NOT NULL,                   -- HH:MM, at most 24:00
  PRIMARY KEY (holder, weekday, opens),
  CONSTRAINT catalogue_hours_order CHECK (opens < closes)
);

CREATE TABLE catalogue_identifier (        -- persistent ids of a resource, the owner's own number aside
  resource TEXT NOT NULL REFERENCES catalogue_resource (id),
  scheme   TEXT NOT NULL CONSTRAINT catalogue_identifier_scheme CHECK (scheme IN ('own', 'cstr', 'doi', 'ror', 'orcid', 'pidinst', 'handle', 'other')),
  value    TEXT NOT NULL CHECK (value <> ''), -- without the resolver's address
  position BIGINT NOT NULL,
  PRIMARY KEY (resource, scheme, value)
);

CREATE INDEX catalogue_identifier_value ON catalogue_identifier (value);

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

CREATE TABLE catalogue_import_kept (       -- why records were left as they are
  import   TEXT NOT NULL REFERENCES catalogue_import (id),
  resource TEXT NOT NULL,
  name     TEXT NOT NULL,
  code     TEXT NOT NULL,
  text     TEXT NOT NULL,                  -- Chinese sentence with {0} places
  args     TEXT NOT NULL,                  -- JSON
  PRIMARY KEY (import, resource)
);

CREATE TABLE catalogue_import_row (        -- rejected rows
  import TEXT NOT NULL REFERENCES catalogue_import (id),
  line   BIGINT NOT NULL,                  -- row number in the file
  nth    BIGINT NOT NULL,                  -- which of its like, where it has no id of its own
  cells  TEXT NOT NULL,                    -- JSON, by column of the file
  PRIMARY KEY (import, line)
);

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

CREATE TABLE catalogue_merge (             -- two records became one; snapshots by which it is undone
  id             TEXT PRIMARY KEY,
  keep           TEXT NOT NULL REFERENCES catalogue_resource (id),
  dropped        TEXT NOT NULL REFERENCES catalogue_resource (id),
  keep_before    TEXT NOT NULL,            -- JSON
  keep_after     TEXT NOT NULL,
  dropped_before TEXT NOT NULL,
  dropped_after  TEXT NOT NULL,
  at             TEXT NOT NULL,
  person         TEXT NOT NULL,
  org            TEXT NOT NULL,
  undone_at      TEXT,                     -- NULL: it stands
  CONSTRAINT catalogue_merge_two CHECK (keep <> dropped)
);

CREATE UNIQUE INDEX catalogue_merge_dropped ON catalogue_merge (dropped) WHERE undone_at IS NULL;

CREATE INDEX catalogue_merge_keep ON catalogue_merge (keep);

CREATE TABLE catalogue_price (
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL REFERENCES catalogue_resource (id),
  position   BIGINT NOT NULL,
  audience   TEXT NOT NULL CHECK (audience IN ('external', 'member', 'internal')),
  unit       TEXT NOT NULL,
  amount     BIGINT NOT NULL CHECK (amount >= 0),
  currency   TEXT NOT NULL,
  minimum    BIGINT NOT NULL CHECK (minimum >= 0),
  option     TEXT NOT NULL,                -- the configuration it is for, or ''
  note       TEXT NOT NULL,
  valid_from TEXT NOT NULL,                -- civil days, '' = open
  valid_to   TEXT NOT NULL
);

CREATE INDEX catalogue_price_from ON catalogue_price (valid_from) WHERE valid_from <> '';

CREATE INDEX catalogue_price_resource ON catalogue_price (resource, position);

CREATE INDEX catalogue_price_to ON catalogue_price (valid_to) WHERE valid_to <> '';

CREATE TABLE catalogue_reminder (          -- when an owner was last reminded to check records
  org TEXT PRIMARY KEY,
  day TEXT NOT NULL,
  due BIGINT NOT NULL                      -- records that were due then
);

CREATE TABLE catalogue_resource (
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  owner        TEXT NOT NULL REFERENCES identity_organisation (id),
  region       TEXT NOT NULL,              -- six digits
  name_zh      TEXT NOT NULL CONSTRAINT catalogue_resource_name CHECK (name_zh <> '' OR name_en <> ''),
  name_en      TEXT NOT NULL,
  summary      TEXT NOT NULL,
  model        TEXT NOT NULL,
  maker        TEXT NOT NULL,
  class        TEXT NOT NULL,              -- instrument: six digits; service: its class
  status       TEXT NOT NULL CONSTRAINT catalogue_resource_status CHECK (status IN ('draft', 'review', 'published', 'suspended', 'withdrawn')),
  revision     BIGINT NOT NULL,            -- grows by one with each change
  origin       TEXT NOT NULL UNIQUE,       -- node + owner + source + source id: importing twice updates
  source       TEXT NOT NULL,              -- '' = the owner's own list
  source_id    TEXT NOT NULL,              -- the id there; '' = it had none
  licence      TEXT NOT NULL,
  retrieved_on TEXT NOT NULL,              -- civil day, or ''
  access       TEXT NOT NULL,              -- ways of use, separated by commas
  free         BOOLEAN NOT NULL,
  voucher      BOOLEAN NOT NULL,           -- the owner accepts vouchers for it
  booking      BOOLEAN NOT NULL,           -- the owner lets it be booked by the hour
  fields       TEXT NOT NULL,              -- JSON: the other fields of its kind
  sample       BOOLEAN NOT NULL,           -- invented for the demo
  note         TEXT NOT NULL,              -- why it was suspended or withdrawn, for readers
  country      TEXT NOT NULL DEFAULT '',   -- two letters (GB/T 2659.1) where it is outside China, or ''
  languages    TEXT NOT NULL DEFAULT '',   -- in which one is served, separated by commas
  checked_on   TEXT NOT NULL DEFAULT '',   -- civil day on which the owner last said that the record is true, or ''
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL
);

CREATE INDEX catalogue_resource_checked ON catalogue_resource (status, checked_on, owner);

CREATE INDEX catalogue_resource_kind ON catalogue_resource (kind, status);

CREATE INDEX catalogue_resource_own ON catalogue_resource (owner, updated_at, id, status, kind, checked_on);

CREATE INDEX catalogue_resource_owned ON catalogue_resource (owner, status, kind, checked_on, id);

CREATE TABLE catalogue_term (              -- how long a confirmation of a record holds in a region, where it has set a term of its own
  region TEXT NOT NULL,
  since  TEXT NOT NULL,                    -- civil day it comes into force
  days   BIGINT NOT NULL,                  -- natural days a confirmation holds
  warn   BIGINT NOT NULL,                  -- so many days before its end owners are reminded
  again  BIGINT NOT NULL,                  -- and again so many days after
  review BOOLEAN NOT NULL,                 -- a second person reads a record before it is published
  source TEXT NOT NULL,                    -- the rule it rests on
  person TEXT NOT NULL,
  org    TEXT NOT NULL,
  at     TEXT NOT NULL,
  PRIMARY KEY (region, since)
);

CREATE TABLE catalogue_turned (            -- one row: the day up to which the search knows what the passing of days changed
  id  TEXT PRIMARY KEY,
  day TEXT NOT NULL
);

CREATE TABLE contract_contract (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL,            -- the same for every version
  order_id   TEXT NOT NULL,
  version    BIGINT NOT NULL,
  buyer      TEXT NOT NULL,
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,
  terms      TEXT NOT NULL,            -- JSON: the clauses chosen
  body       TEXT NOT NULL,            -- what is signed
  sha256     TEXT NOT NULL,            -- of body
  person     TEXT NOT NULL,            -- who offered it
  at         TEXT NOT NULL,
  invented   BOOLEAN NOT NULL,
  UNIQUE (order_id, version),
  UNIQUE (number, version)
);

CREATE TABLE contract_print (
  contract TEXT NOT NULL REFERENCES contract_contract (id),
  sha256   TEXT NOT NULL,              -- of the PDF
  at       TEXT NOT NULL,
  PRIMARY KEY (contract, sha256)
);

CREATE TABLE contract_rule (           -- from which price on a provider works under a signed contract only
  provider   TEXT PRIMARY KEY,
  above      BIGINT NOT NULL CHECK (above >= 0), -- fen
  person     TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE contract_seal (
  contract  TEXT NOT NULL REFERENCES contract_contract (id),
  side      TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  org       TEXT NOT NULL,             -- whose seal it is
  keeper    TEXT NOT NULL,             -- who keeps the seals, in Chinese
  keeper_en TEXT NOT NULL,
  binding   BOOLEAN NOT NULL,          -- false: of the reference, which binds nobody
  statement TEXT NOT NULL,             -- what is sealed, to the last character
  signature TEXT NOT NULL,             -- base64
  public    TEXT NOT NULL,             -- public key or certificate, PEM
  at        TEXT NOT NULL,
  PRIMARY KEY (contract, side)
);

CREATE TABLE contract_signature (
  contract TEXT NOT NULL REFERENCES contract_contract (id),
  side     TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  person   TEXT NOT NULL,
  sha256   TEXT NOT NULL,              -- of what was signed: the contract's own
  scan     TEXT NOT NULL,              -- SHA-256 of the stamped scan, or ''
  name     TEXT NOT NULL,              -- of the scan
  at       TEXT NOT NULL,
  PRIMARY KEY (contract, side)
);

CREATE TABLE duplicate_key (               -- blocking keys: only records that share one are compared
  hash     BIGINT NOT NULL,
  resource TEXT NOT NULL,
  PRIMARY KEY (hash, resource)
);

CREATE INDEX duplicate_key_resource ON duplicate_key (resource);

CREATE TABLE duplicate_name (              -- what an organisation is called, or was
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  kind       TEXT NOT NULL CONSTRAINT duplicate_name_kind CHECK (kind IN ('official', 'english', 'former', 'alias', 'abbreviation', 'pinyin')),
  name       TEXT NOT NULL,
  form       TEXT NOT NULL,                -- as it is compared
  source     TEXT NOT NULL,                -- ROR, registration, rule, person
  valid_from TEXT NOT NULL,                -- civil days, '' = open
  valid_to   TEXT NOT NULL,
  UNIQUE (org, form, kind)
);

CREATE INDEX duplicate_name_form ON duplicate_name (form);

CREATE TABLE duplicate_pair (              -- two records that may be one thing
  id         TEXT PRIMARY KEY,
  first      TEXT NOT NULL,                -- the smaller id of the two
  second     TEXT NOT NULL,
  kind       TEXT NOT NULL,
  owner_a    TEXT NOT NULL,
  owner_b    TEXT NOT NULL,
  region_a   TEXT NOT NULL,
  region_b   TEXT NOT NULL,
  score      BIGINT NOT NULL,              -- thousandths
  reasons    TEXT NOT NULL,                -- JSON: code, text, args
  state      TEXT NOT NULL CONSTRAINT duplicate_pair_state CHECK (state IN ('open', 'later', 'proposed', 'merged', 'different', 'gone')),
  digest     TEXT NOT NULL,                -- of what was compared: a decision holds until it changes
  keep       TEXT NOT NULL,                -- proposed, merged: the record that stays
  take       TEXT NOT NULL,                -- proposed, merged: parts taken from the other, separated by commas
  asked      TEXT NOT NULL,                -- proposed: the organisation that has to agree
  merge      TEXT NOT NULL,                -- merged: catalogue_merge
  until      TEXT NOT NULL,                -- later: civil day on which it is open again
  found_at   TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT duplicate_pair_order CHECK (first < second)
);

CREATE UNIQUE INDEX duplicate_pair_once ON duplicate_pair (first, second);

CREATE INDEX duplicate_pair_owner_a ON duplicate_pair (owner_a, state);

CREATE INDEX duplicate_pair_owner_b ON duplicate_pair (owner_b, state);

CREATE INDEX duplicate_pair_queue ON duplicate_pair (state, score, id);

CREATE INDEX duplicate_pair_second ON duplicate_pair (second);

CREATE TABLE duplicate_progress (          -- how far the search has come: one row each of 'feed' and 'pass'
  name     TEXT PRIMARY KEY,
  position BIGINT NOT NULL,
  at_id    TEXT NOT NULL
);

CREATE TABLE duplicate_step (              -- what was decided about a pair
  id         TEXT PRIMARY KEY,
  pair       TEXT NOT NULL REFERENCES duplicate_pair (id),
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL,
  UNIQUE (pair, position)
);

CREATE TABLE duplicate_takeover (          -- an organisation takes over the public record about it
  id         TEXT PRIMARY KEY,
  public     TEXT NOT NULL,
  registered TEXT NOT NULL,
  region     TEXT NOT NULL,                -- of the registered organisation
  score      BIGINT NOT NULL,
  why        TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT duplicate_takeover_state CHECK (state IN ('found', 'asked', 'done', 'refused')),
  merge      TEXT NOT NULL,                -- identity_merge
  moved      TEXT NOT NULL,                -- JSON: ids of the records handed over
  person     TEXT NOT NULL,                -- who asked or decided last
  note       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (public, registered)
);

CREATE INDEX duplicate_takeover_queue ON duplicate_takeover (state, region, id);

CREATE TABLE duplicate_word (              -- words by which names are looked up
  word TEXT NOT NULL,
  org  TEXT NOT NULL,
  PRIMARY KEY (word, org)
);

CREATE INDEX duplicate_word_org ON duplicate_word (org);

CREATE TABLE exchange_clock (               -- one row: what everybody who reads the list of changes has seen
  id       BIGINT PRIMARY KEY CHECK (id = 1),
  seen     TEXT NOT NULL,                   -- newest second a list was answered in or a stamp was given
  position BIGINT NOT NULL,                 -- of the change feed, up to which the list stands
  secret   TEXT NOT NULL                    -- signs resumption tokens
);

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
, due TEXT);

CREATE INDEX exchange_push_due ON exchange_push (due);

CREATE INDEX exchange_push_owner ON exchange_push (owner, id);

CREATE INDEX exchange_push_state ON exchange_push (state, at);

CREATE TABLE exchange_push_record (         -- one record of a sending by HTTP
  push     TEXT NOT NULL REFERENCES exchange_push (id),
  position BIGINT NOT NULL,
  resource TEXT NOT NULL,
  inner_id TEXT NOT NULL,                   -- the owner's number, by which the platform answers
  sort     BIGINT NOT NULL,                 -- instruType: one request holds one sort
  state    TEXT NOT NULL CONSTRAINT exchange_push_record_state CHECK (state IN ('waiting', 'received', 'accepted', 'refused', 'given_up')),
  reason   TEXT NOT NULL,                   -- the platform's words
  fields   TEXT NOT NULL,                   -- JSON: the platform's words for single fields, by its key
  body     TEXT NOT NULL,                   -- JSON as it is sent, contact data included; '' once it is answered
  PRIMARY KEY (push, position)
);

CREATE INDEX exchange_push_record_resource ON exchange_push_record (resource, push);

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

CREATE TABLE expert_area ( -- what a person says to know
  id       TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  name     TEXT NOT NULL CHECK (name <> ''),
  position BIGINT NOT NULL,
  UNIQUE (resource, name)
);

CREATE TABLE expert_barred ( -- who must not come into the catalogue again; no name stands here
  digest   TEXT NOT NULL,               -- keyed hash of an ORCID, of a name with an institution, of a source's number
  resource TEXT NOT NULL,
  orcid    TEXT NOT NULL DEFAULT '',    -- digest of the person's ORCID: a namesake with another one may come in
  why      TEXT NOT NULL CONSTRAINT expert_barred_why CHECK (why IN ('hidden', 'deleted')),
  day      TEXT NOT NULL,
  PRIMARY KEY (digest, resource)
);

CREATE TABLE expert_claim ( -- "this is me"
  id          TEXT PRIMARY KEY,
  resource    TEXT NOT NULL,
  person      TEXT NOT NULL,
  owner       TEXT NOT NULL,
  region      TEXT NOT NULL,
  state       TEXT NOT NULL CONSTRAINT expert_claim_state CHECK (state IN ('filed', 'verified', 'refused', 'withdrawn')),
  orcid       TEXT NOT NULL DEFAULT '',
  institution TEXT NOT NULL,
  reasons     TEXT NOT NULL,             -- why it is them, in their words
  note        TEXT NOT NULL DEFAULT '',  -- why it was refused
  filed_on    TEXT NOT NULL,             -- civil day
  revision    BIGINT NOT NULL,
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL
);

CREATE UNIQUE INDEX expert_claim_open ON expert_claim (resource, person) WHERE state = 'filed';

CREATE INDEX expert_claim_state ON expert_claim (state, id);

CREATE UNIQUE INDEX expert_claim_verified ON expert_claim (resource) WHERE state = 'verified';

CREATE TABLE expert_consent ( -- one agreement to one purpose, as it was worded
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL REFERENCES expert_profile (resource),
  person     TEXT NOT NULL,
  purpose    TEXT NOT NULL,
  version    TEXT NOT NULL,
  sha256     TEXT NOT NULL,             -- of the text agreed to
  given_on   TEXT NOT NULL,             -- civil days
  given_at   TEXT NOT NULL,
  revoked_on TEXT NOT NULL DEFAULT '',  -- '': it stands
  revoked_at TEXT NOT NULL DEFAULT '',
  CONSTRAINT expert_consent_days CHECK (revoked_on = '' OR given_on <= revoked_on)
);

CREATE INDEX expert_consent_resource ON expert_consent (resource, given_at);

CREATE UNIQUE INDEX expert_consent_stands ON expert_consent (resource, purpose) WHERE revoked_on = '';

CREATE TABLE expert_disclosure ( -- who has seen a person's addresses
  request TEXT NOT NULL REFERENCES expert_request (id),
  viewer  TEXT NOT NULL,                -- person
  org     TEXT NOT NULL,
  day     TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (request, viewer, day)
);

CREATE TABLE expert_evidence ( -- what supports an expertise: an award, a publication, a patent
  id       TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  kind     TEXT NOT NULL,
  title    TEXT NOT NULL CHECK (title <> ''),
  year     BIGINT NOT NULL DEFAULT 0,   -- 0: not known
  role     TEXT NOT NULL DEFAULT '',
  number   TEXT NOT NULL DEFAULT '',    -- of the award, the patent; a DOI
  partner  TEXT NOT NULL DEFAULT '',    -- organisation it was done with, by name
  source   TEXT NOT NULL,               -- where it stands; '' never
  address  TEXT NOT NULL DEFAULT '',    -- of it there
  licence  TEXT NOT NULL DEFAULT '',
  stated   BOOLEAN NOT NULL,            -- by the person; else found in a public record
  at       TEXT NOT NULL
);

CREATE INDEX expert_evidence_resource ON expert_evidence (resource, year);

CREATE TABLE expert_interest ( -- what ties a person to an organisation, as they declare it
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL REFERENCES expert_profile (resource),
  org        TEXT NOT NULL DEFAULT '',  -- where it is on the platform
  org_name   TEXT NOT NULL CHECK (org_name <> ''),
  relation   TEXT NOT NULL,
  from_day   TEXT NOT NULL,
  to_day     TEXT NOT NULL DEFAULT '',  -- '': still
  note       TEXT NOT NULL DEFAULT '',
  declared_on TEXT NOT NULL,
  taken_back TEXT NOT NULL DEFAULT '',  -- civil day
  at         TEXT NOT NULL,
  CONSTRAINT expert_interest_days CHECK (to_day = '' OR from_day <= to_day)
);

CREATE INDEX expert_interest_resource ON expert_interest (resource, id);

CREATE TABLE expert_key ( -- keys the hashes above
  id     BIGINT PRIMARY KEY CHECK (id = 1),
  secret TEXT NOT NULL
);

CREATE TABLE expert_profile ( -- a record of the catalogue that its person has made their own
  resource   TEXT PRIMARY KEY,          -- in the catalogue
  person     TEXT NOT NULL,
  owner      TEXT NOT NULL,             -- organisation that owns the record
  region     TEXT NOT NULL,
  orcid      TEXT NOT NULL DEFAULT '',
  email      TEXT NOT NULL DEFAULT '',  -- shown to nobody but those whose request was accepted
  phone      TEXT NOT NULL DEFAULT '',
  hidden     BOOLEAN NOT NULL,          -- the person does not want the record to be public
  claimed_on TEXT NOT NULL,             -- civil day
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE INDEX expert_profile_person ON expert_profile (person);

CREATE TABLE expert_request ( -- an organisation asks a person for contact
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL,
  expert     TEXT NOT NULL,             -- person; '' once their data was deleted
  firm       TEXT NOT NULL,             -- organisation that asks
  sender     TEXT NOT NULL,             -- person
  region     TEXT NOT NULL,             -- of the firm
  state      TEXT NOT NULL CONSTRAINT expert_request_state CHECK (state IN ('sent', 'accepted', 'declined', 'withdrawn', 'closed')),
  subject    TEXT NOT NULL,
  message    TEXT NOT NULL,
  note       TEXT NOT NULL DEFAULT '',  -- the expert's answer
  sent_on    TEXT NOT NULL,             -- civil day
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE INDEX expert_request_expert ON expert_request (expert, id);

CREATE INDEX expert_request_firm ON expert_request (firm, id);

CREATE UNIQUE INDEX expert_request_open ON expert_request (resource, firm) WHERE state = 'sent';

CREATE TABLE expert_step ( -- each move of a claim or a request
  id         TEXT PRIMARY KEY,
  object     TEXT NOT NULL,
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL DEFAULT ''
);

CREATE INDEX expert_step_object ON expert_step (object, at);

CREATE TABLE expert_support ( -- the evidence for it
  area     TEXT NOT NULL REFERENCES expert_area (id),
  evidence TEXT NOT NULL REFERENCES expert_evidence (id),
  PRIMARY KEY (area, evidence)
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

CREATE TABLE facts_file ( -- the lock row of a file
  org      TEXT PRIMARY KEY,
  revision BIGINT NOT NULL
);

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

CREATE TABLE find_count (
    day  TEXT NOT NULL,
    what TEXT NOT NULL, -- facet or place
    name TEXT NOT NULL,
    n    BIGINT NOT NULL,
    PRIMARY KEY (day, what, name)
);

CREATE TABLE find_favourite (
    person   TEXT NOT NULL,
    resource TEXT NOT NULL,
    list     TEXT NOT NULL DEFAULT '',
    note     TEXT NOT NULL DEFAULT '',
    at       TEXT NOT NULL,
    PRIMARY KEY (person, resource)
);

CREATE TABLE find_key ( -- one row: with it a link is known to be ours
  id     BIGINT PRIMARY KEY CONSTRAINT find_key_one CHECK (id = 1),
  secret TEXT NOT NULL
);

CREATE TABLE find_query (
    epoch    TEXT NOT NULL, -- a week of one run of the program: sessions are told apart within it only
    text     TEXT NOT NULL, -- folded; '' = all that is rare
    day      TEXT NOT NULL, -- last civil day
    asked    BIGINT NOT NULL,
    sessions BIGINT NOT NULL,
    blank    BIGINT NOT NULL, -- searches without a result
    total    BIGINT NOT NULL, -- things found by the last one
    opened   BIGINT NOT NULL, -- results opened
    places   BIGINT NOT NULL, -- sum of their places
    PRIMARY KEY (epoch, text)
);

CREATE INDEX find_query_day ON find_query (day);

CREATE TABLE find_search (
    id         TEXT PRIMARY KEY,
    person     TEXT NOT NULL,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL, -- parameters of the search page's address, in one order
    alert      TEXT NOT NULL, -- none, daily, once (as soon as something fits)
    looked_at  TEXT NOT NULL, -- the person's last look
    told_at    TEXT NOT NULL, -- what changed until then has been told
    created_at TEXT NOT NULL,
    CONSTRAINT find_search_alert CHECK (alert IN ('none', 'daily', 'once'))
);

CREATE INDEX find_search_due ON find_search (alert, told_at);

CREATE INDEX find_search_person ON find_search (person, created_at);

CREATE TABLE find_seen (
    person   TEXT NOT NULL,
    resource TEXT NOT NULL,
    at       TEXT NOT NULL,
    PRIMARY KEY (person, resource)
);

CREATE INDEX find_seen_at ON find_seen (at);

CREATE TABLE find_synonym (
    id         TEXT PRIMARY KEY,
    words      TEXT NOT NULL, -- one a line
    one_way    BOOLEAN NOT NULL, -- the first is answered by the others, not they by it
    state      TEXT NOT NULL, -- proposed, approved, refused, retired
    source     TEXT NOT NULL, -- curated (came with the program), typed, learnt (from the log)
    note       TEXT NOT NULL DEFAULT '',
    at         TEXT NOT NULL,
    decided_by TEXT NOT NULL DEFAULT '', -- person
    decided_at TEXT,
    CONSTRAINT find_synonym_state CHECK (state IN ('proposed', 'approved', 'refused', 'retired'))
);

CREATE TABLE find_term (
    name   TEXT NOT NULL, -- least-sessions, log-days, seen-days
    since  TEXT NOT NULL, -- civil day
    value  BIGINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (name, since)
);

CREATE TABLE fund_account (      -- card/C/source, available, reserved, spent
  path    TEXT PRIMARY KEY,
  card    TEXT NOT NULL REFERENCES fund_card (id),
  part    TEXT NOT NULL,
  balance BIGINT NOT NULL,
  floor   BIGINT,                -- NULL: may be negative (the source)
  CONSTRAINT fund_account_floor CHECK (floor IS NULL OR balance >= floor)
);

CREATE INDEX fund_account_card ON fund_account (card);

CREATE TABLE fund_card (         -- a fund card (经费卡) of a group, or a prepaid account of a firm at a provider
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL CONSTRAINT fund_card_kind CHECK (kind IN ('card', 'prepaid')),
  number        TEXT NOT NULL,
  name          TEXT NOT NULL,
  keeper        TEXT NOT NULL,   -- organisation that keeps it: the group's, or the provider
  payer         TEXT NOT NULL,   -- organisation whose orders it pays
  grp           TEXT NOT NULL DEFAULT '',
  valid_from    TEXT NOT NULL,
  valid_to      TEXT NOT NULL DEFAULT '',
  cap_order     BIGINT NOT NULL DEFAULT 0 CHECK (cap_order >= 0),      -- 0: none
  cap_month     BIGINT NOT NULL DEFAULT 0 CHECK (cap_month >= 0),
  approve_above BIGINT NOT NULL DEFAULT 0 CHECK (approve_above >= 0),  -- orders above it wait for the head; 0: none do
  classes       TEXT NOT NULL DEFAULT '',  -- classes of resources it pays, by the beginning of their code, joined by spaces; '' all
  state         TEXT NOT NULL CONSTRAINT fund_card_state CHECK (state IN ('open', 'frozen')),
  sample        BOOLEAN NOT NULL,
  revision      BIGINT NOT NULL, -- counted up by every movement: rivals for one card wait here
  created_at    TEXT NOT NULL,
  CONSTRAINT fund_card_number UNIQUE (keeper, number)
);

CREATE INDEX fund_card_group ON fund_card (grp) WHERE grp <> '';

CREATE INDEX fund_card_payer ON fund_card (payer, id);

CREATE TABLE fund_group (        -- a research group (课题组)
  id         TEXT PRIMARY KEY,
  keeper     TEXT NOT NULL,      -- organisation it belongs to
  name_zh    TEXT NOT NULL,
  name_en    TEXT NOT NULL DEFAULT '',
  head       TEXT NOT NULL,      -- person
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL
);

CREATE INDEX fund_group_head ON fund_group (head);

CREATE INDEX fund_group_keeper ON fund_group (keeper, id);

CREATE TABLE fund_hold (         -- what one order reserves on a card
  order_id TEXT PRIMARY KEY,
  card     TEXT NOT NULL REFERENCES fund_card (id),
  number   TEXT NOT NULL DEFAULT '',
  amount   BIGINT NOT NULL CONSTRAINT fund_hold_amount CHECK (amount > 0),
  charged  BIGINT NOT NULL DEFAULT 0 CHECK (charged >= 0),
  state    TEXT NOT NULL CONSTRAINT fund_hold_state CHECK (state IN ('pending', 'reserved', 'charged', 'released', 'refused')),
  person   TEXT NOT NULL,        -- who ordered
  decided  TEXT NOT NULL DEFAULT '',  -- who approved or refused
  note     TEXT NOT NULL DEFAULT '',
  day      TEXT NOT NULL         -- of the reservation: its month is the month the cap counts
);

CREATE INDEX fund_hold_card ON fund_hold (card, day);

CREATE TABLE fund_income (       -- one settled order
  order_id    TEXT PRIMARY KEY,
  number      TEXT NOT NULL,
  provider    TEXT NOT NULL,
  buyer       TEXT NOT NULL,
  inside      BOOLEAN NOT NULL,
  resource    TEXT NOT NULL,
  amount      BIGINT NOT NULL CHECK (amount >= 0),
  minutes     BIGINT NOT NULL,
  day         TEXT NOT NULL,
  split       TEXT NOT NULL DEFAULT '',
  sample      BOOLEAN NOT NULL
);

CREATE INDEX fund_income_provider ON fund_income (provider, day);

CREATE TABLE fund_income_part (
  order_id TEXT NOT NULL REFERENCES fund_income (order_id),
  position BIGINT NOT NULL,
  name     TEXT NOT NULL,
  amount   BIGINT NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (order_id, position)
);

CREATE TABLE fund_member (
  grp        TEXT NOT NULL REFERENCES fund_group (id),
  person     TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (grp, person)
);

CREATE INDEX fund_member_person ON fund_member (person);

CREATE TABLE fund_posting (
  transfer TEXT NOT NULL REFERENCES fund_transfer (id),
  account  TEXT NOT NULL,
  amount   BIGINT NOT NULL CONSTRAINT fund_posting_amount CHECK (amount <> 0),
  PRIMARY KEY (transfer, account)
);

CREATE INDEX fund_posting_account ON fund_posting (account);

CREATE TABLE fund_split (        -- how a provider's income is divided, dated, only followed by the next
  id         TEXT PRIMARY KEY,
  provider   TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  shares     TEXT NOT NULL,      -- JSON: names and weights that add up to 10000
  source     TEXT NOT NULL,      -- the rule it follows
  person     TEXT NOT NULL,
  at         TEXT NOT NULL,
  CONSTRAINT fund_split_from UNIQUE (provider, valid_from)
);

CREATE TABLE fund_transfer (     -- append-only
  id       TEXT PRIMARY KEY,
  key      TEXT NOT NULL,        -- the caller's, for ever
  kind     TEXT NOT NULL CONSTRAINT fund_transfer_kind CHECK (kind IN ('deposit', 'refund', 'reserve', 'release', 'charge')),
  card     TEXT NOT NULL REFERENCES fund_card (id),
  order_id TEXT NOT NULL DEFAULT '',
  digest   TEXT NOT NULL,
  evidence TEXT NOT NULL DEFAULT '',  -- of a deposit or refund: the voucher's number, the bank slip
  person   TEXT NOT NULL,
  day      TEXT NOT NULL,
  at       TEXT NOT NULL
);

CREATE INDEX fund_transfer_card ON fund_transfer (card, day);

CREATE UNIQUE INDEX fund_transfer_key ON fund_transfer (key);

CREATE TABLE gate_answer (            -- what was declared with an order
  order_id TEXT NOT NULL,
  name     TEXT NOT NULL,
  value    TEXT NOT NULL,
  PRIMARY KEY (order_id, name)
);

CREATE TABLE gate_paper (
  id         TEXT PRIMARY KEY,
  person     TEXT NOT NULL,           -- whose it is
  org        TEXT NOT NULL,           -- for which they act
  provider   TEXT NOT NULL,           -- whose staff trains or checks
  region     TEXT NOT NULL,           -- of the provider
  kind       TEXT NOT NULL CONSTRAINT gate_paper_kind CHECK (kind IN ('training', 'qualification', 'ethics', 'genetics')),
  name       TEXT NOT NULL,
  number     TEXT NOT NULL,           -- on the paper
  file       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  state      TEXT NOT NULL,
  meet_at    TEXT,                    -- when the training is offered
  place      TEXT NOT NULL,
  note       TEXT NOT NULL,           -- of the last step
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL,           -- last civil day, or '': for good
  checked_by TEXT NOT NULL,
  reminded   TEXT NOT NULL,           -- the end that has been reminded of, or ''
  invented   BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT gate_paper_days CHECK (valid_to = '' OR valid_to >= valid_from),
  CONSTRAINT gate_paper_granted CHECK (state <> 'granted' OR (valid_from <> '' AND checked_by <> ''))
);

CREATE INDEX gate_paper_end ON gate_paper (state, valid_to);

CREATE INDEX gate_paper_person ON gate_paper (person, provider);

CREATE INDEX gate_paper_provider ON gate_paper (provider, state);

CREATE TABLE gate_rule (
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  region     TEXT NOT NULL,
  resource   TEXT NOT NULL,           -- one resource, or '': a class
  class      TEXT NOT NULL,           -- beginning of the class, or '': all of the owner's
  kind       TEXT NOT NULL CONSTRAINT gate_rule_kind CHECK (kind IN ('training', 'qualification', 'hazard', 'biosafety', 'ethics', 'genetics')),
  name       TEXT NOT NULL,           -- of the training or certificate, or ''
  term       BIGINT NOT NULL CONSTRAINT gate_rule_term CHECK (term >= 0), -- days a training holds; 0: for good
  level      BIGINT NOT NULL CONSTRAINT gate_rule_level CHECK (level BETWEEN 0 AND 4), -- biosafety level of the laboratory
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL,           -- last civil day, or ''
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT gate_rule_days CHECK (valid_to = '' OR valid_to >= valid_from)
);

CREATE INDEX gate_rule_owner ON gate_rule (owner, valid_from);

CREATE TABLE identity_attempt (  -- failed sign-ins, by login and by address, both hashed
  key          TEXT PRIMARY KEY,
  failures     BIGINT NOT NULL,
  since        TEXT NOT NULL,    -- the first failure counted
  locked_until TEXT
);

CREATE INDEX identity_attempt_old ON identity_attempt (since);

CREATE TABLE identity_capacity ( -- what an organisation may be, many at once, dated
  organisation TEXT NOT NULL REFERENCES identity_organisation (id),
  capacity     TEXT NOT NULL,
  valid_from   TEXT NOT NULL,
  valid_to     TEXT NOT NULL DEFAULT '',
  verified_on  TEXT NOT NULL DEFAULT '',
  verified_by  TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (organisation, capacity, valid_from),
  CONSTRAINT identity_capacity_dates CHECK (valid_to = '' OR valid_from <= valid_to)
);

CREATE TABLE identity_membership (
  id           TEXT PRIMARY KEY,
  person       TEXT NOT NULL REFERENCES identity_person (id),
  organisation TEXT NOT NULL REFERENCES identity_organisation (id),
  role         TEXT NOT NULL CONSTRAINT identity_membership_role CHECK (role IN ('admin', 'staff', 'technician', 'officer', 'finance')),
  region       TEXT NOT NULL DEFAULT '',  -- narrower than the organisation's; '' the same
  valid_to     TEXT NOT NULL DEFAULT '',  -- last day; '' still a member
  created_at   TEXT NOT NULL
);

CREATE UNIQUE INDEX identity_membership_once ON identity_membership (person, organisation, role);

CREATE INDEX identity_membership_organisation ON identity_membership (organisation);

CREATE TABLE identity_merge (              -- a public record was taken over by the organisation it is about
  id            TEXT PRIMARY KEY,
  public        TEXT NOT NULL REFERENCES identity_organisation (id),
  registered    TEXT NOT NULL REFERENCES identity_organisation (id),
  public_before TEXT NOT NULL,             -- JSON
  registered_before TEXT NOT NULL,
  registered_after  TEXT NOT NULL,
  at            TEXT NOT NULL,
  person        TEXT NOT NULL,
  undone_at     TEXT
);

CREATE UNIQUE INDEX identity_merge_public ON identity_merge (public) WHERE undone_at IS NULL;

CREATE TABLE identity_organisation (
  id            TEXT PRIMARY KEY,
  name_zh       TEXT NOT NULL CONSTRAINT identity_organisation_name CHECK (name_zh <> '' OR name_en <> ''),
  name_en       TEXT NOT NULL DEFAULT '',
  uscc          TEXT,            -- NULL where there is none, so that it can be unique
  uscc_note     TEXT NOT NULL DEFAULT '',
  region        TEXT NOT NULL,
  kind          TEXT NOT NULL,
  parent        TEXT REFERENCES identity_organisation (id),
  status        TEXT NOT NULL CONSTRAINT identity_organisation_status CHECK (status IN ('unclaimed', 'registered', 'verified', 'refused', 'suspended')),
  status_reason TEXT NOT NULL DEFAULT '',
  address       TEXT NOT NULL DEFAULT '',
  website       TEXT NOT NULL DEFAULT '',
  ror           TEXT,            -- nine characters
  lat           TEXT NOT NULL DEFAULT '',
  lng           TEXT NOT NULL DEFAULT '',
  source        TEXT NOT NULL DEFAULT '',
  source_id     TEXT NOT NULL DEFAULT '',
  licence       TEXT NOT NULL DEFAULT '',
  retrieved_on  TEXT NOT NULL DEFAULT '',
  sample        BOOLEAN NOT NULL,
  revision      BIGINT NOT NULL,
  created_at    TEXT NOT NULL,
  updated_at    TEXT NOT NULL
);

CREATE INDEX identity_organisation_desk ON identity_organisation (status, id);

CREATE INDEX identity_organisation_names ON identity_organisation (name_zh);

CREATE INDEX identity_organisation_names_en ON identity_organisation (name_en);

CREATE INDEX identity_organisation_parent ON identity_organisation (parent);

CREATE UNIQUE INDEX identity_organisation_ror ON identity_organisation (ror);

CREATE UNIQUE INDEX identity_organisation_source ON identity_organisation (source, source_id) WHERE source <> '';

CREATE UNIQUE INDEX identity_organisation_uscc ON identity_organisation (uscc);

CREATE TABLE identity_person (
  id         TEXT PRIMARY KEY,
  login      TEXT NOT NULL,      -- lower case; an e-mail address
  name       TEXT NOT NULL,
  phone      TEXT NOT NULL DEFAULT '',
  orcid      TEXT,
  language   TEXT NOT NULL DEFAULT '',
  password   TEXT NOT NULL,      -- argon2id with its parameters; '' cannot sign in
  active     BOOLEAN NOT NULL,
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL
);

CREATE UNIQUE INDEX identity_person_login ON identity_person (login);

CREATE UNIQUE INDEX identity_person_orcid ON identity_person (orcid);

CREATE TABLE identity_region (   -- GB/T 2260, dated: a code may have had several lives
  code       TEXT NOT NULL,      -- six digits
  valid_from TEXT NOT NULL,      -- first day; '' since before the records
  valid_to   TEXT NOT NULL DEFAULT '',  -- last day; '' still in force
  parent     TEXT NOT NULL DEFAULT '',
  level      TEXT NOT NULL CONSTRAINT identity_region_level CHECK (level IN ('province', 'city', 'county')),
  name_zh    TEXT NOT NULL,
  name_en    TEXT NOT NULL DEFAULT '',
  successor  TEXT NOT NULL DEFAULT '',
  source     TEXT NOT NULL,
  PRIMARY KEY (code, valid_from)
);

CREATE TABLE identity_session (
  hash       TEXT PRIMARY KEY,   -- SHA-256 of the 256-bit cookie; the cookie itself is nowhere
  id         TEXT NOT NULL,      -- what the person sees and revokes
  person     TEXT NOT NULL REFERENCES identity_person (id),
  membership TEXT NOT NULL DEFAULT '',    -- acting as
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL,
  created_at TEXT NOT NULL,
  seen_at    TEXT NOT NULL,
  expires_at TEXT NOT NULL
, proved_at TEXT);

CREATE UNIQUE INDEX identity_session_id ON identity_session (id);

CREATE INDEX identity_session_old ON identity_session (expires_at);

CREATE INDEX identity_session_person ON identity_session (person);

CREATE TABLE identity_token (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL,      -- SHA-256 of the secret
  person     TEXT NOT NULL REFERENCES identity_person (id),
  membership TEXT NOT NULL DEFAULT '',
  name       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT
, money BOOLEAN NOT NULL DEFAULT TRUE);

CREATE UNIQUE INDEX identity_token_hash ON identity_token (hash);

CREATE INDEX identity_token_person ON identity_token (person);

CREATE TABLE invoice_detail (          -- what an organisation's invoices are made out to
  org        TEXT PRIMARY KEY,
  title      TEXT NOT NULL,
  uscc       TEXT NOT NULL,
  address    TEXT NOT NULL,
  phone      TEXT NOT NULL,
  bank       TEXT NOT NULL,
  account    TEXT NOT NULL,
  mail       TEXT NOT NULL,            -- where e-invoices are sent
  updated_at TEXT NOT NULL
);

CREATE TABLE invoice_invoice (
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL CONSTRAINT invoice_invoice_number UNIQUE, -- as kept: capitals and digits only
  order_id     TEXT NOT NULL,
  order_number TEXT NOT NULL,
  buyer        TEXT NOT NULL,
  provider     TEXT NOT NULL,
  region       TEXT NOT NULL,
  issued_on    TEXT NOT NULL,          -- civil day
  amount       BIGINT NOT NULL CHECK (amount > 0), -- fen, tax included
  name         TEXT NOT NULL,          -- of the file, or ''
  sha256       TEXT NOT NULL,
  size         BIGINT NOT NULL,
  person       TEXT NOT NULL,
  at           TEXT NOT NULL
, seller_code TEXT NOT NULL DEFAULT '', seller_name TEXT NOT NULL DEFAULT '', buyer_code TEXT NOT NULL DEFAULT '', buyer_name TEXT NOT NULL DEFAULT '', tax BIGINT NOT NULL DEFAULT 0, checked BOOLEAN NOT NULL DEFAULT FALSE);

CREATE INDEX invoice_invoice_order ON invoice_invoice (order_id);

CREATE TABLE invoice_number (
  number  TEXT PRIMARY KEY,             -- as kept: capitals and digits only
  case_id TEXT NOT NULL,                -- what it belongs to: order/…, record/…, claim/…; the same case may use it again
  kind    TEXT NOT NULL,                -- of the first use: order, record, claim, application
  object  TEXT NOT NULL,                -- of the first use
  label   TEXT NOT NULL,                -- what people call that
  owner   TEXT NOT NULL,                -- organisations that may know of it
  other   TEXT NOT NULL,
  region  TEXT NOT NULL,
  at      TEXT NOT NULL
);

CREATE TABLE invoice_payment (
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  paid_on  TEXT NOT NULL,              -- civil day
  amount   BIGINT NOT NULL CHECK (amount > 0), -- fen
  way      TEXT NOT NULL CHECK (way IN ('transfer', 'card', 'cash', 'internal')),
  note     TEXT NOT NULL,              -- of the bank's receipt, for example
  name     TEXT NOT NULL,              -- of the evidence, or ''
  sha256   TEXT NOT NULL,
  size     BIGINT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
, buyer TEXT NOT NULL DEFAULT '', provider TEXT NOT NULL DEFAULT '', region TEXT NOT NULL DEFAULT '');

CREATE INDEX invoice_payment_order ON invoice_payment (order_id);

CREATE TABLE invoice_refund (
  id          TEXT PRIMARY KEY,
  order_id    TEXT NOT NULL,
  buyer       TEXT NOT NULL,
  provider    TEXT NOT NULL,
  region      TEXT NOT NULL,
  paid_on     TEXT NOT NULL,           -- civil day
  amount      BIGINT NOT NULL CHECK (amount > 0), -- fen
  way         TEXT NOT NULL CHECK (way IN ('transfer', 'card', 'cash', 'internal')),
  note        TEXT NOT NULL,
  name        TEXT NOT NULL,           -- of the evidence, or ''
  sha256      TEXT NOT NULL,
  size        BIGINT NOT NULL,
  person      TEXT NOT NULL,
  at          TEXT NOT NULL
);

CREATE INDEX invoice_refund_order ON invoice_refund (order_id);

CREATE TABLE invoice_use (
  number  TEXT NOT NULL REFERENCES invoice_number (number),
  object  TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (number, object)
);

CREATE INDEX invoice_use_object ON invoice_use (object);

CREATE TABLE job_run (          -- when each periodic job last ran, and what it said
  name    TEXT PRIMARY KEY,
  period  TEXT NOT NULL,        -- the tick it ran for
  at      TEXT NOT NULL,
  failure TEXT NOT NULL
);

CREATE TABLE match_need (
  id           TEXT PRIMARY KEY,
  org          TEXT NOT NULL,          -- whose need it is
  person       TEXT NOT NULL,          -- who wrote it
  region       TEXT NOT NULL,          -- where it arises, six digits
  text         TEXT NOT NULL,          -- the firm's own words
  confidential BOOLEAN NOT NULL,       -- others see its field and region only
  topics       TEXT NOT NULL,          -- fields it touches, found when it was published
  state        TEXT NOT NULL CHECK (state IN ('draft', 'published', 'matched', 'agreed', 'closed')),
  revision     BIGINT NOT NULL,        -- grows by one with each step
  listed       BOOLEAN NOT NULL,       -- stands in the public list
  created_on   TEXT NOT NULL,          -- civil days
  published_on TEXT NOT NULL,          -- '' while a draft
  closed_on    TEXT NOT NULL,          -- '' until closed
  outcome      TEXT NOT NULL CHECK (outcome IN ('', 'done', 'elsewhere', 'no-offer', 'failed', 'invalid')),
  sample       BOOLEAN NOT NULL,       -- invented for the demo
  digest       TEXT NOT NULL,          -- of the request that made it
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL,
  CONSTRAINT match_need_closed CHECK ((state = 'closed') = (closed_on <> '') AND (state = 'closed') = (outcome <> '')),
  CONSTRAINT match_need_published CHECK (state IN ('draft', 'closed') OR published_on <> '')
);

CREATE INDEX match_need_listed ON match_need (region, published_on) WHERE listed;

CREATE INDEX match_need_org ON match_need (org, created_at);

CREATE INDEX match_need_period ON match_need (published_on) WHERE published_on <> '';

CREATE TABLE match_proposal (          -- a candidate on record, and what was decided about it
  need        TEXT NOT NULL REFERENCES match_need (id),
  resource    TEXT NOT NULL,
  kind        TEXT NOT NULL,           -- of the resource
  owner       TEXT NOT NULL,           -- its organisation
  name        TEXT NOT NULL,           -- as it was when it was put on record
  state       TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'declined')),
  origin      TEXT NOT NULL CHECK (origin IN ('ranked', 'invited', 'response')),
  place       BIGINT NOT NULL,         -- in its group when shown; 0 = not among the candidates
  score       BIGINT NOT NULL,         -- thousandths, when shown
  reason      TEXT NOT NULL,           -- code of a decline
  note        TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  decided_on  TEXT NOT NULL,           -- civil day, '' until decided
  PRIMARY KEY (need, resource),
  CONSTRAINT match_proposal_decided CHECK ((state = 'proposed') = (decided_on = ''))
);

CREATE INDEX match_proposal_owner ON match_proposal (owner, proposed_at);

CREATE TABLE match_step (              -- the timeline
  id         TEXT PRIMARY KEY,
  need       TEXT NOT NULL REFERENCES match_need (id),
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  day        TEXT NOT NULL,            -- civil day
  side       TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  resource   TEXT NOT NULL,            -- the candidate it is about, or ''
  code       TEXT NOT NULL,            -- of a decline or an outcome
  note       TEXT NOT NULL,
  digest     TEXT NOT NULL,            -- of the request
  UNIQUE (need, position)
);

CREATE INDEX match_step_figures ON match_step (verb, day);

CREATE TABLE message_delivery (
    id        TEXT PRIMARY KEY, -- the idempotency key on the wire
    notice    TEXT NOT NULL REFERENCES message_notice (id),
    person    TEXT NOT NULL,
    channel   TEXT NOT NULL,
    address   TEXT NOT NULL,
    lang      TEXT NOT NULL,
    state     TEXT NOT NULL, -- due, sent, parked
    attempts  BIGINT NOT NULL DEFAULT 0,
    due_at    TEXT NOT NULL, -- also the end of the lease of a courier that is sending it
    sent_at   TEXT,
    simulated BOOLEAN NOT NULL DEFAULT FALSE, -- kept by the demo's gateway, not sent
    problem   TEXT NOT NULL DEFAULT '', -- of the last attempt; for the operator
    at        TEXT NOT NULL,
    CONSTRAINT message_delivery_state CHECK (state IN ('due', 'sent', 'parked')),
    CONSTRAINT message_delivery_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    UNIQUE (notice, person, channel)
);

CREATE INDEX message_delivery_due ON message_delivery (due_at) WHERE state = 'due';

CREATE INDEX message_delivery_parked ON message_delivery (id) WHERE state = 'parked';

CREATE INDEX message_delivery_recent ON message_delivery (at, id);

CREATE TABLE message_notice (
    id        TEXT PRIMARY KEY,
    event     TEXT NOT NULL, -- what it is about: order.accepted
    org       TEXT NOT NULL DEFAULT '', -- addressed to the people of this organisation, or
    person    TEXT NOT NULL DEFAULT '', -- to this person
    title     TEXT NOT NULL,
    title_args TEXT NOT NULL DEFAULT '[]', -- JSON list
    body      TEXT NOT NULL DEFAULT '',
    body_args TEXT NOT NULL DEFAULT '[]',
    link      TEXT NOT NULL DEFAULT '', -- path of this site
    at        TEXT NOT NULL, stop TEXT NOT NULL DEFAULT '', invite TEXT NOT NULL DEFAULT '',
    CONSTRAINT message_notice_to CHECK ((org = '') <> (person = ''))
);

CREATE TABLE message_preference (
    person  TEXT NOT NULL,
    channel TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    address TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (person, channel)
);

CREATE TABLE message_receipt (
    notice  TEXT NOT NULL REFERENCES message_notice (id),
    person  TEXT NOT NULL,
    at      TEXT NOT NULL,
    read_at TEXT,
    PRIMARY KEY (notice, person)
);

CREATE INDEX message_receipt_person ON message_receipt (person, at, notice);

CREATE INDEX message_receipt_unread ON message_receipt (person) WHERE read_at IS NULL;

CREATE TABLE milestone_file (          -- documents of the order that a delivery consists of
  milestone TEXT NOT NULL REFERENCES milestone_milestone (id),
  step      TEXT NOT NULL REFERENCES milestone_step (id),
  document  TEXT NOT NULL,
  name      TEXT NOT NULL,
  size      BIGINT NOT NULL,
  PRIMARY KEY (milestone, document)
);

CREATE TABLE milestone_milestone (
  id          TEXT PRIMARY KEY,
  order_id    TEXT NOT NULL,
  version     BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  name        TEXT NOT NULL,
  deliverable TEXT NOT NULL,
  due_on      TEXT NOT NULL,           -- civil day
  share       BIGINT NOT NULL CHECK (share BETWEEN 0 AND 1000), -- per mille of the price; 0: a fixed amount
  amount      BIGINT NOT NULL CHECK (amount >= 0), -- fen
  state       TEXT NOT NULL CHECK (state IN ('planned', 'delivered', 'accepted')),
  reason      TEXT NOT NULL,           -- why it was sent back last, or ''
  revision    BIGINT NOT NULL,
  updated_at  TEXT NOT NULL,
  UNIQUE (order_id, version, position)
);

CREATE TABLE milestone_plan (          -- one an order: what counts now
  order_id TEXT PRIMARY KEY,
  number   TEXT NOT NULL,              -- of the order
  buyer    TEXT NOT NULL,
  provider TEXT NOT NULL,
  region   TEXT NOT NULL,
  version  BIGINT NOT NULL,            -- of the quote
  total    BIGINT NOT NULL,            -- fen: what the milestones add up to
  state    TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'ended')),
  sample   BOOLEAN NOT NULL
);

CREATE INDEX milestone_plan_buyer ON milestone_plan (buyer);

CREATE INDEX milestone_plan_provider ON milestone_plan (provider);

CREATE TABLE milestone_step (
  id         TEXT PRIMARY KEY,
  milestone  TEXT NOT NULL REFERENCES milestone_milestone (id),
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  side       TEXT NOT NULL,
  person     TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL,
  UNIQUE (milestone, position)
);

CREATE TABLE number_serial (    -- the numbers people say aloud
  series TEXT PRIMARY KEY,
  last   BIGINT NOT NULL
);

CREATE TABLE observe_barred (          -- who was shown out of a session
  session TEXT NOT NULL REFERENCES observe_session (id),
  person  TEXT NOT NULL,
  barred_by TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (session, person)
);

CREATE TABLE observe_consent (         -- each side's word, kept for ever; the newest of a side holds
  id      TEXT PRIMARY KEY,
  session TEXT NOT NULL REFERENCES observe_session (id),
  side    TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  agreed  BOOLEAN NOT NULL,
  person  TEXT NOT NULL,
  org     TEXT NOT NULL,
  at      TEXT NOT NULL
);

CREATE INDEX observe_consent_session ON observe_consent (session, side, at);

CREATE TABLE observe_guest (           -- named participants of a plan beside the parties' own people
  plan   TEXT NOT NULL REFERENCES observe_plan (id),
  person TEXT NOT NULL,
  org    TEXT NOT NULL,                -- of the side that named them
  named_by TEXT NOT NULL,
  at     TEXT NOT NULL,
  PRIMARY KEY (plan, person)
);

CREATE INDEX observe_guest_person ON observe_guest (person);

CREATE TABLE observe_note (            -- what somebody wrote down or a picture they kept
  id         TEXT PRIMARY KEY,
  session    TEXT NOT NULL REFERENCES observe_session (id),
  side       TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  text       TEXT NOT NULL,
  picture    TEXT NOT NULL,            -- SHA-256 of a JPEG, or ''
  width      BIGINT NOT NULL,
  height     BIGINT NOT NULL,
  size       BIGINT NOT NULL,
  at         TEXT NOT NULL
);

CREATE INDEX observe_note_session ON observe_note (session, at, id);

CREATE TABLE observe_plan (            -- the provider offers it, the buyer agrees
  id          TEXT PRIMARY KEY,
  order_id    TEXT NOT NULL,
  number      TEXT NOT NULL,           -- of the order, its parties and its thing, as they were
  buyer       TEXT NOT NULL,
  provider    TEXT NOT NULL,
  region      TEXT NOT NULL,
  name_zh     TEXT NOT NULL,
  name_en     TEXT NOT NULL,
  invented    BOOLEAN NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('offered', 'agreed', 'declined', 'withdrawn', 'ended')),
  booked      BOOLEAN NOT NULL,        -- one session, the booking's own time
  first_day   TEXT NOT NULL,           -- else each day from first to last ...
  last_day    TEXT NOT NULL,
  at          TEXT NOT NULL,           -- ... at this time of the wall clock
  minutes     BIGINT NOT NULL,
  working     BOOLEAN NOT NULL,        -- on working days only
  skip        TEXT NOT NULL,           -- days left out, separated by spaces
  early       BIGINT NOT NULL,         -- minutes before a session in which one may come in
  late        BIGINT NOT NULL,         -- minutes after it, then everybody is shown out
  link        TEXT NOT NULL,           -- of a meeting elsewhere, or ''
  talk        BOOLEAN NOT NULL,        -- the provider is willing to be spoken to
  note        TEXT NOT NULL,
  reason      TEXT NOT NULL,
  person      TEXT NOT NULL,
  created_at  TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  answered_at TEXT,
  CONSTRAINT observe_plan_minutes CHECK (early BETWEEN 0 AND 60 AND late BETWEEN 0 AND 60 AND minutes BETWEEN 0 AND 480)
);

CREATE INDEX observe_plan_order ON observe_plan (order_id, created_at);

CREATE INDEX observe_plan_waiting ON observe_plan (buyer, state);

CREATE TABLE observe_session (
  id           TEXT PRIMARY KEY,
  plan         TEXT NOT NULL REFERENCES observe_plan (id),
  order_id     TEXT NOT NULL,
  number       TEXT NOT NULL,
  buyer        TEXT NOT NULL,
  provider     TEXT NOT NULL,
  region       TEXT NOT NULL,
  name_zh      TEXT NOT NULL,
  name_en      TEXT NOT NULL,
  invented     BOOLEAN NOT NULL,
  starts_at    TEXT NOT NULL,
  ends_at      TEXT NOT NULL,
  opens_at     TEXT NOT NULL,
  closes_at    TEXT NOT NULL,
  link         TEXT NOT NULL,
  talk         BOOLEAN NOT NULL,       -- watchers may speak now
  live_at      TEXT,                   -- first picture
  ended_at     TEXT,                   -- by the provider, before its time
  cancelled_at TEXT,
  reason       TEXT NOT NULL,
  UNIQUE (plan, starts_at),
  CONSTRAINT observe_session_times CHECK (opens_at <= starts_at AND starts_at < ends_at AND ends_at <= closes_at)
);

CREATE INDEX observe_session_buyer ON observe_session (buyer, closes_at);

CREATE INDEX observe_session_order ON observe_session (order_id, starts_at);

CREATE INDEX observe_session_provider ON observe_session (provider, closes_at);

CREATE TABLE observe_tape (            -- a stretch of the laboratory's picture, playable by itself
  id      TEXT PRIMARY KEY,
  session TEXT NOT NULL REFERENCES observe_session (id),
  person  TEXT NOT NULL,
  type    TEXT NOT NULL CHECK (type IN ('video/webm', 'video/mp4')),
  sha256  TEXT NOT NULL,
  size    BIGINT NOT NULL,
  seconds BIGINT NOT NULL CHECK (seconds > 0),
  at      TEXT NOT NULL                -- when it came, at its end
);

CREATE INDEX observe_tape_session ON observe_tape (session, at, id);

CREATE TABLE observe_visit (           -- who came, as what, and left
  id        TEXT PRIMARY KEY,
  session   TEXT NOT NULL REFERENCES observe_session (id),
  part      TEXT NOT NULL CHECK (part IN ('publish', 'watch', 'talk', 'link')),
  person    TEXT NOT NULL,
  org       TEXT NOT NULL,
  joined_at TEXT NOT NULL,
  left_at   TEXT,
  why       TEXT NOT NULL              -- it ended: left, lost, closed, removed
);

CREATE INDEX observe_visit_session ON observe_visit (session, joined_at, id);

CREATE TABLE onsite_fault (           -- told by somebody at the instrument
  id       TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  owner    TEXT NOT NULL,
  region   TEXT NOT NULL,
  order_id TEXT NOT NULL,
  person   TEXT NOT NULL,
  text     TEXT NOT NULL,
  state    TEXT NOT NULL CONSTRAINT onsite_fault_state CHECK (state IN ('told', 'down', 'dismissed')),
  at       TEXT NOT NULL
);

CREATE INDEX onsite_fault_owner ON onsite_fault (owner, state);

CREATE TABLE onsite_reading (         -- what a meter or relay said
  resource    TEXT NOT NULL,
  id          TEXT NOT NULL,          -- the meter's own
  at          TEXT NOT NULL,
  kind        TEXT NOT NULL CONSTRAINT onsite_reading_kind CHECK (kind IN ('on', 'off', 'count')),
  value       BIGINT NOT NULL,
  received_at TEXT NOT NULL,
  PRIMARY KEY (resource, id)
);

CREATE INDEX onsite_reading_at ON onsite_reading (resource, at);

CREATE TABLE onsite_rule (            -- of a provider, from a day on
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  early      BIGINT NOT NULL,         -- minutes before the booked start in which one may begin
  late       BIGINT NOT NULL,         -- minutes after it, then the booking counts as not kept
  grace      BIGINT NOT NULL,         -- minutes after the booked end, then a forgotten session is closed
  gap        BIGINT NOT NULL,         -- minutes by which meter and log may differ
  valid_from TEXT NOT NULL,
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT onsite_rule_minutes CHECK (early BETWEEN 0 AND 240 AND late BETWEEN 5 AND 1440 AND grace BETWEEN 0 AND 720 AND gap BETWEEN 1 AND 1440),
  UNIQUE (owner, valid_from)
);

CREATE TABLE onsite_session (         -- one booking at the instrument
  order_id   TEXT PRIMARY KEY,
  number     TEXT NOT NULL UNIQUE,
  resource   TEXT NOT NULL,
  owner      TEXT NOT NULL,
  buyer      TEXT NOT NULL,
  person     TEXT NOT NULL,
  region     TEXT NOT NULL,
  inner_use  BOOLEAN NOT NULL,        -- the owner's own people
  invented   BOOLEAN NOT NULL,
  booked_from TEXT NOT NULL,
  booked_to  TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT onsite_session_state CHECK (state IN ('booked', 'here', 'running', 'done', 'no_show', 'cancelled')),
  checked_at TEXT,
  started_at TEXT,
  stopped_at TEXT,
  minutes    BIGINT NOT NULL CONSTRAINT onsite_session_minutes CHECK (minutes >= 0),
  by_rule    BOOLEAN NOT NULL,        -- closed because it was forgotten
  tries      BIGINT NOT NULL,         -- wrong personal codes in a row
  tried_at   TEXT,
  CONSTRAINT onsite_session_order CHECK (booked_from < booked_to)
);

CREATE INDEX onsite_session_open ON onsite_session (state, booked_from);

CREATE INDEX onsite_session_owner ON onsite_session (owner, booked_from);

CREATE INDEX onsite_session_resource ON onsite_session (resource, booked_from);

CREATE TABLE onsite_station (         -- an instrument with a code on it
  resource   TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  region     TEXT NOT NULL,
  name_zh    TEXT NOT NULL,
  name_en    TEXT NOT NULL,
  code       TEXT NOT NULL UNIQUE,    -- in the address on the sheet; not to be guessed
  secret     TEXT NOT NULL,           -- personal codes are derived from it
  meter      TEXT NOT NULL,           -- hash of the meter's token, or ''
  invented   BOOLEAN NOT NULL,
  created_at TEXT NOT NULL
);

CREATE INDEX onsite_station_owner ON onsite_station (owner);

CREATE TABLE "order_document" (
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES order_order (id),
  kind     TEXT NOT NULL CHECK (kind IN ('request', 'report', 'stage', 'dispute')),
  name     TEXT NOT NULL,
  sha256   TEXT NOT NULL,
  size     BIGINT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
);

CREATE INDEX order_document_order ON order_document (order_id);

CREATE INDEX order_document_sha256 ON order_document (sha256);

CREATE TABLE order_line (              -- version 0: price at placing; n: quote n
  order_id    TEXT NOT NULL REFERENCES order_order (id),
  version     BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  text        TEXT NOT NULL,
  audience    TEXT NOT NULL,
  unit        TEXT NOT NULL,
  unit_amount BIGINT NOT NULL,
  count_num   BIGINT NOT NULL,
  count_per   BIGINT NOT NULL CHECK (count_per > 0),
  minimum     BIGINT NOT NULL,
  amount      BIGINT NOT NULL, kind TEXT NOT NULL DEFAULT 'use', period TEXT NOT NULL DEFAULT '', above BIGINT NOT NULL DEFAULT 0, percent BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (order_id, version, position)
);

CREATE TABLE order_offer (             -- one an order: the newest, as long as the dispute lasts
  order_id TEXT PRIMARY KEY REFERENCES order_order (id),
  side     TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  amount   BIGINT NOT NULL CHECK (amount >= 0), -- fen: what the order would cost then
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
);

CREATE TABLE order_order (
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL CHECK (kind IN ('booking', 'commission')),
  state        TEXT NOT NULL,
  revision     BIGINT NOT NULL,        -- grows by one with each step
  buyer        TEXT NOT NULL,          -- organisations and the person who placed it
  buyer_person TEXT NOT NULL,
  provider     TEXT NOT NULL,
  resource     TEXT NOT NULL,          -- with its name and class as they were when it was ordered
  resource_zh  TEXT NOT NULL,
  resource_en  TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  class        TEXT NOT NULL,
  region       TEXT NOT NULL,          -- of the resource, six digits
  need         TEXT NOT NULL,          -- the need it answers, or ''
  purpose      TEXT NOT NULL,
  samples      TEXT NOT NULL,          -- samples in the buyer's words
  quantity     BIGINT NOT NULL CHECK (quantity > 0),
  unit         TEXT NOT NULL,          -- of the first price line, or ''
  price_line   TEXT NOT NULL,          -- the price line chosen, or ''
  start_at     TEXT,                   -- bookings only
  end_at       TEXT,
  priced       BOOLEAN NOT NULL,       -- false: only a quote can tell
  price        BIGINT NOT NULL CHECK (price >= 0),
  voucher      BIGINT NOT NULL CHECK (voucher >= 0),
  own          BIGINT NOT NULL CHECK (own >= 0),
  currency     TEXT NOT NULL,
  programme    TEXT NOT NULL,          -- voucher programme, or ''
  held         BOOLEAN NOT NULL,       -- the voucher's part is held (or used)
  due          TEXT NOT NULL,          -- civil day by which the next step is expected, or ''
  minutes      BIGINT NOT NULL,        -- machine time logged so far
  sample       BOOLEAN NOT NULL,       -- invented for the demo
  placed_on    TEXT NOT NULL,          -- civil day
  confirmed_on TEXT NOT NULL,          -- civil day, or ''
  placed_at    TEXT NOT NULL,
  updated_at   TEXT NOT NULL, customs_use TEXT NOT NULL DEFAULT '', fund TEXT NOT NULL DEFAULT '', stages_open BIGINT NOT NULL DEFAULT 0, stages_delivered BIGINT NOT NULL DEFAULT 0, payable BIGINT NOT NULL DEFAULT 0, repaid BIGINT NOT NULL DEFAULT 0, vouchers TEXT NOT NULL DEFAULT '',
  CONSTRAINT order_split CHECK (price = voucher + own),
  CONSTRAINT order_time CHECK ((kind = 'booking') = (start_at IS NOT NULL AND end_at IS NOT NULL))
);

CREATE INDEX order_order_buyer ON order_order (buyer, placed_at);

CREATE INDEX order_order_due ON order_order (due) WHERE due <> '' AND state NOT IN ('refused', 'cancelled', 'settled');

CREATE INDEX order_order_need ON order_order (need) WHERE need <> '';

CREATE INDEX order_order_open_buyer ON order_order (buyer, due) WHERE state NOT IN ('refused', 'cancelled', 'settled');

CREATE INDEX order_order_open_provider ON order_order (provider, due) WHERE state NOT IN ('refused', 'cancelled', 'settled');

CREATE INDEX order_order_provider ON order_order (provider, placed_at);

CREATE INDEX order_order_resource ON order_order (resource, placed_at);

CREATE INDEX order_order_soon ON order_order (start_at) WHERE state = 'accepted' AND kind = 'booking';

CREATE TABLE order_quote (
  order_id    TEXT NOT NULL REFERENCES order_order (id),
  version     BIGINT NOT NULL,
  total       BIGINT NOT NULL CHECK (total >= 0),
  valid_until TEXT NOT NULL,           -- last civil day on which it may be accepted
  note        TEXT NOT NULL,
  person      TEXT NOT NULL,
  at          TEXT NOT NULL, tax TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (order_id, version)
);

CREATE TABLE order_rating (
  order_id TEXT PRIMARY KEY REFERENCES order_order (id),
  resource TEXT NOT NULL,
  provider TEXT NOT NULL,
  stars    BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
  text     TEXT NOT NULL,
  reply    TEXT NOT NULL,
  at       TEXT NOT NULL
);

CREATE INDEX order_rating_resource ON order_rating (resource);

CREATE TABLE order_run (               -- machine hours: one row a run
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES order_order (id),
  start_at TEXT NOT NULL,
  end_at   TEXT,
  minutes  BIGINT NOT NULL CHECK (minutes >= 0)
);

CREATE UNIQUE INDEX order_run_open ON order_run (order_id) WHERE end_at IS NULL;

CREATE INDEX order_run_order ON order_run (order_id);

CREATE TABLE order_step (              -- the timeline
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES order_order (id),
  position BIGINT NOT NULL,
  at       TEXT NOT NULL,
  side     TEXT NOT NULL,
  person   TEXT NOT NULL,
  org      TEXT NOT NULL,
  verb     TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  note     TEXT NOT NULL,
  UNIQUE (order_id, position)
);

CREATE TABLE outbox_cursor (    -- how far each consumer has read
  consumer TEXT PRIMARY KEY,
  seq      BIGINT NOT NULL
);

CREATE TABLE outbox_event (
  id      TEXT PRIMARY KEY,
  seq     BIGINT,             -- given after commit by the one sequencer; NULL until then
  name    TEXT NOT NULL,
  body    TEXT NOT NULL,
  at      TEXT NOT NULL
);

CREATE INDEX outbox_event_new ON outbox_event (id) WHERE seq IS NULL;

CREATE UNIQUE INDEX outbox_event_seq ON outbox_event (seq) WHERE seq IS NOT NULL;

CREATE TABLE outbox_failure (   -- deliveries that failed: retried, then parked for a person
  consumer TEXT NOT NULL,
  seq      BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at  TEXT NOT NULL,
  parked   BOOLEAN NOT NULL,
  reason   TEXT NOT NULL,
  PRIMARY KEY (consumer, seq)
);

CREATE TABLE outbox_sequence (  -- one row a feed; writing it is the sequencer's lock
  feed TEXT PRIMARY KEY,
  last BIGINT NOT NULL,
  hash TEXT NOT NULL DEFAULT ''
);

CREATE TABLE paper_signature (
  document  TEXT PRIMARY KEY,          -- the report's file, a document of the order
  number    TEXT NOT NULL,             -- of the order, which is the report's
  sha256    TEXT NOT NULL,             -- of the file
  statement TEXT NOT NULL,             -- what is signed, to the last character
  signature TEXT NOT NULL,             -- base64
  public    TEXT NOT NULL,             -- the node's public key then, PEM
  at        TEXT NOT NULL
);

CREATE INDEX paper_signature_number ON paper_signature (number);

CREATE TABLE payout_account (          -- where a payee is paid to; a version is never changed, only followed by another
  id          TEXT PRIMARY KEY,
  org         TEXT NOT NULL,
  region      TEXT NOT NULL,           -- the payee's, for the permission table
  holder      TEXT NOT NULL,
  bank        TEXT NOT NULL,
  number      TEXT NOT NULL,           -- in full only in payment files
  cnaps       TEXT NOT NULL DEFAULT '',
  state       TEXT NOT NULL CONSTRAINT payout_account_state CHECK (state IN ('proposed', 'confirmed', 'refused', 'replaced')),
  person      TEXT NOT NULL,           -- who proposed it
  decider     TEXT NOT NULL DEFAULT '',
  decider_org TEXT NOT NULL DEFAULT '',
  note        TEXT NOT NULL DEFAULT '',
  created_at  TEXT NOT NULL,
  decided_at  TEXT,
  CONSTRAINT payout_account_two CHECK (decider <> person)
);

CREATE UNIQUE INDEX payout_account_confirmed ON payout_account (org) WHERE state = 'confirmed';

CREATE INDEX payout_account_org ON payout_account (org, created_at);

CREATE UNIQUE INDEX payout_account_proposed ON payout_account (org) WHERE state = 'proposed';

CREATE TABLE payout_batch (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL,
  funder     TEXT NOT NULL,
  region     TEXT NOT NULL,            -- the funder's
  pay_on     TEXT NOT NULL,            -- civil day on which it is to be paid
  state      TEXT NOT NULL CONSTRAINT payout_batch_state CHECK (state IN ('drafted', 'submitted', 'approved', 'sent', 'matched', 'partly-returned', 'closed', 'cancelled')),
  total      BIGINT NOT NULL,          -- of the payments that stand in it
  count      BIGINT NOT NULL,
  drafter    TEXT NOT NULL,
  submitter  TEXT NOT NULL DEFAULT '',
  approver   TEXT NOT NULL DEFAULT '',
  digest     TEXT NOT NULL,
  sent_on    TEXT NOT NULL DEFAULT '',
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT payout_batch_two CHECK (approver = '' OR approver <> drafter AND approver <> submitter)
);

CREATE INDEX payout_batch_funder ON payout_batch (funder, state, id);

CREATE UNIQUE INDEX payout_batch_number ON payout_batch (number);

CREATE INDEX payout_batch_region ON payout_batch (region, created_at);

CREATE TABLE payout_file (             -- a payment file that was made; its bytes follow from the batch and the layout
  id         TEXT PRIMARY KEY,
  batch      TEXT NOT NULL REFERENCES payout_batch (id),
  layout     TEXT NOT NULL,            -- JSON
  name       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE INDEX payout_file_batch ON payout_file (batch, created_at);

CREATE TABLE payout_item (             -- one payment: a funder's part of a claim
  id           TEXT PRIMARY KEY,
  batch        TEXT NOT NULL REFERENCES payout_batch (id),
  seq          BIGINT NOT NULL,
  number       TEXT NOT NULL,          -- what stands in the payment file and comes back: BATCH-001
  claim        TEXT NOT NULL,
  claim_number TEXT NOT NULL,
  programme    TEXT NOT NULL,
  payee        TEXT NOT NULL,
  funder       TEXT NOT NULL,
  amount       BIGINT NOT NULL CONSTRAINT payout_item_amount CHECK (amount > 0),
  account      TEXT NOT NULL REFERENCES payout_account (id),
  state        TEXT NOT NULL CONSTRAINT payout_item_state CHECK (state IN ('planned', 'stopped', 'dropped', 'sent', 'paid', 'returned')),
  reason       TEXT NOT NULL DEFAULT '',
  evidence     TEXT NOT NULL DEFAULT '', -- the bank's number of the payment
  decided_on   TEXT NOT NULL DEFAULT '',
  live         BOOLEAN NOT NULL          -- false: the part may go into another batch
);

CREATE UNIQUE INDEX payout_item_batch ON payout_item (batch, seq);

CREATE UNIQUE INDEX payout_item_number ON payout_item (number);

CREATE UNIQUE INDEX payout_item_part ON payout_item (claim, funder) WHERE live;

CREATE INDEX payout_item_payee ON payout_item (payee, state);

CREATE TABLE payout_layout (           -- how a funder's bank wants its files, from a day on
  id         TEXT PRIMARY KEY,
  funder     TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  body       TEXT NOT NULL,            -- JSON
  source     TEXT NOT NULL,
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE INDEX payout_layout_funder ON payout_layout (funder, valid_from, created_at);

CREATE TABLE payout_line (             -- a row of an applied file, and what became of it
  upload  TEXT NOT NULL REFERENCES payout_upload (id),
  row_no  BIGINT NOT NULL,
  item    TEXT NOT NULL,               -- number as it stood there
  amount  TEXT NOT NULL,
  account TEXT NOT NULL,               -- its end
  result  TEXT NOT NULL,
  note    TEXT NOT NULL,
  outcome TEXT NOT NULL CONSTRAINT payout_line_outcome CHECK (outcome IN ('paid', 'returned', 'known', 'break')),
  code    TEXT NOT NULL,               -- why it is a break
  PRIMARY KEY (upload, row_no)
);

CREATE INDEX payout_line_item ON payout_line (item);

CREATE TABLE payout_mapping (          -- what the columns of a funder's receipts mean, remembered by their headings
  funder   TEXT NOT NULL,
  headings TEXT NOT NULL,              -- digest
  mapping  TEXT NOT NULL,              -- JSON
  PRIMARY KEY (funder, headings)
);

CREATE TABLE payout_step (             -- who did what and when
  id         TEXT PRIMARY KEY,
  batch      TEXT NOT NULL REFERENCES payout_batch (id),
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL
);

CREATE INDEX payout_step_batch ON payout_step (batch, at);

CREATE TABLE payout_upload (           -- a file of receipts
  id         TEXT PRIMARY KEY,
  funder     TEXT NOT NULL,
  region     TEXT NOT NULL,
  name       TEXT NOT NULL,
  sha256     TEXT NOT NULL,            -- of the file, in the blob store
  state      TEXT NOT NULL CONSTRAINT payout_upload_state CHECK (state IN ('read', 'applied')),
  headings   TEXT NOT NULL,            -- JSON
  mapping    TEXT NOT NULL,            -- JSON: a field for each heading
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL,
  applied_at TEXT
);

CREATE UNIQUE INDEX payout_upload_once ON payout_upload (funder, sha256);

CREATE TABLE policy_call (
    id            TEXT PRIMARY KEY, -- computed from source and source_id: importing twice updates
    title         TEXT NOT NULL CONSTRAINT policy_call_title CHECK (title <> ''),
    agency        TEXT NOT NULL,              -- who calls
    published     TEXT NOT NULL DEFAULT '',   -- civil date; '' unknown
    deadline      TEXT NOT NULL DEFAULT '',   -- civil date, the last day; '' unknown
    published_raw TEXT NOT NULL DEFAULT '',   -- as the source wrote it
    deadline_raw  TEXT NOT NULL DEFAULT '',
    flags         TEXT NOT NULL DEFAULT '',   -- what is wrong with the row, separated by spaces
    source        TEXT NOT NULL,
    source_id     TEXT NOT NULL,
    licence       TEXT NOT NULL,
    retrieved_on  TEXT NOT NULL,
    search        TEXT NOT NULL               -- title and agency, folded
);

CREATE INDEX policy_call_deadline ON policy_call (deadline);

CREATE INDEX policy_call_newest ON policy_call (published, id);

CREATE UNIQUE INDEX policy_call_source ON policy_call (source, source_id);

CREATE TABLE pricing_kept (           -- by what an order was priced: its bill is counted from the same
  order_id TEXT PRIMARY KEY,
  plan     TEXT NOT NULL,
  version  BIGINT NOT NULL,
  facts    TEXT NOT NULL,             -- JSON of pricing.Facts
  total    BIGINT NOT NULL,
  FOREIGN KEY (plan, version) REFERENCES pricing_version (plan, version)
);

CREATE TABLE pricing_member (         -- buyers that pay a group's price at a provider; all others pay the external one
  owner      TEXT NOT NULL,
  org        TEXT NOT NULL,
  grp        TEXT NOT NULL,           -- internal, member, or a name of the provider's own
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL DEFAULT '',
  person     TEXT NOT NULL,
  at         TEXT NOT NULL,
  PRIMARY KEY (owner, org, valid_from)
);

CREATE TABLE pricing_plan (
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,           -- organisation
  resource   TEXT NOT NULL,           -- '' : of all resources that have none of their own
  name_zh    TEXT NOT NULL,           -- of the resource, as it was when the plan was begun
  name_en    TEXT NOT NULL DEFAULT '',
  draft      TEXT NOT NULL,           -- the version being written, as JSON; '' when none is
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT pricing_plan_resource UNIQUE (owner, resource)
);

CREATE TABLE pricing_version (        -- published; never changed, only followed: the newest that holds on a day counts
  plan       TEXT NOT NULL REFERENCES pricing_plan (id),
  version    BIGINT NOT NULL,
  valid_from TEXT NOT NULL,           -- civil day
  valid_to   TEXT NOT NULL DEFAULT '',-- last civil day; '' open
  body       TEXT NOT NULL,           -- JSON that pricing.Plan checks
  note       TEXT NOT NULL DEFAULT '',
  person     TEXT NOT NULL,
  at         TEXT NOT NULL,
  PRIMARY KEY (plan, version),
  CONSTRAINT pricing_version_days CHECK (valid_to = '' OR valid_from <= valid_to)
);

CREATE TABLE provider_admission ( -- equipment that was not bought with public money
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL,
  owner      TEXT NOT NULL,
  region     TEXT NOT NULL,
  name       TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT provider_admission_state CHECK (state IN ('invited', 'agreed', 'admitted', 'declined', 'refused', 'left')),
  note       TEXT NOT NULL DEFAULT '',
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE INDEX provider_admission_owner ON provider_admission (owner, state);

CREATE UNIQUE INDEX provider_admission_resource ON provider_admission (resource) WHERE state NOT IN ('declined', 'refused', 'left');

CREATE TABLE provider_certificate (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  region     TEXT NOT NULL,
  kind       TEXT NOT NULL, -- a code of the list of certificates
  number     TEXT NOT NULL,
  issuer     TEXT NOT NULL DEFAULT '',
  scope      TEXT NOT NULL DEFAULT '',
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL, -- last day
  state      TEXT NOT NULL CONSTRAINT provider_certificate_state CHECK (state IN ('stated', 'verified', 'refused', 'removed')),
  whole      BOOLEAN NOT NULL, -- of the organisation; else of the resources it covers only
  current    BOOLEAN NOT NULL, -- verified and in its days: what search counts; a job keeps it
  file       TEXT NOT NULL DEFAULT '',
  sha256     TEXT NOT NULL DEFAULT '',
  size       BIGINT NOT NULL DEFAULT 0,
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT provider_certificate_days CHECK (valid_from <= valid_to)
);

CREATE INDEX provider_certificate_end ON provider_certificate (valid_to, id);

CREATE INDEX provider_certificate_org ON provider_certificate (org, id);

CREATE TABLE provider_check ( -- the authority's checklist
  membership TEXT NOT NULL REFERENCES provider_membership (id),
  code       TEXT NOT NULL,
  verdict    TEXT NOT NULL CONSTRAINT provider_check_verdict CHECK (verdict IN ('yes', 'no')),
  note       TEXT NOT NULL DEFAULT '',
  person     TEXT NOT NULL,
  at         TEXT NOT NULL,
  PRIMARY KEY (membership, code)
);

CREATE TABLE provider_clock ( -- instruments bought with public money: reported in time?
  resource    TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  owner       TEXT NOT NULL,
  region      TEXT NOT NULL,
  worth       BIGINT NOT NULL,          -- fen
  accepted_on TEXT NOT NULL,
  rule        TEXT NOT NULL,            -- code of the rule
  due_on      TEXT NOT NULL DEFAULT '', -- '' where the rule names no term
  reported_on TEXT NOT NULL DEFAULT '', -- first published on
  updated_at  TEXT NOT NULL
);

CREATE INDEX provider_clock_due ON provider_clock (reported_on, due_on);

CREATE INDEX provider_clock_owner ON provider_clock (owner, due_on);

CREATE TABLE provider_cover ( -- the resources a certificate covers
  certificate TEXT NOT NULL REFERENCES provider_certificate (id),
  resource    TEXT NOT NULL,
  PRIMARY KEY (certificate, resource)
);

CREATE INDEX provider_cover_resource ON provider_cover (resource);

CREATE TABLE provider_document (
  id         TEXT PRIMARY KEY,
  membership TEXT NOT NULL REFERENCES provider_membership (id),
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  person     TEXT NOT NULL,
  at         TEXT NOT NULL
);

CREATE INDEX provider_document_membership ON provider_document (membership, id);

CREATE TABLE provider_membership ( -- an application, and the membership it leads to
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL DEFAULT '',  -- what people say aloud; given when it is submitted
  org        TEXT NOT NULL,
  region     TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT provider_membership_state CHECK (state IN ('draft', 'submitted', 'returned', 'refused', 'withdrawn', 'qualified', 'offered', 'member', 'suspended', 'ending', 'exited')),
  form       TEXT NOT NULL DEFAULT '',  -- institution, firm
  about      TEXT NOT NULL DEFAULT '',
  contact    TEXT NOT NULL DEFAULT '',
  phone      TEXT NOT NULL DEFAULT '',
  email      TEXT NOT NULL DEFAULT '',
  offers     TEXT NOT NULL DEFAULT '',  -- codes, separated by spaces
  offer      TEXT NOT NULL DEFAULT '',  -- in its own words
  stated     BOOLEAN NOT NULL,          -- what it says is true
  agreement  TEXT NOT NULL DEFAULT '',  -- version of the text
  term_from  TEXT NOT NULL DEFAULT '',
  term_to    TEXT NOT NULL DEFAULT '',  -- last day
  sha256     TEXT NOT NULL DEFAULT '',  -- of the agreement as both accepted it
  offered_by TEXT NOT NULL DEFAULT '',  -- organisation
  granted    BOOLEAN NOT NULL,          -- the capacity to provide came with the membership
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT provider_membership_term CHECK (term_to = '' OR term_from <= term_to)
);

CREATE UNIQUE INDEX provider_membership_org ON provider_membership (org) WHERE state NOT IN ('refused', 'withdrawn', 'exited');

CREATE INDEX provider_membership_state ON provider_membership (state, id);

CREATE TABLE provider_reminder ( -- what was said once is not said again
  object TEXT NOT NULL,
  code   TEXT NOT NULL,
  at     TEXT NOT NULL,
  PRIMARY KEY (object, code)
);

CREATE TABLE provider_scope ( -- what a certificate covers, item by item
  certificate TEXT NOT NULL REFERENCES provider_certificate (id),
  position    BIGINT NOT NULL,
  item        TEXT NOT NULL,
  method      TEXT NOT NULL DEFAULT '',
  limits      TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (certificate, position)
);

CREATE TABLE provider_step ( -- who did what to a membership, a certificate, an admission
  id         TEXT PRIMARY KEY,
  object     TEXT NOT NULL,
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL DEFAULT ''
);

CREATE INDEX provider_step_object ON provider_step (object, id);

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

CREATE INDEX record_checked_owner ON record_checked (owner, state);

CREATE INDEX record_checked_record ON record_checked (record);

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

CREATE UNIQUE INDEX record_one_number ON record_record (owner, own_number) WHERE own_number <> '' AND state <> 'withdrawn';

CREATE UNIQUE INDEX record_one_order ON record_record (order_id) WHERE order_id <> '';

CREATE INDEX record_record_day ON record_record (owner, day, id);

CREATE INDEX record_record_digest ON record_record (owner, digest);

CREATE INDEX record_record_orders ON record_record (owner, order_number);

CREATE INDEX record_record_own ON record_record (owner, own_number);

CREATE INDEX record_record_region ON record_record (region, day, id);

CREATE INDEX record_record_resource ON record_record (resource, day);

CREATE INDEX record_record_upload ON record_record (upload) WHERE upload <> '';

CREATE TABLE record_refused (         -- rows of a spreadsheet that did not come in, with what is wrong
  upload   TEXT NOT NULL REFERENCES record_upload (id),
  row      BIGINT NOT NULL,
  cells    TEXT NOT NULL,             -- JSON
  problems TEXT NOT NULL,             -- JSON
  PRIMARY KEY (upload, row)
);

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

CREATE TABLE remind_told (
  order_id TEXT NOT NULL,
  kind     TEXT NOT NULL CONSTRAINT remind_told_kind CHECK (kind IN ('soon', 'late')),
  point    TEXT NOT NULL,             -- what it was told of: the booking's start, or the state and its promised day
  level    BIGINT NOT NULL,           -- which reminder: minutes before the start, working days after the promise
  at       TEXT NOT NULL,
  PRIMARY KEY (order_id, kind, point, level)
);

CREATE TABLE review_buyer (
  order_id     TEXT PRIMARY KEY,
  order_number TEXT NOT NULL,
  buyer        TEXT NOT NULL,
  provider     TEXT NOT NULL,
  region       TEXT NOT NULL,
  stars        BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
  text         TEXT NOT NULL,
  reply        TEXT NOT NULL,
  person       TEXT NOT NULL,
  at           TEXT NOT NULL,
  replied_at   TEXT
);

CREATE INDEX review_buyer_buyer ON review_buyer (buyer, at);

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

CREATE INDEX roster_entry_folded ON roster_entry (folded);

CREATE INDEX roster_entry_list ON roster_entry (list, id);

CREATE INDEX roster_entry_org ON roster_entry (org, state);

CREATE INDEX roster_entry_uscc ON roster_entry (uscc);

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

CREATE TABLE sample_sample (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL UNIQUE,    -- on the label: the order's number, S and a serial
  order_id   TEXT NOT NULL,
  buyer      TEXT NOT NULL,
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,           -- of the order
  position   BIGINT NOT NULL,         -- serial within the order
  parent     TEXT NOT NULL,           -- the sample it was split from, or ''
  name       TEXT NOT NULL,
  own_number TEXT NOT NULL,           -- the buyer's
  hazard     TEXT NOT NULL,
  storage    TEXT NOT NULL,
  wish       TEXT NOT NULL CONSTRAINT sample_wish CHECK (wish IN ('return', 'dispose')),
  keep_until TEXT NOT NULL,           -- last civil day it is kept, or ''
  amount     BIGINT NOT NULL CONSTRAINT sample_amount CHECK (amount >= 0),
  unit       TEXT NOT NULL,
  state      TEXT NOT NULL,
  place      TEXT NOT NULL,
  holder     TEXT NOT NULL,           -- person who has it in hand, or ''
  offered    TEXT NOT NULL,           -- person it is being handed to, or ''
  invented   BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, due_on TEXT NOT NULL DEFAULT '',
  CONSTRAINT sample_one_place CHECK ((place <> '') = (state = 'stored') AND (holder <> '') = (state = 'in_use') AND (offered = '' OR state = 'in_use')),
  UNIQUE (order_id, position)
);

CREATE INDEX sample_sample_buyer ON sample_sample (buyer, state);

CREATE INDEX sample_sample_due ON sample_sample (due_on) WHERE due_on <> '';

CREATE INDEX sample_sample_provider ON sample_sample (provider, state);

CREATE INDEX sample_sample_way ON sample_sample (updated_at) WHERE state IN ('sent', 'returned', 'refused');

CREATE TABLE sample_step (            -- the chain of custody: only ever added to
  id         TEXT PRIMARY KEY,
  sample     TEXT NOT NULL REFERENCES sample_sample (id),
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  side       TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  place      TEXT NOT NULL,           -- where it was put
  change     BIGINT NOT NULL,         -- of the amount
  carrier    TEXT NOT NULL,           -- who brought it, with the number of the consignment
  note       TEXT NOT NULL,
  UNIQUE (sample, position)
);

CREATE TABLE sample_told (            -- each notice once
  order_id TEXT NOT NULL,
  kind     TEXT NOT NULL CONSTRAINT sample_told_kind CHECK (kind IN ('ending', 'over', 'sent', 'returned', 'refused')),
  point    TEXT NOT NULL,             -- the day or instant that it counts from
  level    BIGINT NOT NULL,           -- days before or since
  at       TEXT NOT NULL,
  PRIMARY KEY (order_id, kind, point, level)
);

CREATE TABLE scrutiny_case (            -- a redemption that is looked at: drawn, or from a flag
  id         TEXT PRIMARY KEY,
  draw       TEXT NOT NULL,             -- '' from a flag
  flag       TEXT NOT NULL,             -- '' drawn
  claim      TEXT NOT NULL,
  number     TEXT NOT NULL,             -- of the redemption
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,
  amount     BIGINT NOT NULL,
  stratum    TEXT NOT NULL,
  lot        TEXT NOT NULL,
  place      BIGINT NOT NULL,
  ticked     TEXT NOT NULL,             -- codes of the checklist
  state      TEXT NOT NULL CONSTRAINT scrutiny_case_state CHECK (state IN ('open', 'clean', 'finding')),
  due        TEXT NOT NULL,
  person     TEXT NOT NULL,             -- who decided
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  decided_at TEXT
);

CREATE INDEX scrutiny_case_draw ON scrutiny_case (draw, place);

CREATE UNIQUE INDEX scrutiny_case_once ON scrutiny_case (claim) WHERE state = 'open';

CREATE INDEX scrutiny_case_provider ON scrutiny_case (provider, state);

CREATE TABLE scrutiny_draw (            -- redemptions taken by lot
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL UNIQUE,
  org          TEXT NOT NULL,
  region       TEXT NOT NULL,
  programme    TEXT NOT NULL,
  from_day     TEXT NOT NULL,           -- of submission
  to_day       TEXT NOT NULL,
  share        BIGINT NOT NULL,         -- hundredths of a percent
  stratify     TEXT NOT NULL CONSTRAINT scrutiny_draw_stratify CHECK (stratify IN ('none', 'amount', 'provider')),
  population   BIGINT NOT NULL,
  drawn        BIGINT NOT NULL,
  list_sha256  TEXT NOT NULL,           -- the list as it was closed
  source       TEXT NOT NULL,           -- where the number comes from
  announced    TEXT NOT NULL,           -- the number; '' before
  seed         TEXT NOT NULL,
  state        TEXT NOT NULL CONSTRAINT scrutiny_draw_state CHECK (state IN ('closed', 'drawn')),
  person       TEXT NOT NULL,           -- who closed the list
  witness      TEXT NOT NULL,           -- who entered the number: another
  due          TEXT NOT NULL,           -- last day of the checks
  sample       BOOLEAN NOT NULL,
  created_at   TEXT NOT NULL,
  drawn_at     TEXT,
  CONSTRAINT scrutiny_draw_two CHECK (witness = '' OR witness <> person)
);

CREATE TABLE scrutiny_flag (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,             -- see Kinds
  severity   TEXT NOT NULL CONSTRAINT scrutiny_flag_severity CHECK (severity IN ('high', 'medium', 'low')),
  order_id   TEXT NOT NULL,
  number     TEXT NOT NULL,             -- of the order
  title      TEXT NOT NULL,
  claim      TEXT NOT NULL,             -- the newest redemption it stands in, or ''
  programme  TEXT NOT NULL,
  region     TEXT NOT NULL,             -- of the programme
  firm       TEXT NOT NULL,
  provider   TEXT NOT NULL,
  amount     BIGINT NOT NULL,           -- fen: the voucher's part
  evidence   TEXT NOT NULL,             -- JSON rows
  digest     TEXT NOT NULL,             -- of the evidence: what was dismissed comes again only with another
  rule       TEXT NOT NULL,             -- first day of the rules it was found by
  state      TEXT NOT NULL CONSTRAINT scrutiny_flag_state CHECK (state IN ('open', 'dismissed', 'upheld')),
  outcome    TEXT NOT NULL,             -- of an upheld one: none, refuse, check, recover
  person     TEXT NOT NULL,             -- who decided
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  decided_at TEXT
);

CREATE INDEX scrutiny_flag_firm ON scrutiny_flag (firm);

CREATE UNIQUE INDEX scrutiny_flag_once ON scrutiny_flag (order_id, kind) WHERE state = 'open';

CREATE INDEX scrutiny_flag_order ON scrutiny_flag (order_id);

CREATE INDEX scrutiny_flag_provider ON scrutiny_flag (provider);

CREATE INDEX scrutiny_flag_state_at ON scrutiny_flag (state, created_at);

CREATE TABLE scrutiny_recovery (        -- money asked back
  id         TEXT PRIMARY KEY,
  claim      TEXT NOT NULL UNIQUE,
  number     TEXT NOT NULL,             -- of the redemption
  cause      TEXT NOT NULL,             -- id of the flag or the case
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,
  amount     BIGINT NOT NULL CHECK (amount > 0),
  reason     TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT scrutiny_recovery_state CHECK (state IN ('proposed', 'dropped', 'ordered', 'received')),
  person     TEXT NOT NULL,             -- who proposed
  second     TEXT NOT NULL,             -- who ordered: another
  received_on TEXT NOT NULL,
  reference  TEXT NOT NULL,             -- of the bank
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT scrutiny_recovery_two CHECK (second = '' OR second <> person)
);

CREATE INDEX scrutiny_recovery_provider ON scrutiny_recovery (provider);

CREATE TABLE scrutiny_sanction (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL UNIQUE,
  org        TEXT NOT NULL,             -- whom it is against
  side       TEXT NOT NULL CONSTRAINT scrutiny_sanction_side CHECK (side IN ('firm', 'provider')),
  region     TEXT NOT NULL,
  authority  TEXT NOT NULL,             -- organisation that proposed it
  ground     TEXT NOT NULL,
  claim      TEXT NOT NULL,             -- of the evidence, or ''
  cause      TEXT NOT NULL,             -- id of the flag or the case, or ''
  from_day   TEXT NOT NULL,
  to_day     TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT scrutiny_sanction_state CHECK (state IN ('hearing', 'decided', 'active', 'appealed', 'final', 'lifted', 'ended', 'dropped')),
  hearing_due TEXT NOT NULL,            -- last day of the party's statement
  appeal_due TEXT NOT NULL,             -- '' before it is in force
  proposer   TEXT NOT NULL,
  decider    TEXT NOT NULL,
  confirmer  TEXT NOT NULL,             -- the second: another than the decider
  entry      TEXT NOT NULL,             -- of the roster
  open       BOOLEAN NOT NULL,          -- everybody may see it while in force
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT scrutiny_sanction_two CHECK (confirmer = '' OR confirmer <> decider),
  CONSTRAINT scrutiny_sanction_term CHECK (from_day <= to_day)
);

CREATE INDEX scrutiny_sanction_org ON scrutiny_sanction (org, state);

CREATE TABLE scrutiny_step (            -- what was done and said about a flag, a case, a recovery or a sanction: only ever added to
  id         TEXT PRIMARY KEY,
  object     TEXT NOT NULL,
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  side       TEXT NOT NULL,             -- authority, party or system
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL,
  file       TEXT NOT NULL,             -- name, or ''
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  UNIQUE (object, position)
);

CREATE TABLE series_group (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL CONSTRAINT series_number UNIQUE,
  kind       TEXT NOT NULL CONSTRAINT series_kind CHECK (kind IN ('series', 'composite')),
  buyer      TEXT NOT NULL,            -- organisation
  person     TEXT NOT NULL,            -- who booked
  provider   TEXT NOT NULL,            -- organisation; '' where several provide
  resource   TEXT NOT NULL,            -- of a series; '' of a composite booking
  region     TEXT NOT NULL,
  rule       TEXT NOT NULL,            -- RRULE of RFC 5545, or ''
  first      TEXT NOT NULL,            -- civil day from which the rule counts, or ''
  from_time  TEXT NOT NULL,            -- HH:MM, or ''
  to_time    TEXT NOT NULL,
  holidays   TEXT NOT NULL CONSTRAINT series_holidays CHECK (holidays IN ('', 'keep', 'skip', 'move')),
  purpose    TEXT NOT NULL,
  parts      BIGINT NOT NULL CONSTRAINT series_parts CHECK (parts > 0), -- how many orders it was made of: never fewer
  invented   BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT series_ruled CHECK ((kind = 'series') = (rule <> ''))
);

CREATE INDEX series_group_buyer ON series_group (buyer, created_at);

CREATE INDEX series_group_provider ON series_group (provider, created_at);

CREATE TABLE series_part (
  order_id TEXT PRIMARY KEY,
  grp      TEXT NOT NULL REFERENCES series_group (id),
  position BIGINT NOT NULL CONSTRAINT series_position CHECK (position > 0),
  day      TEXT NOT NULL,              -- civil day that the rule gives, whatever time it has now; '' of a composite booking
  part     BIGINT NOT NULL,            -- which part of a composite request it serves, from 1; 0 of a series
  CONSTRAINT series_order UNIQUE (grp, position)
);

CREATE TABLE settle_break (        -- what differs; the statement stays as it is
  id        TEXT PRIMARY KEY,
  statement TEXT NOT NULL REFERENCES settle_statement (id),
  region    TEXT NOT NULL,         -- who raised it
  kind      TEXT NOT NULL CONSTRAINT settle_break_kind CHECK (kind IN ('only-statement', 'only-list', 'amount', 'window', 'disputed')),
  owner     TEXT NOT NULL,         -- region that has to answer
  due_on    TEXT NOT NULL,
  state     TEXT NOT NULL CONSTRAINT settle_break_state CHECK (state IN ('open', 'answered', 'resolved', 'withdrawn')),
  transfer  TEXT NOT NULL,         -- the item; '' where the statement has none
  payee     TEXT NOT NULL,
  funder    TEXT NOT NULL,
  number    TEXT NOT NULL,
  what      TEXT NOT NULL,
  day       TEXT NOT NULL,
  stated    BIGINT NOT NULL,       -- amount in the statement; 0: none
  listed    BIGINT NOT NULL,       -- amount in the side's list; 0: none
  reason    TEXT NOT NULL,
  answer    TEXT NOT NULL,
  fix       TEXT NOT NULL,         -- the later entry that corrects it: transfer/payee/funder; '' none
  raiser    TEXT NOT NULL,         -- persons
  answerer  TEXT NOT NULL,
  decider   TEXT NOT NULL,
  from_list BOOLEAN NOT NULL,      -- found by comparing a list
  created_at TEXT NOT NULL,
  ended_on  TEXT NOT NULL
);

CREATE INDEX settle_break_statement ON settle_break (statement, id);

CREATE TABLE settle_item (
  transfer     TEXT NOT NULL,      -- of voucher's ledger; with funder and payee it is in one statement for ever
  payee        TEXT NOT NULL,
  funder       TEXT NOT NULL,
  statement    TEXT NOT NULL REFERENCES settle_statement (id),
  position     BIGINT NOT NULL,
  day          TEXT NOT NULL,
  what         TEXT NOT NULL,      -- approve, refuse, pay, bounce, recover, receive
  claim        TEXT NOT NULL,
  number       TEXT NOT NULL,      -- of the claim
  orders       TEXT NOT NULL,      -- numbers, joined by spaces
  firms        TEXT NOT NULL,      -- ids, joined by spaces
  programme    TEXT NOT NULL,
  payer_region TEXT NOT NULL,
  payee_region TEXT NOT NULL,
  funder_code  TEXT NOT NULL,      -- what the other side knows it by: USCC, else id
  payee_code   TEXT NOT NULL,
  amount       BIGINT NOT NULL CONSTRAINT settle_item_amount CHECK (amount > 0),
  PRIMARY KEY (transfer, payee, funder),
  CONSTRAINT settle_item_regions CHECK (payer_region <> payee_region)
);

CREATE UNIQUE INDEX settle_item_statement ON settle_item (statement, position);

CREATE TABLE settle_side (         -- what one side says of a closed statement
  statement TEXT NOT NULL REFERENCES settle_statement (id),
  region    TEXT NOT NULL,
  state     TEXT NOT NULL CONSTRAINT settle_side_state CHECK (state IN ('waiting', 'checked', 'confirmed')),
  count     BIGINT NOT NULL,       -- of the items it agrees with
  total     BIGINT NOT NULL,
  digest    TEXT NOT NULL,         -- of their canonical list
  checker   TEXT NOT NULL,         -- person
  confirmer TEXT NOT NULL,         -- another person
  file      TEXT NOT NULL,         -- SHA-256 of its own list, '' where it checked item by item
  file_name TEXT NOT NULL,
  at        TEXT NOT NULL,
  PRIMARY KEY (statement, region),
  CONSTRAINT settle_side_second CHECK (confirmer = '' OR confirmer <> checker)
);

CREATE TABLE settle_statement (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL,
  low        TEXT NOT NULL,        -- the two regions
  high       TEXT NOT NULL,
  low_org    TEXT NOT NULL,        -- their authorities on this node; '' where there is none
  high_org   TEXT NOT NULL,
  from_day   TEXT NOT NULL,        -- the window, both days included
  to_day     TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT settle_statement_state CHECK (state IN ('open', 'closed', 'agreed')),
  count      BIGINT NOT NULL,      -- of the items, when closed
  total      BIGINT NOT NULL,      -- gross, fen
  digest     TEXT NOT NULL,        -- SHA-256 of the canonical list, hex
  closer     TEXT NOT NULL,        -- person
  closed_at  TEXT,
  agreed_on  TEXT NOT NULL,
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT settle_statement_pair CHECK (low < high AND from_day <= to_day)
);

CREATE INDEX settle_statement_high ON settle_statement (high, low);

CREATE UNIQUE INDEX settle_statement_number ON settle_statement (number);

CREATE UNIQUE INDEX settle_statement_window ON settle_statement (low, high, from_day);

CREATE TABLE settle_step (         -- who did what and when
  id        TEXT PRIMARY KEY,
  statement TEXT NOT NULL REFERENCES settle_statement (id),
  object    TEXT NOT NULL,         -- '' the statement, else the break
  at        TEXT NOT NULL,
  person    TEXT NOT NULL,
  org       TEXT NOT NULL,
  region    TEXT NOT NULL,
  verb      TEXT NOT NULL,
  note      TEXT NOT NULL
);

CREATE INDEX settle_step_statement ON settle_step (statement, id);

CREATE TABLE sqlite_sequence(name,seq);

CREATE TABLE stats_day (
    kind    TEXT NOT NULL,
    day     TEXT NOT NULL,
    region  TEXT NOT NULL,
    facts   BIGINT NOT NULL,
    amount  BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    score   BIGINT NOT NULL,
    PRIMARY KEY (kind, day, region)
);

CREATE TABLE stats_fact (
    id        TEXT PRIMARY KEY,
    event     TEXT NOT NULL,
    kind      TEXT NOT NULL,
    at        TEXT NOT NULL,
    day       TEXT NOT NULL, -- civil date in the region's zone
    month     TEXT NOT NULL, -- first seven characters of day
    region    TEXT NOT NULL,
    org       TEXT NOT NULL DEFAULT '',
    other     TEXT NOT NULL DEFAULT '',
    object    TEXT NOT NULL,
    resource  TEXT NOT NULL DEFAULT '',
    programme TEXT NOT NULL DEFAULT '',
    amount    BIGINT NOT NULL DEFAULT 0, -- fen
    minutes   BIGINT NOT NULL DEFAULT 0,
    score     BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT stats_fact_region CHECK (length(region) = 6),
    CONSTRAINT stats_fact_month CHECK (month = substr(day, 1, 7)),
    CONSTRAINT stats_fact_positive CHECK (amount >= 0 AND minutes >= 0 AND score >= 0)
);

CREATE INDEX stats_fact_object ON stats_fact (object, kind);

CREATE INDEX stats_fact_org ON stats_fact (org, month);

CREATE INDEX stats_fact_other ON stats_fact (other, month);

CREATE INDEX stats_fact_rows ON stats_fact (kind, month, id);

CREATE INDEX stats_fact_wait ON stats_fact (kind, minutes);

CREATE TABLE stats_stock (
    code   TEXT NOT NULL,
    day    TEXT NOT NULL,
    part   TEXT NOT NULL, -- kind of resource or organisation
    region TEXT NOT NULL,
    held   BIGINT NOT NULL,
    PRIMARY KEY (code, day, part, region)
);

CREATE TABLE talk_file (
  id      TEXT PRIMARY KEY,
  message TEXT NOT NULL REFERENCES talk_message (id),
  name    TEXT NOT NULL,
  sha256  TEXT NOT NULL,
  size    BIGINT NOT NULL
);

CREATE INDEX talk_file_message ON talk_file (message);

CREATE TABLE talk_message (
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  side     TEXT NOT NULL CHECK (side IN ('buyer', 'provider')),
  person   TEXT NOT NULL,
  org      TEXT NOT NULL,
  text     TEXT NOT NULL,
  at       TEXT NOT NULL
);

CREATE INDEX talk_message_order ON talk_message (order_id, at, id);

CREATE TABLE talk_read (           -- up to when a person has seen an order's messages
  order_id TEXT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (order_id, person)
);

CREATE TABLE usage_entry (            -- what one order took of an instrument's time
  order_id  TEXT PRIMARY KEY,
  number    TEXT NOT NULL,
  resource  TEXT NOT NULL,
  owner     TEXT NOT NULL,
  region    TEXT NOT NULL,
  buyer     TEXT NOT NULL,
  day       TEXT NOT NULL,            -- civil day of the booking, or of the first run
  booking   BOOLEAN NOT NULL,         -- false: a commission
  inner_use BOOLEAN NOT NULL,         -- the owner's own people
  missed    BOOLEAN NOT NULL,         -- nobody came
  booked    BIGINT NOT NULL CONSTRAINT usage_entry_booked CHECK (booked >= 0), -- minutes
  used      BIGINT NOT NULL CONSTRAINT usage_entry_used CHECK (used >= 0)
);

CREATE INDEX usage_entry_resource ON usage_entry (resource, day);

CREATE TABLE usage_month (            -- an instrument's month: sums of its entries, and what it could have given
  resource     TEXT NOT NULL,
  month        TEXT NOT NULL,         -- YYYY-MM
  owner        TEXT NOT NULL,
  region       TEXT NOT NULL,
  open         BIGINT NOT NULL CONSTRAINT usage_month_open CHECK (open >= down AND down >= 0), -- minutes of all units; down is part of open
  down         BIGINT NOT NULL,
  bookings     BIGINT NOT NULL,
  missed       BIGINT NOT NULL,
  orders       BIGINT NOT NULL,       -- that have used time
  booked       BIGINT NOT NULL,
  booked_inner BIGINT NOT NULL,
  used         BIGINT NOT NULL,
  used_inner   BIGINT NOT NULL,
  PRIMARY KEY (resource, month)
);

CREATE INDEX usage_month_owner ON usage_month (owner, month);

CREATE INDEX usage_month_region ON usage_month (region, month);

CREATE TABLE voucher_account (
  path      TEXT PRIMARY KEY,    -- funder/F/P, programme/P/unissued/NN (its stripes) and lapsed, grant/G/available|held|used, payable|paid|recover/PAYEE/F
  part      TEXT NOT NULL,       -- its role: funder, unissued, lapsed, available, held, used, payable, paid, recover
  programme TEXT NOT NULL DEFAULT '',  -- '' for payees, who are paid from several programmes
  grant_id  TEXT NOT NULL DEFAULT '',
  party     TEXT NOT NULL DEFAULT '',  -- payee
  funder    TEXT NOT NULL DEFAULT '',
  balance   BIGINT NOT NULL,
  floor     BIGINT,              -- NULL: may be negative (a funder)
  CONSTRAINT voucher_account_floor CHECK (floor IS NULL OR balance >= floor)
);

CREATE INDEX voucher_account_funder ON voucher_account (funder) WHERE funder <> '';

CREATE INDEX voucher_account_grant ON voucher_account (grant_id, part);

CREATE INDEX voucher_account_party ON voucher_account (party) WHERE party <> '';

CREATE INDEX voucher_account_programme ON voucher_account (programme, part);

CREATE TABLE voucher_application (
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL,
  programme    TEXT NOT NULL REFERENCES voucher_programme (id),
  region       TEXT NOT NULL,    -- the programme's, for the permission table
  firm         TEXT NOT NULL,
  person       TEXT NOT NULL,    -- who applied
  purpose      TEXT NOT NULL,
  statements   TEXT NOT NULL,    -- codes, joined by spaces
  reason       TEXT NOT NULL DEFAULT '',
  digest       TEXT NOT NULL,    -- of what was asked: the same key with another content is a conflict
  revision     BIGINT NOT NULL,
  submitted_on TEXT NOT NULL,
  created_at   TEXT NOT NULL
, state TEXT NOT NULL DEFAULT 'draft'
  CONSTRAINT voucher_application_states CHECK (state IN ('draft', 'submitted', 'waiting', 'approved', 'refused', 'withdrawn')), amount BIGINT NOT NULL DEFAULT 0 CONSTRAINT voucher_application_asked CHECK (amount >= 0), type TEXT NOT NULL DEFAULT '', members BIGINT NOT NULL DEFAULT 0, granted BIGINT NOT NULL DEFAULT 0, window_from TEXT NOT NULL DEFAULT '');

CREATE INDEX voucher_application_desk ON voucher_application (region, state, id);

CREATE INDEX voucher_application_firm ON voucher_application (firm, id);

CREATE UNIQUE INDEX voucher_application_number ON voucher_application (number) WHERE number <> '';

CREATE INDEX voucher_application_window ON voucher_application (programme, window_from, state);

CREATE TABLE voucher_attachment (  -- what an application carries; the bytes lie in the blob store
  application TEXT NOT NULL REFERENCES voucher_application (id),
  position    BIGINT NOT NULL,
  code        TEXT NOT NULL,       -- which of the terms' attachments it is
  name        TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  size        BIGINT NOT NULL,
  PRIMARY KEY (application, position)
);

CREATE TABLE voucher_batch (       -- all applications of a window, decided together
  id          TEXT PRIMARY KEY,
  programme   TEXT NOT NULL REFERENCES voucher_programme (id),
  window_from TEXT NOT NULL,
  pot         BIGINT NOT NULL,     -- what was to be divided
  asked       BIGINT NOT NULL,
  granted     BIGINT NOT NULL,
  person      TEXT NOT NULL,
  digest      TEXT NOT NULL,
  at          TEXT NOT NULL
);

CREATE INDEX voucher_batch_programme ON voucher_batch (programme, window_from);

CREATE TABLE voucher_claim (     -- a redemption: the provider collects what was used
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL,
  programme    TEXT NOT NULL REFERENCES voucher_programme (id),
  region       TEXT NOT NULL,
  payee     TEXT NOT NULL,
  person       TEXT NOT NULL,
  terms        BIGINT NOT NULL,
  amount       BIGINT NOT NULL CONSTRAINT voucher_claim_amount CHECK (amount > 0),
  state        TEXT NOT NULL CONSTRAINT voucher_claim_state CHECK (state IN ('submitted', 'verified', 'approved', 'published', 'paid', 'refused', 'recovered')),
  verifier     TEXT NOT NULL DEFAULT '',
  notice_from  TEXT NOT NULL DEFAULT '',
  notice_to    TEXT NOT NULL DEFAULT '',
  payable_on   TEXT NOT NULL DEFAULT '',
  paid_on      TEXT NOT NULL DEFAULT '',
  digest       TEXT NOT NULL,
  revision     BIGINT NOT NULL,
  submitted_on TEXT NOT NULL,
  created_at   TEXT NOT NULL
, way TEXT NOT NULL DEFAULT 'direct' CONSTRAINT voucher_claim_way CHECK (way IN ('direct', 'refund')), recovered BIGINT NOT NULL DEFAULT 0, received BIGINT NOT NULL DEFAULT 0, reward BOOLEAN NOT NULL DEFAULT FALSE);

CREATE INDEX voucher_claim_desk ON voucher_claim (region, state, id);

CREATE INDEX voucher_claim_notice ON voucher_claim (notice_from, id) WHERE notice_from <> '';

CREATE UNIQUE INDEX voucher_claim_number ON voucher_claim (number);

CREATE INDEX voucher_claim_payable ON voucher_claim (payable_on, id) WHERE state = 'published';

CREATE INDEX voucher_claim_programme ON voucher_claim (programme, state, paid_on);

CREATE INDEX voucher_claim_provider ON voucher_claim (payee, id);

CREATE TABLE voucher_claim_item (
  claim        TEXT NOT NULL REFERENCES voucher_claim (id),
  hold         TEXT NOT NULL REFERENCES voucher_hold (id),
  order_number TEXT NOT NULL,
  title        TEXT NOT NULL,
  price        BIGINT NOT NULL,
  amount       BIGINT NOT NULL CONSTRAINT voucher_claim_item_amount CHECK (amount > 0),
  live         BOOLEAN NOT NULL,  -- false once the claim is refused: the hold may be claimed again
  PRIMARY KEY (claim, hold)
);

CREATE UNIQUE INDEX voucher_claim_item_hold ON voucher_claim_item (hold) WHERE live;

CREATE TABLE voucher_document (  -- what a claim carries; the bytes lie in the blob store
  claim    TEXT NOT NULL REFERENCES voucher_claim (id),
  position BIGINT NOT NULL,
  code     TEXT NOT NULL,        -- which of the terms' documents it is
  name     TEXT NOT NULL,
  sha256   TEXT NOT NULL,
  size     BIGINT NOT NULL,
  PRIMARY KEY (claim, position)
);

CREATE TABLE voucher_draft (
  id         TEXT PRIMARY KEY,
  programme  TEXT NOT NULL DEFAULT '',  -- whose next version it is; empty: a new programme
  authority  TEXT NOT NULL,
  region     TEXT NOT NULL,
  body       TEXT NOT NULL,             -- JSON of a programme, complete or not
  example    TEXT NOT NULL DEFAULT '',  -- code of the published scheme it began from
  person     TEXT NOT NULL,             -- who wrote it last
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE INDEX voucher_draft_authority ON voucher_draft (authority, updated_at);

CREATE TABLE voucher_eligibility (
  application TEXT PRIMARY KEY REFERENCES voucher_application (id),
  verdict     TEXT NOT NULL CONSTRAINT voucher_eligibility_verdict CHECK (verdict IN ('yes', 'no', 'unknown', 'person')),
  answers     TEXT NOT NULL,             -- JSON: code and verdict of each condition
  objection   TEXT NOT NULL DEFAULT ''   -- why the firm holds that it is eligible although a condition says no
);

CREATE TABLE voucher_grant (     -- an issued voucher: numbered, real-name, not transferable
  id          TEXT PRIMARY KEY,
  number      TEXT NOT NULL,
  programme   TEXT NOT NULL REFERENCES voucher_programme (id),
  application TEXT NOT NULL REFERENCES voucher_application (id),
  firm        TEXT NOT NULL,
  region      TEXT NOT NULL,
  terms       BIGINT NOT NULL,   -- version it was issued under
  amount      BIGINT NOT NULL CONSTRAINT voucher_grant_amount CHECK (amount > 0),
  issued_on   TEXT NOT NULL,
  expires_on  TEXT NOT NULL,     -- last day
  noticed     BIGINT NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'active' CONSTRAINT voucher_grant_states CHECK (state IN ('active', 'expired', 'returned')), type TEXT NOT NULL DEFAULT '',  -- days before the end of the last notice sent: 42, 21; 0 none yet
  CONSTRAINT voucher_grant_application UNIQUE (application)
);

CREATE INDEX voucher_grant_end ON voucher_grant (expires_on) WHERE state = 'active';

CREATE INDEX voucher_grant_firm ON voucher_grant (firm, programme);

CREATE UNIQUE INDEX voucher_grant_number ON voucher_grant (number);

CREATE INDEX voucher_grant_programme ON voucher_grant (programme, issued_on, amount);

CREATE TABLE voucher_hold (      -- the voucher's part of one order
  id         TEXT PRIMARY KEY,
  order_id   TEXT NOT NULL,
  programme  TEXT NOT NULL REFERENCES voucher_programme (id),
  firm       TEXT NOT NULL,
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,      -- the programme's
  terms      BIGINT NOT NULL,
  amount     BIGINT NOT NULL CONSTRAINT voucher_hold_amount CHECK (amount > 0),
  used       BIGINT NOT NULL DEFAULT 0,
  state      TEXT NOT NULL CONSTRAINT voucher_hold_state CHECK (state IN ('held', 'released', 'used', 'claimed', 'paid', 'recovered')),
  held_on    TEXT NOT NULL,      -- its civil year is the year the caps count
  used_on    TEXT NOT NULL DEFAULT '', rate TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL DEFAULT '', class TEXT NOT NULL DEFAULT '', way TEXT NOT NULL DEFAULT 'direct' CONSTRAINT voucher_hold_way CHECK (way IN ('direct', 'refund')), price BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT voucher_hold_used CHECK (used >= 0 AND used <= amount)
);

CREATE INDEX voucher_hold_firm ON voucher_hold (firm, programme);

CREATE UNIQUE INDEX voucher_hold_order ON voucher_hold (order_id, programme) WHERE state <> 'released';

CREATE INDEX voucher_hold_programme ON voucher_hold (programme, used_on, used);

CREATE INDEX voucher_hold_provider ON voucher_hold (provider, state);

CREATE TABLE voucher_hold_part ( -- which grants a hold draws on: the one that ends first is used first
  hold     TEXT NOT NULL REFERENCES voucher_hold (id),
  grant_id TEXT NOT NULL REFERENCES voucher_grant (id),
  amount   BIGINT NOT NULL CONSTRAINT voucher_hold_part_amount CHECK (amount > 0),
  used     BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (hold, grant_id),
  CONSTRAINT voucher_hold_part_used CHECK (used >= 0 AND used <= amount)
);

CREATE INDEX voucher_hold_part_grant ON voucher_hold_part (grant_id);

CREATE TABLE voucher_posting (
  transfer TEXT NOT NULL REFERENCES voucher_transfer (id),
  account  TEXT NOT NULL,        -- its path; the row may be written later in the same transaction
  amount   BIGINT NOT NULL CONSTRAINT voucher_posting_amount CHECK (amount <> 0),
  PRIMARY KEY (transfer, account)
);

CREATE INDEX voucher_posting_party ON voucher_posting (account, transfer) WHERE substr(account, 1, 2) IN ('fu', 'pa', 're');

CREATE TABLE voucher_programme (
  id         TEXT PRIMARY KEY,
  authority  TEXT NOT NULL,      -- organisation that runs it
  region     TEXT NOT NULL,
  name_zh    TEXT NOT NULL,
  name_en    TEXT NOT NULL DEFAULT '',
  summary_zh TEXT NOT NULL DEFAULT '',
  summary_en TEXT NOT NULL DEFAULT '',
  opens_on   TEXT NOT NULL,      -- applications from … to, both days included
  closes_on  TEXT NOT NULL,
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT voucher_programme_dates CHECK (opens_on <= closes_on)
);

CREATE INDEX voucher_programme_region ON voucher_programme (region, id);

CREATE TABLE voucher_reward (
  claim     TEXT PRIMARY KEY REFERENCES voucher_claim (id),
  programme TEXT NOT NULL,
  payee     TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  to_day    TEXT NOT NULL,
  live      BOOLEAN NOT NULL,      -- false once refused: the same period may be proposed again
  CONSTRAINT voucher_reward_days CHECK (from_day <= to_day)
);

CREATE UNIQUE INDEX voucher_reward_once ON voucher_reward (programme, payee, from_day, to_day) WHERE live;

CREATE TABLE voucher_reward_line ( -- one order that a reward is reckoned from
  reward    TEXT NOT NULL REFERENCES voucher_reward (claim),
  position  BIGINT NOT NULL,
  base      TEXT NOT NULL REFERENCES voucher_claim (id), -- the redemption
  recovered BIGINT NOT NULL,       -- of it, asked back when this was reckoned; more since then means too much was rewarded
  hold      TEXT NOT NULL,
  terms     BIGINT NOT NULL,       -- version that the redemption was filed under
  price     BIGINT NOT NULL,       -- of the order, less what was asked back
  voucher   BIGINT NOT NULL,       -- the voucher's part, less what was asked back
  before    BIGINT NOT NULL,       -- what the provider had been rewarded in the year before this line
  amount    BIGINT NOT NULL CONSTRAINT voucher_reward_line_amount CHECK (amount >= 0),
  live      BOOLEAN NOT NULL,
  PRIMARY KEY (reward, position)
);

CREATE INDEX voucher_reward_line_base ON voucher_reward_line (base);

CREATE UNIQUE INDEX voucher_reward_line_once ON voucher_reward_line (hold) WHERE live;

CREATE TABLE voucher_step (      -- who did what and when, of applications and claims
  id         TEXT PRIMARY KEY,
  object     TEXT NOT NULL,
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL,
  digest     TEXT NOT NULL,      -- of what was asked
  key        TEXT                -- the caller's; NULL when it gave none
);

CREATE UNIQUE INDEX voucher_step_key ON voucher_step (object, key);

CREATE TABLE voucher_terms (     -- the rules, as JSON that voucher.Terms validates; never changed, only followed by a new version
  programme  TEXT NOT NULL REFERENCES voucher_programme (id),
  version    BIGINT NOT NULL,
  valid_from TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (programme, version),
  CONSTRAINT voucher_terms_from UNIQUE (programme, valid_from)
);

CREATE TABLE voucher_transfer (
  id        TEXT PRIMARY KEY,
  key       TEXT NOT NULL,       -- the caller's id, for ever
  kind      TEXT NOT NULL,
  programme TEXT NOT NULL REFERENCES voucher_programme (id),
  cause     TEXT NOT NULL,       -- id of the application, grant, hold or claim
  firm      TEXT NOT NULL DEFAULT '',
  digest    TEXT NOT NULL,       -- of what was asked
  repeats   BIGINT NOT NULL DEFAULT 0,  -- written by a repeat, so that its acknowledgement waits for a commit too
  day       TEXT NOT NULL,       -- civil day in the region's zone
  at        TEXT NOT NULL
);

CREATE INDEX voucher_transfer_cause ON voucher_transfer (cause);

CREATE INDEX voucher_transfer_firm ON voucher_transfer (firm, day, id) WHERE firm <> '';

CREATE UNIQUE INDEX voucher_transfer_key ON voucher_transfer (key);

CREATE INDEX voucher_transfer_programme ON voucher_transfer (programme, kind);

CREATE TABLE voucher_waiver (
  application TEXT NOT NULL REFERENCES voucher_application (id),
  condition   TEXT NOT NULL, -- its code
  reason      TEXT NOT NULL CONSTRAINT voucher_waiver_reason CHECK (reason <> ''),
  person      TEXT NOT NULL,
  org         TEXT NOT NULL,
  at          TEXT NOT NULL,
  PRIMARY KEY (application, condition)
);

CREATE TABLE voucher_wallet (    -- one row a firm (or provider) and programme: written first, so that rivals for the same quota queue
  programme TEXT NOT NULL REFERENCES voucher_programme (id),
  firm      TEXT NOT NULL,
  revision  BIGINT NOT NULL,
  PRIMARY KEY (programme, firm)
);

CREATE TABLE waiting_contest (         -- what a buyer says against the fee of a booking that was not kept or cancelled late
  order_id    TEXT PRIMARY KEY,
  number      TEXT NOT NULL,
  buyer       TEXT NOT NULL,
  provider    TEXT NOT NULL,
  region      TEXT NOT NULL,
  amount      BIGINT NOT NULL,         -- of the fee, in fen
  reason      TEXT NOT NULL,
  state       TEXT NOT NULL CONSTRAINT waiting_contest_state CHECK (state IN ('open', 'waived', 'upheld')),
  answer      TEXT NOT NULL,
  person      TEXT NOT NULL,
  at          TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  answered_at TEXT
);

CREATE INDEX waiting_contest_provider ON waiting_contest (provider, state);

CREATE TABLE waiting_offer (          -- time held for a buyer until an instant
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL CONSTRAINT waiting_offer_kind CHECK (kind IN ('queue', 'instead', 'move')),
  wait        TEXT NOT NULL,          -- the place in the queue, or ''
  origin      TEXT NOT NULL,          -- the order that was refused or is to be moved, or ''
  resource    TEXT NOT NULL,
  resource_zh TEXT NOT NULL,
  resource_en TEXT NOT NULL,
  provider    TEXT NOT NULL,
  region      TEXT NOT NULL,
  buyer       TEXT NOT NULL,
  start_at    TEXT NOT NULL,
  end_at      TEXT NOT NULL,
  until_at    TEXT NOT NULL,
  content     TEXT NOT NULL,
  note        TEXT NOT NULL,          -- the provider's words, or ''
  state       TEXT NOT NULL,
  order_id    TEXT NOT NULL,          -- the order by which it was taken, or ''
  person      TEXT NOT NULL,          -- who made it, or ''
  invented    BOOLEAN NOT NULL,
  revision    BIGINT NOT NULL,
  made_at     TEXT NOT NULL,
  updated_at  TEXT NOT NULL,
  CONSTRAINT waiting_offer_span CHECK (start_at < end_at),
  CONSTRAINT waiting_offer_taken CHECK ((order_id <> '') = (state = 'taken')),
  CONSTRAINT waiting_offer_source CHECK ((wait <> '') = (kind = 'queue') AND (origin <> '') = (kind <> 'queue'))
);

CREATE INDEX waiting_offer_buyer ON waiting_offer (buyer, state);

CREATE UNIQUE INDEX waiting_offer_open ON waiting_offer (wait) WHERE state = 'open' AND wait <> '';

CREATE UNIQUE INDEX waiting_offer_origin ON waiting_offer (origin) WHERE state = 'open' AND origin <> '';

CREATE INDEX waiting_offer_until ON waiting_offer (until_at) WHERE state = 'open';

CREATE INDEX waiting_offer_wait ON waiting_offer (wait);

CREATE TABLE waiting_rule (           -- how a provider runs its queues, from a day on
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  hold       BIGINT NOT NULL CHECK (hold BETWEEN 30 AND 4320),        -- minutes an offer stands, by day
  reply      BIGINT NOT NULL CHECK (reply BETWEEN 30 AND 10080),      -- … a proposal of the provider
  day_from   BIGINT NOT NULL CHECK (day_from BETWEEN 0 AND 1439),     -- minutes of the day between which they count
  day_to     BIGINT NOT NULL CHECK (day_to > day_from AND day_to <= 1440),
  least      BIGINT NOT NULL CHECK (least BETWEEN 5 AND 1440),        -- with less time to answer nothing is offered
  most       BIGINT NOT NULL CHECK (most BETWEEN 1 AND 50),           -- places of one organisation for one instrument
  turn       TEXT NOT NULL CONSTRAINT waiting_turn CHECK (turn IN ('first', 'inner', 'outer')),
  valid_from TEXT NOT NULL,
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL
, missed TEXT NOT NULL DEFAULT 'fee');

CREATE INDEX waiting_rule_owner ON waiting_rule (owner, valid_from);

CREATE TABLE waiting_wait (           -- a place in the queue of an instrument
  id          TEXT PRIMARY KEY,
  resource    TEXT NOT NULL,
  resource_zh TEXT NOT NULL,
  resource_en TEXT NOT NULL,
  owner       TEXT NOT NULL,
  region      TEXT NOT NULL,          -- of the resource
  buyer       TEXT NOT NULL,
  person      TEXT NOT NULL,
  from_day    TEXT NOT NULL,          -- the window: civil days …
  to_day      TEXT NOT NULL,
  from_minute BIGINT NOT NULL,        -- … and minutes of the day
  to_minute   BIGINT NOT NULL,
  minutes     BIGINT NOT NULL CHECK (minutes > 0),
  until       TEXT NOT NULL,          -- last civil day it waits
  content     TEXT NOT NULL,          -- JSON: what will be ordered
  state       TEXT NOT NULL,
  inner_use   BOOLEAN NOT NULL,       -- the owner's own people
  invented    BOOLEAN NOT NULL,
  revision    BIGINT NOT NULL,
  joined_at   TEXT NOT NULL,
  updated_at  TEXT NOT NULL,
  CONSTRAINT waiting_window CHECK (from_day <= to_day AND until <= to_day AND from_minute < to_minute)
);

CREATE INDEX waiting_wait_buyer ON waiting_wait (buyer, state);

CREATE INDEX waiting_wait_owner ON waiting_wait (owner, state);

CREATE INDEX waiting_wait_queue ON waiting_wait (resource, joined_at) WHERE state IN ('waiting', 'offered');

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
