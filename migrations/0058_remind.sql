-- +goose Up
-- What was reminded of, each once; and invitations that go with a notice.

CREATE TABLE remind_told (
  order_id TEXT NOT NULL,
  kind     TEXT NOT NULL CONSTRAINT remind_told_kind CHECK (kind IN ('soon', 'late')),
  point    TEXT NOT NULL,             -- what it was told of: the booking's start, or the state and its promised day
  level    BIGINT NOT NULL,           -- which reminder: minutes before the start, working days after the promise
  at       TEXT NOT NULL,
  PRIMARY KEY (order_id, kind, point, level)
);

CREATE INDEX order_order_due ON order_order (due) WHERE due <> '' AND state NOT IN ('refused', 'cancelled', 'settled');

CREATE INDEX order_order_soon ON order_order (start_at) WHERE state = 'accepted' AND kind = 'booking';

ALTER TABLE message_notice ADD COLUMN invite TEXT NOT NULL DEFAULT ''; -- JSON: an entry for the reader's calendar
