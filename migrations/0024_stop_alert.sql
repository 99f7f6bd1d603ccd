-- +goose Up
-- One link in a message that ends what it came from, and the key that signs such links.

ALTER TABLE message_notice ADD COLUMN stop TEXT NOT NULL DEFAULT ''; -- path of this site where the reader ends this kind of message

CREATE TABLE find_key ( -- one row: with it a link is known to be ours
  id     BIGINT PRIMARY KEY CONSTRAINT find_key_one CHECK (id = 1),
  secret TEXT NOT NULL
);
