-- +goose Up
-- Waiting for time of an instrument: places in its queue, and timed offers for which the time is held in the calendar.

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
);
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
CREATE INDEX waiting_wait_queue ON waiting_wait (resource, joined_at) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_wait_buyer ON waiting_wait (buyer, state);
CREATE INDEX waiting_wait_owner ON waiting_wait (owner, state);

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
CREATE UNIQUE INDEX waiting_offer_open ON waiting_offer (wait) WHERE state = 'open' AND wait <> '';
CREATE UNIQUE INDEX waiting_offer_origin ON waiting_offer (origin) WHERE state = 'open' AND origin <> '';
CREATE INDEX waiting_offer_until ON waiting_offer (until_at) WHERE state = 'open';
CREATE INDEX waiting_offer_wait ON waiting_offer (wait);
CREATE INDEX waiting_offer_buyer ON waiting_offer (buyer, state);
