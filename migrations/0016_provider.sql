-- +goose Up
-- How a provider joins the pool, what proves what it can do, and what it has to report in time.

CREATE TABLE provider_membership ( -- an application, and the membership it leads to
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL DEFAULT '',  -- what people say aloud; given when it is submitted
  org        TEXT NOT NULL,
  region     TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT provider_membership_state CHECK (state IN ('draft', 'submitted', 'returned', 'refused', 'withdrawn', 'qualified', 'offered', 'member', 'suspended', 'ending', 'exited')),
  form       TEXT NOT NULL DEFAULT '',  -- institution, firm
  about      TEXT NOT NULL DEFAULT '',
  contact    TEXT NOT NULL DEFAULT '',
  phone      TEXT NOT NULL DEFAULT '',
  email      TEXT NOT NULL DEFAULT '',
  offers     TEXT NOT NULL DEFAULT '',  -- codes, separated by spaces
  offer      TEXT NOT NULL DEFAULT '',  -- in its own words
  stated     BOOLEAN NOT NULL,          -- what it says is true
  agreement  TEXT NOT NULL DEFAULT '',  -- version of the text
  term_from  TEXT NOT NULL DEFAULT '',
  term_to    TEXT NOT NULL DEFAULT '',  -- last day
  sha256     TEXT NOT NULL DEFAULT '',  -- of the agreement as both accepted it
  offered_by TEXT NOT NULL DEFAULT '',  -- organisation
  granted    BOOLEAN NOT NULL,          -- the capacity to provide came with the membership
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT provider_membership_term CHECK (term_to = '' OR term_from <= term_to)
);
CREATE UNIQUE INDEX provider_membership_org ON provider_membership (org) WHERE state NOT IN ('refused', 'withdrawn', 'exited');
CREATE INDEX provider_membership_state ON provider_membership (state, id);

CREATE TABLE provider_check ( -- the authority's checklist
  membership TEXT NOT NULL REFERENCES provider_membership (id),
  code       TEXT NOT NULL,
  verdict    TEXT NOT NULL CONSTRAINT provider_check_verdict CHECK (verdict IN ('yes', 'no')),
  note       TEXT NOT NULL DEFAULT '',
  person     TEXT NOT NULL,
  at         TEXT NOT NULL,
  PRIMARY KEY (membership, code)
);

CREATE TABLE provider_document (
  id         TEXT PRIMARY KEY,
  membership TEXT NOT NULL REFERENCES provider_membership (id),
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  person     TEXT NOT NULL,
  at         TEXT NOT NULL
);
CREATE INDEX provider_document_membership ON provider_document (membership, id);

CREATE TABLE provider_step ( -- who did what to a membership, a certificate, an admission
  id         TEXT PRIMARY KEY,
  object     TEXT NOT NULL,
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX provider_step_object ON provider_step (object, id);

CREATE TABLE provider_admission ( -- equipment that was not bought with public money
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL,
  owner      TEXT NOT NULL,
  region     TEXT NOT NULL,
  name       TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT provider_admission_state CHECK (state IN ('invited', 'agreed', 'admitted', 'declined', 'refused', 'left')),
  note       TEXT NOT NULL DEFAULT '',
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX provider_admission_resource ON provider_admission (resource) WHERE state NOT IN ('declined', 'refused', 'left');
CREATE INDEX provider_admission_owner ON provider_admission (owner, state);

CREATE TABLE provider_clock ( -- instruments bought with public money: reported in time?
  resource    TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  owner       TEXT NOT NULL,
  region      TEXT NOT NULL,
  worth       BIGINT NOT NULL,          -- fen
  accepted_on TEXT NOT NULL,
  rule        TEXT NOT NULL,            -- code of the rule
  due_on      TEXT NOT NULL DEFAULT '', -- '' where the rule names no term
  reported_on TEXT NOT NULL DEFAULT '', -- first published on
  updated_at  TEXT NOT NULL
);
CREATE INDEX provider_clock_owner ON provider_clock (owner, due_on);
CREATE INDEX provider_clock_due ON provider_clock (reported_on, due_on);

CREATE TABLE provider_certificate (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  region     TEXT NOT NULL,
  kind       TEXT NOT NULL, -- a code of the list of certificates
  number     TEXT NOT NULL,
  issuer     TEXT NOT NULL DEFAULT '',
  scope      TEXT NOT NULL DEFAULT '',
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL, -- last day
  state      TEXT NOT NULL CONSTRAINT provider_certificate_state CHECK (state IN ('stated', 'verified', 'refused', 'removed')),
  whole      BOOLEAN NOT NULL, -- of the organisation; else of the resources it covers only
  current    BOOLEAN NOT NULL, -- verified and in its days: what search counts; a job keeps it
  file       TEXT NOT NULL DEFAULT '',
  sha256     TEXT NOT NULL DEFAULT '',
  size       BIGINT NOT NULL DEFAULT 0,
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT provider_certificate_days CHECK (valid_from <= valid_to)
);
CREATE INDEX provider_certificate_org ON provider_certificate (org, id);
CREATE INDEX provider_certificate_end ON provider_certificate (valid_to, id);

CREATE TABLE provider_scope ( -- what a certificate covers, item by item
  certificate TEXT NOT NULL REFERENCES provider_certificate (id),
  position    BIGINT NOT NULL,
  item        TEXT NOT NULL,
  method      TEXT NOT NULL DEFAULT '',
  limits      TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (certificate, position)
);

CREATE TABLE provider_cover ( -- the resources a certificate covers
  certificate TEXT NOT NULL REFERENCES provider_certificate (id),
  resource    TEXT NOT NULL,
  PRIMARY KEY (certificate, resource)
);
CREATE INDEX provider_cover_resource ON provider_cover (resource);

CREATE TABLE provider_reminder ( -- what was said once is not said again
  object TEXT NOT NULL,
  code   TEXT NOT NULL,
  at     TEXT NOT NULL,
  PRIMARY KEY (object, code)
);
