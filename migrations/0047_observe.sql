-- +goose Up
-- Watching an experiment from afar: what was agreed, each session, who came, what was written down.

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
CREATE INDEX observe_session_order ON observe_session (order_id, starts_at);
CREATE INDEX observe_session_buyer ON observe_session (buyer, closes_at);
CREATE INDEX observe_session_provider ON observe_session (provider, closes_at);

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

CREATE TABLE observe_guest (           -- named participants of a plan beside the parties' own people
  plan   TEXT NOT NULL REFERENCES observe_plan (id),
  person TEXT NOT NULL,
  org    TEXT NOT NULL,                -- of the side that named them
  named_by TEXT NOT NULL,
  at     TEXT NOT NULL,
  PRIMARY KEY (plan, person)
);
CREATE INDEX observe_guest_person ON observe_guest (person);

CREATE TABLE observe_barred (          -- who was shown out of a session
  session TEXT NOT NULL REFERENCES observe_session (id),
  person  TEXT NOT NULL,
  barred_by TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (session, person)
);
