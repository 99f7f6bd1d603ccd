-- +goose Up
-- At the instrument: who is there, when it ran, what its meter says, what is broken.

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
CREATE INDEX onsite_session_resource ON onsite_session (resource, booked_from);
CREATE INDEX onsite_session_owner ON onsite_session (owner, booked_from);
CREATE INDEX onsite_session_open ON onsite_session (state, booked_from);

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
