-- +goose Up
-- People among the experts: whose record it is, what supports it, what they agreed to, who asked them, and their ties.

CREATE TABLE expert_profile ( -- a record of the catalogue that its person has made their own
  resource   TEXT PRIMARY KEY,          -- in the catalogue
  person     TEXT NOT NULL,
  owner      TEXT NOT NULL,             -- organisation that owns the record
  region     TEXT NOT NULL,
  orcid      TEXT NOT NULL DEFAULT '',
  email      TEXT NOT NULL DEFAULT '',  -- shown to nobody but those whose request was accepted
  phone      TEXT NOT NULL DEFAULT '',
  hidden     BOOLEAN NOT NULL,          -- the person does not want the record to be public
  claimed_on TEXT NOT NULL,             -- civil day
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX expert_profile_person ON expert_profile (person);

CREATE TABLE expert_evidence ( -- what supports an expertise: an award, a publication, a patent
  id       TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  kind     TEXT NOT NULL,
  title    TEXT NOT NULL CHECK (title <> ''),
  year     BIGINT NOT NULL DEFAULT 0,   -- 0: not known
  role     TEXT NOT NULL DEFAULT '',
  number   TEXT NOT NULL DEFAULT '',    -- of the award, the patent; a DOI
  partner  TEXT NOT NULL DEFAULT '',    -- organisation it was done with, by name
  source   TEXT NOT NULL,               -- where it stands; '' never
  address  TEXT NOT NULL DEFAULT '',    -- of it there
  licence  TEXT NOT NULL DEFAULT '',
  stated   BOOLEAN NOT NULL,            -- by the person; else found in a public record
  at       TEXT NOT NULL
);
CREATE INDEX expert_evidence_resource ON expert_evidence (resource, year);

CREATE TABLE expert_area ( -- what a person says to know
  id       TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  name     TEXT NOT NULL CHECK (name <> ''),
  position BIGINT NOT NULL,
  UNIQUE (resource, name)
);

CREATE TABLE expert_support ( -- the evidence for it
  area     TEXT NOT NULL REFERENCES expert_area (id),
  evidence TEXT NOT NULL REFERENCES expert_evidence (id),
  PRIMARY KEY (area, evidence)
);

CREATE TABLE expert_claim ( -- "this is me"
  id          TEXT PRIMARY KEY,
  resource    TEXT NOT NULL,
  person      TEXT NOT NULL,
  owner       TEXT NOT NULL,
  region      TEXT NOT NULL,
  state       TEXT NOT NULL CONSTRAINT expert_claim_state CHECK (state IN ('filed', 'verified', 'refused', 'withdrawn')),
  orcid       TEXT NOT NULL DEFAULT '',
  institution TEXT NOT NULL,
  reasons     TEXT NOT NULL,             -- why it is them, in their words
  note        TEXT NOT NULL DEFAULT '',  -- why it was refused
  filed_on    TEXT NOT NULL,             -- civil day
  revision    BIGINT NOT NULL,
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL
);
CREATE UNIQUE INDEX expert_claim_open ON expert_claim (resource, person) WHERE state = 'filed';
CREATE UNIQUE INDEX expert_claim_verified ON expert_claim (resource) WHERE state = 'verified';
CREATE INDEX expert_claim_state ON expert_claim (state, id);

CREATE TABLE expert_step ( -- each move of a claim or a request
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
CREATE INDEX expert_step_object ON expert_step (object, at);

CREATE TABLE expert_consent ( -- one agreement to one purpose, as it was worded
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL REFERENCES expert_profile (resource),
  person     TEXT NOT NULL,
  purpose    TEXT NOT NULL,
  version    TEXT NOT NULL,
  sha256     TEXT NOT NULL,             -- of the text agreed to
  given_on   TEXT NOT NULL,             -- civil days
  given_at   TEXT NOT NULL,
  revoked_on TEXT NOT NULL DEFAULT '',  -- '': it stands
  revoked_at TEXT NOT NULL DEFAULT '',
  CONSTRAINT expert_consent_days CHECK (revoked_on = '' OR given_on <= revoked_on)
);
CREATE UNIQUE INDEX expert_consent_stands ON expert_consent (resource, purpose) WHERE revoked_on = '';
CREATE INDEX expert_consent_resource ON expert_consent (resource, given_at);

CREATE TABLE expert_request ( -- an organisation asks a person for contact
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL,
  expert     TEXT NOT NULL,             -- person; '' once their data was deleted
  firm       TEXT NOT NULL,             -- organisation that asks
  sender     TEXT NOT NULL,             -- person
  region     TEXT NOT NULL,             -- of the firm
  state      TEXT NOT NULL CONSTRAINT expert_request_state CHECK (state IN ('sent', 'accepted', 'declined', 'withdrawn', 'closed')),
  subject    TEXT NOT NULL,
  message    TEXT NOT NULL,
  note       TEXT NOT NULL DEFAULT '',  -- the expert's answer
  sent_on    TEXT NOT NULL,             -- civil day
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX expert_request_open ON expert_request (resource, firm) WHERE state = 'sent';
CREATE INDEX expert_request_firm ON expert_request (firm, id);
CREATE INDEX expert_request_expert ON expert_request (expert, id);

CREATE TABLE expert_disclosure ( -- who has seen a person's addresses
  request TEXT NOT NULL REFERENCES expert_request (id),
  viewer  TEXT NOT NULL,                -- person
  org     TEXT NOT NULL,
  day     TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (request, viewer, day)
);

CREATE TABLE expert_interest ( -- what ties a person to an organisation, as they declare it
  id         TEXT PRIMARY KEY,
  resource   TEXT NOT NULL REFERENCES expert_profile (resource),
  org        TEXT NOT NULL DEFAULT '',  -- where it is on the platform
  org_name   TEXT NOT NULL CHECK (org_name <> ''),
  relation   TEXT NOT NULL,
  from_day   TEXT NOT NULL,
  to_day     TEXT NOT NULL DEFAULT '',  -- '': still
  note       TEXT NOT NULL DEFAULT '',
  declared_on TEXT NOT NULL,
  taken_back TEXT NOT NULL DEFAULT '',  -- civil day
  at         TEXT NOT NULL,
  CONSTRAINT expert_interest_days CHECK (to_day = '' OR from_day <= to_day)
);
CREATE INDEX expert_interest_resource ON expert_interest (resource, id);

CREATE TABLE expert_barred ( -- who must not come into the catalogue again; no name stands here
  digest   TEXT NOT NULL,               -- keyed hash of an ORCID, of a name with an institution, of a source's number
  resource TEXT NOT NULL,
  orcid    TEXT NOT NULL DEFAULT '',    -- digest of the person's ORCID: a namesake with another one may come in
  why      TEXT NOT NULL CONSTRAINT expert_barred_why CHECK (why IN ('hidden', 'deleted')),
  day      TEXT NOT NULL,
  PRIMARY KEY (digest, resource)
);

CREATE TABLE expert_key ( -- keys the hashes above
  id     BIGINT PRIMARY KEY CHECK (id = 1),
  secret TEXT NOT NULL
);

