-- +goose Up
-- Bookings that somebody made for another: a provider's desk or a clerk for a firm that asked, a head for a member of the group.

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
