-- +goose Up
-- What must be in hand before something is booked: what providers ask for, and the papers people have.

CREATE TABLE gate_rule (
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,
  region     TEXT NOT NULL,
  resource   TEXT NOT NULL,           -- one resource, or '': a class
  class      TEXT NOT NULL,           -- beginning of the class, or '': all of the owner's
  kind       TEXT NOT NULL CONSTRAINT gate_rule_kind CHECK (kind IN ('training', 'qualification', 'hazard', 'biosafety', 'ethics', 'genetics')),
  name       TEXT NOT NULL,           -- of the training or certificate, or ''
  term       BIGINT NOT NULL CONSTRAINT gate_rule_term CHECK (term >= 0), -- days a training holds; 0: for good
  level      BIGINT NOT NULL CONSTRAINT gate_rule_level CHECK (level BETWEEN 0 AND 4), -- biosafety level of the laboratory
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL,           -- last civil day, or ''
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT gate_rule_days CHECK (valid_to = '' OR valid_to >= valid_from)
);
CREATE INDEX gate_rule_owner ON gate_rule (owner, valid_from);

CREATE TABLE gate_paper (
  id         TEXT PRIMARY KEY,
  person     TEXT NOT NULL,           -- whose it is
  org        TEXT NOT NULL,           -- for which they act
  provider   TEXT NOT NULL,           -- whose staff trains or checks
  region     TEXT NOT NULL,           -- of the provider
  kind       TEXT NOT NULL CONSTRAINT gate_paper_kind CHECK (kind IN ('training', 'qualification', 'ethics', 'genetics')),
  name       TEXT NOT NULL,
  number     TEXT NOT NULL,           -- on the paper
  file       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  state      TEXT NOT NULL,
  meet_at    TEXT,                    -- when the training is offered
  place      TEXT NOT NULL,
  note       TEXT NOT NULL,           -- of the last step
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL,           -- last civil day, or '': for good
  checked_by TEXT NOT NULL,
  reminded   TEXT NOT NULL,           -- the end that has been reminded of, or ''
  invented   BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT gate_paper_days CHECK (valid_to = '' OR valid_to >= valid_from),
  CONSTRAINT gate_paper_granted CHECK (state <> 'granted' OR (valid_from <> '' AND checked_by <> ''))
);
CREATE INDEX gate_paper_person ON gate_paper (person, provider);
CREATE INDEX gate_paper_provider ON gate_paper (provider, state);
CREATE INDEX gate_paper_end ON gate_paper (state, valid_to);

CREATE TABLE gate_answer (            -- what was declared with an order
  order_id TEXT NOT NULL,
  name     TEXT NOT NULL,
  value    TEXT NOT NULL,
  PRIMARY KEY (order_id, name)
);
