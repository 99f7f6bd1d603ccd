-- +goose Up
-- Needs in a firm's own words, what was proposed for them and decided, and who did what when.

CREATE TABLE match_need (
  id           TEXT PRIMARY KEY,
  org          TEXT NOT NULL,          -- whose need it is
  person       TEXT NOT NULL,          -- who wrote it
  region       TEXT NOT NULL,          -- where it arises, six digits
  text         TEXT NOT NULL,          -- the firm's own words
  confidential BOOLEAN NOT NULL,       -- others see its field and region only
  topics       TEXT NOT NULL,          -- fields it touches, found when it was published
  state        TEXT NOT NULL CHECK (state IN ('draft', 'published', 'matched', 'agreed', 'closed')),
  revision     BIGINT NOT NULL,        -- grows by one with each step
  listed       BOOLEAN NOT NULL,       -- stands in the public list
  created_on   TEXT NOT NULL,          -- civil days
  published_on TEXT NOT NULL,          -- '' while a draft
  closed_on    TEXT NOT NULL,          -- '' until closed
  outcome      TEXT NOT NULL CHECK (outcome IN ('', 'done', 'elsewhere', 'no-offer', 'failed', 'invalid')),
  sample       BOOLEAN NOT NULL,       -- invented for the demo
  digest       TEXT NOT NULL,          -- of the request that made it
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL,
  CONSTRAINT match_need_closed CHECK ((state = 'closed') = (closed_on <> '') AND (state = 'closed') = (outcome <> '')),
  CONSTRAINT match_need_published CHECK (state IN ('draft', 'closed') OR published_on <> '')
);
CREATE INDEX match_need_org ON match_need (org, created_at);
CREATE INDEX match_need_listed ON match_need (region, published_on) WHERE listed;
CREATE INDEX match_need_period ON match_need (published_on) WHERE published_on <> '';

CREATE TABLE match_proposal (          -- a candidate on record, and what was decided about it
  need        TEXT NOT NULL REFERENCES match_need (id),
  resource    TEXT NOT NULL,
  kind        TEXT NOT NULL,           -- of the resource
  owner       TEXT NOT NULL,           -- its organisation
  name        TEXT NOT NULL,           -- as it was when it was put on record
  state       TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'declined')),
  origin      TEXT NOT NULL CHECK (origin IN ('ranked', 'invited', 'response')),
  place       BIGINT NOT NULL,         -- in its group when shown; 0 = not among the candidates
  score       BIGINT NOT NULL,         -- thousandths, when shown
  reason      TEXT NOT NULL,           -- code of a decline
  note        TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  decided_on  TEXT NOT NULL,           -- civil day, '' until decided
  PRIMARY KEY (need, resource),
  CONSTRAINT match_proposal_decided CHECK ((state = 'proposed') = (decided_on = ''))
);
CREATE INDEX match_proposal_owner ON match_proposal (owner, proposed_at);

CREATE TABLE match_step (              -- the timeline
  id         TEXT PRIMARY KEY,
  need       TEXT NOT NULL REFERENCES match_need (id),
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  day        TEXT NOT NULL,            -- civil day
  side       TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  resource   TEXT NOT NULL,            -- the candidate it is about, or ''
  code       TEXT NOT NULL,            -- of a decline or an outcome
  note       TEXT NOT NULL,
  digest     TEXT NOT NULL,            -- of the request
  UNIQUE (need, position)
);
CREATE INDEX match_step_figures ON match_step (verb, day);
