-- +goose Up
-- A person's bookings as a calendar that other programs subscribe to by a secret address.

CREATE TABLE agenda_feed (
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  secret     TEXT NOT NULL CONSTRAINT agenda_secret UNIQUE, -- SHA-256 of what stands in the address
  created_at TEXT NOT NULL,
  used_at    TEXT,
  PRIMARY KEY (person, org)
);
