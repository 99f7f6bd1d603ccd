-- +goose Up
-- Sendings to the national platform by HTTP: what is sent is kept until it is answered, and the answer is kept per record.

ALTER TABLE exchange_push ADD COLUMN due TEXT; -- next attempt of a sending by HTTP
CREATE INDEX exchange_push_due ON exchange_push (due);

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

