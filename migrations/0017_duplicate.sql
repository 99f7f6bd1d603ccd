-- +goose Up
-- Records that may be the same thing, decisions about them, merging with undo; what institutions are called.

CREATE TABLE catalogue_merge (             -- two records became one; snapshots by which it is undone
  id             TEXT PRIMARY KEY,
  keep           TEXT NOT NULL REFERENCES catalogue_resource (id),
  dropped        TEXT NOT NULL REFERENCES catalogue_resource (id),
  keep_before    TEXT NOT NULL,            -- JSON
  keep_after     TEXT NOT NULL,
  dropped_before TEXT NOT NULL,
  dropped_after  TEXT NOT NULL,
  at             TEXT NOT NULL,
  person         TEXT NOT NULL,
  org            TEXT NOT NULL,
  undone_at      TEXT,                     -- NULL: it stands
  CONSTRAINT catalogue_merge_two CHECK (keep <> dropped)
);
CREATE UNIQUE INDEX catalogue_merge_dropped ON catalogue_merge (dropped) WHERE undone_at IS NULL;
CREATE INDEX catalogue_merge_keep ON catalogue_merge (keep);

CREATE TABLE identity_merge (              -- a public record was taken over by the organisation it is about
  id            TEXT PRIMARY KEY,
  public        TEXT NOT NULL REFERENCES identity_organisation (id),
  registered    TEXT NOT NULL REFERENCES identity_organisation (id),
  public_before TEXT NOT NULL,             -- JSON
  registered_before TEXT NOT NULL,
  registered_after  TEXT NOT NULL,
  at            TEXT NOT NULL,
  person        TEXT NOT NULL,
  undone_at     TEXT
);
CREATE UNIQUE INDEX identity_merge_public ON identity_merge (public) WHERE undone_at IS NULL;

CREATE TABLE duplicate_key (               -- blocking keys: only records that share one are compared
  hash     BIGINT NOT NULL,
  resource TEXT NOT NULL,
  PRIMARY KEY (hash, resource)
);
CREATE INDEX duplicate_key_resource ON duplicate_key (resource);

CREATE TABLE duplicate_pair (              -- two records that may be one thing
  id         TEXT PRIMARY KEY,
  first      TEXT NOT NULL,                -- the smaller id of the two
  second     TEXT NOT NULL,
  kind       TEXT NOT NULL,
  owner_a    TEXT NOT NULL,
  owner_b    TEXT NOT NULL,
  region_a   TEXT NOT NULL,
  region_b   TEXT NOT NULL,
  score      BIGINT NOT NULL,              -- thousandths
  reasons    TEXT NOT NULL,                -- JSON: code, text, args
  state      TEXT NOT NULL CONSTRAINT duplicate_pair_state CHECK (state IN ('open', 'later', 'proposed', 'merged', 'different', 'gone')),
  digest     TEXT NOT NULL,                -- of what was compared: a decision holds until it changes
  keep       TEXT NOT NULL,                -- proposed, merged: the record that stays
  take       TEXT NOT NULL,                -- proposed, merged: parts taken from the other, separated by commas
  asked      TEXT NOT NULL,                -- proposed: the organisation that has to agree
  merge      TEXT NOT NULL,                -- merged: catalogue_merge
  until      TEXT NOT NULL,                -- later: civil day on which it is open again
  found_at   TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT duplicate_pair_order CHECK (first < second)
);
CREATE UNIQUE INDEX duplicate_pair_once ON duplicate_pair (first, second);
CREATE INDEX duplicate_pair_queue ON duplicate_pair (state, score, id);
CREATE INDEX duplicate_pair_second ON duplicate_pair (second);
CREATE INDEX duplicate_pair_owner_a ON duplicate_pair (owner_a, state);
CREATE INDEX duplicate_pair_owner_b ON duplicate_pair (owner_b, state);

CREATE TABLE duplicate_step (              -- what was decided about a pair
  id         TEXT PRIMARY KEY,
  pair       TEXT NOT NULL REFERENCES duplicate_pair (id),
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL,
  UNIQUE (pair, position)
);

CREATE TABLE duplicate_progress (          -- how far the search has come: one row each of 'feed' and 'pass'
  name     TEXT PRIMARY KEY,
  position BIGINT NOT NULL,
  at_id    TEXT NOT NULL
);

CREATE TABLE duplicate_name (              -- what an organisation is called, or was
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  kind       TEXT NOT NULL CONSTRAINT duplicate_name_kind CHECK (kind IN ('official', 'english', 'former', 'alias', 'abbreviation', 'pinyin')),
  name       TEXT NOT NULL,
  form       TEXT NOT NULL,                -- as it is compared
  source     TEXT NOT NULL,                -- ROR, registration, rule, person
  valid_from TEXT NOT NULL,                -- civil days, '' = open
  valid_to   TEXT NOT NULL,
  UNIQUE (org, form, kind)
);
CREATE INDEX duplicate_name_form ON duplicate_name (form);

CREATE TABLE duplicate_word (              -- words by which names are looked up
  word TEXT NOT NULL,
  org  TEXT NOT NULL,
  PRIMARY KEY (word, org)
);
CREATE INDEX duplicate_word_org ON duplicate_word (org);

CREATE TABLE duplicate_takeover (          -- an organisation takes over the public record about it
  id         TEXT PRIMARY KEY,
  public     TEXT NOT NULL,
  registered TEXT NOT NULL,
  region     TEXT NOT NULL,                -- of the registered organisation
  score      BIGINT NOT NULL,
  why        TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT duplicate_takeover_state CHECK (state IN ('found', 'asked', 'done', 'refused')),
  merge      TEXT NOT NULL,                -- identity_merge
  moved      TEXT NOT NULL,                -- JSON: ids of the records handed over
  person     TEXT NOT NULL,                -- who asked or decided last
  note       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (public, registered)
);
CREATE INDEX duplicate_takeover_queue ON duplicate_takeover (state, region, id);
