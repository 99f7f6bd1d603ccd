-- +goose Up
-- Recording a session of remote observation, while both sides agree to it.

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
