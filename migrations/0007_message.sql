-- +goose Up
-- What is told, once; text is kept as the Chinese key and its arguments, so that each reader sees his own language.
CREATE TABLE message_notice (
    id        TEXT PRIMARY KEY,
    event     TEXT NOT NULL, -- what it is about: order.accepted
    org       TEXT NOT NULL DEFAULT '', -- addressed to the people of this organisation, or
    person    TEXT NOT NULL DEFAULT '', -- to this person
    title     TEXT NOT NULL,
    title_args TEXT NOT NULL DEFAULT '[]', -- JSON list
    body      TEXT NOT NULL DEFAULT '',
    body_args TEXT NOT NULL DEFAULT '[]',
    link      TEXT NOT NULL DEFAULT '', -- path of this site
    at        TEXT NOT NULL,
    CONSTRAINT message_notice_to CHECK ((org = '') <> (person = ''))
);

-- One row for each person who is told.
CREATE TABLE message_receipt (
    notice  TEXT NOT NULL REFERENCES message_notice (id),
    person  TEXT NOT NULL,
    at      TEXT NOT NULL,
    read_at TEXT,
    PRIMARY KEY (notice, person)
);
CREATE INDEX message_receipt_person ON message_receipt (person, at, notice);
CREATE INDEX message_receipt_unread ON message_receipt (person) WHERE read_at IS NULL;

-- One row for each person and channel beyond the page; the courier sends what is due.
CREATE TABLE message_delivery (
    id        TEXT PRIMARY KEY, -- the idempotency key on the wire
    notice    TEXT NOT NULL REFERENCES message_notice (id),
    person    TEXT NOT NULL,
    channel   TEXT NOT NULL,
    address   TEXT NOT NULL,
    lang      TEXT NOT NULL,
    state     TEXT NOT NULL, -- due, sent, parked
    attempts  BIGINT NOT NULL DEFAULT 0,
    due_at    TEXT NOT NULL, -- also the end of the lease of a courier that is sending it
    sent_at   TEXT,
    simulated BOOLEAN NOT NULL DEFAULT FALSE, -- kept by the demo's gateway, not sent
    problem   TEXT NOT NULL DEFAULT '', -- of the last attempt; for the operator
    at        TEXT NOT NULL,
    CONSTRAINT message_delivery_state CHECK (state IN ('due', 'sent', 'parked')),
    CONSTRAINT message_delivery_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    UNIQUE (notice, person, channel)
);
CREATE INDEX message_delivery_due ON message_delivery (due_at) WHERE state = 'due';
CREATE INDEX message_delivery_recent ON message_delivery (at, id);
CREATE INDEX message_delivery_parked ON message_delivery (id) WHERE state = 'parked';

-- What a person chose; without a row, mail is on and the other channels are off.
CREATE TABLE message_preference (
    person  TEXT NOT NULL,
    channel TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    address TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (person, channel)
);

-- +goose Down
DROP TABLE message_preference;
DROP TABLE message_delivery;
DROP TABLE message_receipt;
DROP TABLE message_notice;
