-- +goose Up
-- Scrutiny of vouchers: what is odd about an order, redemptions drawn by lot, money asked back, sanctions with term and appeal.

CREATE TABLE scrutiny_flag (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,             -- see Kinds
  severity   TEXT NOT NULL CONSTRAINT scrutiny_flag_severity CHECK (severity IN ('high', 'medium', 'low')),
  order_id   TEXT NOT NULL,
  number     TEXT NOT NULL,             -- of the order
  title      TEXT NOT NULL,
  claim      TEXT NOT NULL,             -- the newest redemption it stands in, or ''
  programme  TEXT NOT NULL,
  region     TEXT NOT NULL,             -- of the programme
  firm       TEXT NOT NULL,
  provider   TEXT NOT NULL,
  amount     BIGINT NOT NULL,           -- fen: the voucher's part
  evidence   TEXT NOT NULL,             -- JSON rows
  digest     TEXT NOT NULL,             -- of the evidence: what was dismissed comes again only with another
  rule       TEXT NOT NULL,             -- first day of the rules it was found by
  state      TEXT NOT NULL CONSTRAINT scrutiny_flag_state CHECK (state IN ('open', 'dismissed', 'upheld')),
  outcome    TEXT NOT NULL,             -- of an upheld one: none, refuse, check, recover
  person     TEXT NOT NULL,             -- who decided
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  decided_at TEXT
);
CREATE UNIQUE INDEX scrutiny_flag_once ON scrutiny_flag (order_id, kind) WHERE state = 'open';
CREATE INDEX scrutiny_flag_order ON scrutiny_flag (order_id);
CREATE INDEX scrutiny_flag_state_at ON scrutiny_flag (state, created_at);
CREATE INDEX scrutiny_flag_firm ON scrutiny_flag (firm);
CREATE INDEX scrutiny_flag_provider ON scrutiny_flag (provider);

CREATE TABLE scrutiny_step (            -- what was done and said about a flag, a case, a recovery or a sanction: only ever added to
  id         TEXT PRIMARY KEY,
  object     TEXT NOT NULL,
  position   BIGINT NOT NULL,
  at         TEXT NOT NULL,
  side       TEXT NOT NULL,             -- authority, party or system
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL,
  file       TEXT NOT NULL,             -- name, or ''
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  UNIQUE (object, position)
);

CREATE TABLE scrutiny_draw (            -- redemptions taken by lot
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL UNIQUE,
  org          TEXT NOT NULL,
  region       TEXT NOT NULL,
  programme    TEXT NOT NULL,
  from_day     TEXT NOT NULL,           -- of submission
  to_day       TEXT NOT NULL,
  share        BIGINT NOT NULL,         -- hundredths of a percent
  stratify     TEXT NOT NULL CONSTRAINT scrutiny_draw_stratify CHECK (stratify IN ('none', 'amount', 'provider')),
  population   BIGINT NOT NULL,
  drawn        BIGINT NOT NULL,
  list_sha256  TEXT NOT NULL,           -- the list as it was closed
  source       TEXT NOT NULL,           -- where the number comes from
  announced    TEXT NOT NULL,           -- the number; '' before
  seed         TEXT NOT NULL,
  state        TEXT NOT NULL CONSTRAINT scrutiny_draw_state CHECK (state IN ('closed', 'drawn')),
  person       TEXT NOT NULL,           -- who closed the list
  witness      TEXT NOT NULL,           -- who entered the number: another
  due          TEXT NOT NULL,           -- last day of the checks
  sample       BOOLEAN NOT NULL,
  created_at   TEXT NOT NULL,
  drawn_at     TEXT,
  CONSTRAINT scrutiny_draw_two CHECK (witness = '' OR witness <> person)
);

CREATE TABLE scrutiny_case (            -- a redemption that is looked at: drawn, or from a flag
  id         TEXT PRIMARY KEY,
  draw       TEXT NOT NULL,             -- '' from a flag
  flag       TEXT NOT NULL,             -- '' drawn
  claim      TEXT NOT NULL,
  number     TEXT NOT NULL,             -- of the redemption
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,
  amount     BIGINT NOT NULL,
  stratum    TEXT NOT NULL,
  lot        TEXT NOT NULL,
  place      BIGINT NOT NULL,
  ticked     TEXT NOT NULL,             -- codes of the checklist
  state      TEXT NOT NULL CONSTRAINT scrutiny_case_state CHECK (state IN ('open', 'clean', 'finding')),
  due        TEXT NOT NULL,
  person     TEXT NOT NULL,             -- who decided
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  decided_at TEXT
);
CREATE UNIQUE INDEX scrutiny_case_once ON scrutiny_case (claim) WHERE state = 'open';
CREATE INDEX scrutiny_case_draw ON scrutiny_case (draw, place);
CREATE INDEX scrutiny_case_provider ON scrutiny_case (provider, state);

CREATE TABLE scrutiny_recovery (        -- money asked back
  id         TEXT PRIMARY KEY,
  claim      TEXT NOT NULL UNIQUE,
  number     TEXT NOT NULL,             -- of the redemption
  cause      TEXT NOT NULL,             -- id of the flag or the case
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,
  amount     BIGINT NOT NULL CHECK (amount > 0),
  reason     TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT scrutiny_recovery_state CHECK (state IN ('proposed', 'dropped', 'ordered', 'received')),
  person     TEXT NOT NULL,             -- who proposed
  second     TEXT NOT NULL,             -- who ordered: another
  received_on TEXT NOT NULL,
  reference  TEXT NOT NULL,             -- of the bank
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT scrutiny_recovery_two CHECK (second = '' OR second <> person)
);
CREATE INDEX scrutiny_recovery_provider ON scrutiny_recovery (provider);

CREATE TABLE scrutiny_sanction (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL UNIQUE,
  org        TEXT NOT NULL,             -- whom it is against
  side       TEXT NOT NULL CONSTRAINT scrutiny_sanction_side CHECK (side IN ('firm', 'provider')),
  region     TEXT NOT NULL,
  authority  TEXT NOT NULL,             -- organisation that proposed it
  ground     TEXT NOT NULL,
  claim      TEXT NOT NULL,             -- of the evidence, or ''
  cause      TEXT NOT NULL,             -- id of the flag or the case, or ''
  from_day   TEXT NOT NULL,
  to_day     TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT scrutiny_sanction_state CHECK (state IN ('hearing', 'decided', 'active', 'appealed', 'final', 'lifted', 'ended', 'dropped')),
  hearing_due TEXT NOT NULL,            -- last day of the party's statement
  appeal_due TEXT NOT NULL,             -- '' before it is in force
  proposer   TEXT NOT NULL,
  decider    TEXT NOT NULL,
  confirmer  TEXT NOT NULL,             -- the second: another than the decider
  entry      TEXT NOT NULL,             -- of the roster
  open       BOOLEAN NOT NULL,          -- everybody may see it while in force
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT scrutiny_sanction_two CHECK (confirmer = '' OR confirmer <> decider),
  CONSTRAINT scrutiny_sanction_term CHECK (from_day <= to_day)
);
CREATE INDEX scrutiny_sanction_org ON scrutiny_sanction (org, state);
