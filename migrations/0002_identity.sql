-- +goose Up
-- People, organisations, regions, sign-in.

CREATE TABLE identity_region (   -- GB/T 2260, dated: a code may have had several lives
  code       TEXT NOT NULL,      -- six digits
  valid_from TEXT NOT NULL,      -- first day; '' since before the records
  valid_to   TEXT NOT NULL DEFAULT '',  -- last day; '' still in force
  parent     TEXT NOT NULL DEFAULT '',
  level      TEXT NOT NULL CONSTRAINT identity_region_level CHECK (level IN ('province', 'city', 'county')),
  name_zh    TEXT NOT NULL,
  name_en    TEXT NOT NULL DEFAULT '',
  successor  TEXT NOT NULL DEFAULT '',
  source     TEXT NOT NULL,
  PRIMARY KEY (code, valid_from)
);

CREATE TABLE identity_organisation (
  id            TEXT PRIMARY KEY,
  name_zh       TEXT NOT NULL CONSTRAINT identity_organisation_name CHECK (name_zh <> '' OR name_en <> ''),
  name_en       TEXT NOT NULL DEFAULT '',
  uscc          TEXT,            -- NULL where there is none, so that it can be unique
  uscc_note     TEXT NOT NULL DEFAULT '',
  region        TEXT NOT NULL,
  kind          TEXT NOT NULL,
  parent        TEXT REFERENCES identity_organisation (id),
  status        TEXT NOT NULL CONSTRAINT identity_organisation_status CHECK (status IN ('unclaimed', 'registered', 'verified', 'refused', 'suspended')),
  status_reason TEXT NOT NULL DEFAULT '',
  address       TEXT NOT NULL DEFAULT '',
  website       TEXT NOT NULL DEFAULT '',
  ror           TEXT,            -- nine characters
  lat           TEXT NOT NULL DEFAULT '',
  lng           TEXT NOT NULL DEFAULT '',
  source        TEXT NOT NULL DEFAULT '',
  source_id     TEXT NOT NULL DEFAULT '',
  licence       TEXT NOT NULL DEFAULT '',
  retrieved_on  TEXT NOT NULL DEFAULT '',
  sample        BOOLEAN NOT NULL,
  revision      BIGINT NOT NULL,
  created_at    TEXT NOT NULL,
  updated_at    TEXT NOT NULL
);
CREATE UNIQUE INDEX identity_organisation_uscc ON identity_organisation (uscc);
CREATE UNIQUE INDEX identity_organisation_ror ON identity_organisation (ror);
CREATE UNIQUE INDEX identity_organisation_source ON identity_organisation (source, source_id) WHERE source <> '';
CREATE INDEX identity_organisation_desk ON identity_organisation (status, id);
CREATE INDEX identity_organisation_parent ON identity_organisation (parent);

CREATE TABLE identity_capacity ( -- what an organisation may be, many at once, dated
  organisation TEXT NOT NULL REFERENCES identity_organisation (id),
  capacity     TEXT NOT NULL,
  valid_from   TEXT NOT NULL,
  valid_to     TEXT NOT NULL DEFAULT '',
  verified_on  TEXT NOT NULL DEFAULT '',
  verified_by  TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (organisation, capacity, valid_from),
  CONSTRAINT identity_capacity_dates CHECK (valid_to = '' OR valid_from <= valid_to)
);

CREATE TABLE identity_person (
  id         TEXT PRIMARY KEY,
  login      TEXT NOT NULL,      -- lower case; an e-mail address
  name       TEXT NOT NULL,
  phone      TEXT NOT NULL DEFAULT '',
  orcid      TEXT,
  language   TEXT NOT NULL DEFAULT '',
  password   TEXT NOT NULL,      -- argon2id with its parameters; '' cannot sign in
  active     BOOLEAN NOT NULL,
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX identity_person_login ON identity_person (login);
CREATE UNIQUE INDEX identity_person_orcid ON identity_person (orcid);

CREATE TABLE identity_membership (
  id           TEXT PRIMARY KEY,
  person       TEXT NOT NULL REFERENCES identity_person (id),
  organisation TEXT NOT NULL REFERENCES identity_organisation (id),
  role         TEXT NOT NULL CONSTRAINT identity_membership_role CHECK (role IN ('admin', 'staff', 'technician', 'officer', 'finance')),
  region       TEXT NOT NULL DEFAULT '',  -- narrower than the organisation's; '' the same
  valid_to     TEXT NOT NULL DEFAULT '',  -- last day; '' still a member
  created_at   TEXT NOT NULL
);
CREATE UNIQUE INDEX identity_membership_once ON identity_membership (person, organisation, role);
CREATE INDEX identity_membership_organisation ON identity_membership (organisation);

CREATE TABLE identity_session (
  hash       TEXT PRIMARY KEY,   -- SHA-256 of the 256-bit cookie; the cookie itself is nowhere
  id         TEXT NOT NULL,      -- what the person sees and revokes
  person     TEXT NOT NULL REFERENCES identity_person (id),
  membership TEXT NOT NULL DEFAULT '',    -- acting as
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL,
  created_at TEXT NOT NULL,
  seen_at    TEXT NOT NULL,
  expires_at TEXT NOT NULL
);
CREATE UNIQUE INDEX identity_session_id ON identity_session (id);
CREATE INDEX identity_session_person ON identity_session (person);
CREATE INDEX identity_session_old ON identity_session (expires_at);

CREATE TABLE identity_token (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL,      -- SHA-256 of the secret
  person     TEXT NOT NULL REFERENCES identity_person (id),
  membership TEXT NOT NULL DEFAULT '',
  name       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT
);
CREATE UNIQUE INDEX identity_token_hash ON identity_token (hash);
CREATE INDEX identity_token_person ON identity_token (person);

CREATE TABLE identity_attempt (  -- failed sign-ins, by login and by address, both hashed
  key          TEXT PRIMARY KEY,
  failures     BIGINT NOT NULL,
  since        TEXT NOT NULL,    -- the first failure counted
  locked_until TEXT
);
CREATE INDEX identity_attempt_old ON identity_attempt (since);
