-- +goose Up
-- Milestones of research orders, and what of an order may be invoiced and paid by them before it is confirmed.

CREATE TABLE milestone_plan (          -- one an order: what counts now
  order_id TEXT PRIMARY KEY,
  number   TEXT NOT NULL,              -- of the order
  buyer    TEXT NOT NULL,
  provider TEXT NOT NULL,
  region   TEXT NOT NULL,
  version  BIGINT NOT NULL,            -- of the quote
  total    BIGINT NOT NULL,            -- fen: what the milestones add up to
  state    TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'ended')),
  sample   BOOLEAN NOT NULL
);
CREATE INDEX milestone_plan_buyer ON milestone_plan (buyer);
CREATE INDEX milestone_plan_provider ON milestone_plan (provider);

CREATE TABLE milestone_milestone (
  id          TEXT PRIMARY KEY,
  order_id    TEXT NOT NULL,
  version     BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  name        TEXT NOT NULL,
  deliverable TEXT NOT NULL,
  due_on      TEXT NOT NULL,           -- civil day
  share       BIGINT NOT NULL CHECK (share BETWEEN 0 AND 1000), -- per mille of the price; 0: a fixed amount
  amount      BIGINT NOT NULL CHECK (amount >= 0), -- fen
  state       TEXT NOT NULL CHECK (state IN ('planned', 'delivered', 'accepted')),
  reason      TEXT NOT NULL,           -- why it was sent back last, or ''
  revision    BIGINT NOT NULL,
  updated_at  TEXT NOT NULL,
  UNIQUE (order_id, version, position)
);

CREATE TABLE milestone_step (
  id         TEXT PRIMARY KEY,
  milestone  TEXT NOT NULL REFERENCES milestone_milestone (id),
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  side       TEXT NOT NULL,
  person     TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL,
  UNIQUE (milestone, position)
);

CREATE TABLE milestone_file (          -- documents of the order that a delivery consists of
  milestone TEXT NOT NULL REFERENCES milestone_milestone (id),
  step      TEXT NOT NULL REFERENCES milestone_step (id),
  document  TEXT NOT NULL,
  name      TEXT NOT NULL,
  size      BIGINT NOT NULL,
  PRIMARY KEY (milestone, document)
);

ALTER TABLE order_order ADD COLUMN stages_open BIGINT NOT NULL DEFAULT 0;      -- milestones not accepted yet
ALTER TABLE order_order ADD COLUMN stages_delivered BIGINT NOT NULL DEFAULT 0; -- of them: waiting for the buyer
ALTER TABLE order_order ADD COLUMN payable BIGINT NOT NULL DEFAULT 0;          -- fen that accepted milestones allow to invoice

-- Files of milestones and of disputes stand beside those of requests and reports.
CREATE TABLE order_document_next (
  id       TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES order_order (id),
  kind     TEXT NOT NULL CHECK (kind IN ('request', 'report', 'stage', 'dispute')),
  name     TEXT NOT NULL,
  sha256   TEXT NOT NULL,
  size     BIGINT NOT NULL,
  person   TEXT NOT NULL,
  at       TEXT NOT NULL
);
INSERT INTO order_document_next (id, order_id, kind, name, sha256, size, person, at) SELECT id, order_id, kind, name, sha256, size, person, at FROM order_document;
DROP TABLE order_document;
ALTER TABLE order_document_next RENAME TO order_document;
CREATE INDEX order_document_order ON order_document (order_id);
CREATE INDEX order_document_sha256 ON order_document (sha256);
