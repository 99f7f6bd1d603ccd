-- +goose Up
-- What the parties of an order write to each other, with files, and what each person has read.

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

CREATE TABLE talk_file (
  id      TEXT PRIMARY KEY,
  message TEXT NOT NULL REFERENCES talk_message (id),
  name    TEXT NOT NULL,
  sha256  TEXT NOT NULL,
  size    BIGINT NOT NULL
);
CREATE INDEX talk_file_message ON talk_file (message);

CREATE TABLE talk_read (           -- up to when a person has seen an order's messages
  order_id TEXT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (order_id, person)
);
