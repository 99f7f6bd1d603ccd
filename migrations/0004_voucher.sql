-- +goose Up
-- Innovation vouchers: programmes and their dated terms, applications, grants, holds, redemptions, and the ledger.
-- Organisations and orders are named by id; they are never deleted. Amounts are fen.

CREATE TABLE voucher_programme (
  id         TEXT PRIMARY KEY,
  authority  TEXT NOT NULL,      -- organisation that runs it
  region     TEXT NOT NULL,
  name_zh    TEXT NOT NULL,
  name_en    TEXT NOT NULL DEFAULT '',
  summary_zh TEXT NOT NULL DEFAULT '',
  summary_en TEXT NOT NULL DEFAULT '',
  opens_on   TEXT NOT NULL,      -- applications from … to, both days included
  closes_on  TEXT NOT NULL,
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT voucher_programme_dates CHECK (opens_on <= closes_on)
);
CREATE INDEX voucher_programme_region ON voucher_programme (region, id);

CREATE TABLE voucher_terms (     -- the rules, as JSON that voucher.Terms validates; never changed, only followed by a new version
  programme  TEXT NOT NULL REFERENCES voucher_programme (id),
  version    BIGINT NOT NULL,
  valid_from TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (programme, version),
  CONSTRAINT voucher_terms_from UNIQUE (programme, valid_from)
);

CREATE TABLE voucher_application (
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL,
  programme    TEXT NOT NULL REFERENCES voucher_programme (id),
  region       TEXT NOT NULL,    -- the programme's, for the permission table
  firm         TEXT NOT NULL,
  person       TEXT NOT NULL,    -- who applied
  amount       BIGINT NOT NULL CONSTRAINT voucher_application_amount CHECK (amount > 0),
  purpose      TEXT NOT NULL,
  statements   TEXT NOT NULL,    -- codes, joined by spaces
  state        TEXT NOT NULL CONSTRAINT voucher_application_state CHECK (state IN ('submitted', 'approved', 'refused')),
  reason       TEXT NOT NULL DEFAULT '',
  digest       TEXT NOT NULL,    -- of what was asked: the same key with another content is a conflict
  revision     BIGINT NOT NULL,
  submitted_on TEXT NOT NULL,
  created_at   TEXT NOT NULL
);
CREATE UNIQUE INDEX voucher_application_number ON voucher_application (number);
CREATE INDEX voucher_application_desk ON voucher_application (region, state, id);
CREATE INDEX voucher_application_firm ON voucher_application (firm, id);

CREATE TABLE voucher_wallet (    -- one row a firm (or provider) and programme: written first, so that rivals for the same quota queue
  programme TEXT NOT NULL REFERENCES voucher_programme (id),
  firm      TEXT NOT NULL,
  revision  BIGINT NOT NULL,
  PRIMARY KEY (programme, firm)
);

CREATE TABLE voucher_grant (     -- an issued voucher: numbered, real-name, not transferable
  id          TEXT PRIMARY KEY,
  number      TEXT NOT NULL,
  programme   TEXT NOT NULL REFERENCES voucher_programme (id),
  application TEXT NOT NULL REFERENCES voucher_application (id),
  firm        TEXT NOT NULL,
  region      TEXT NOT NULL,
  terms       BIGINT NOT NULL,   -- version it was issued under
  amount      BIGINT NOT NULL CONSTRAINT voucher_grant_amount CHECK (amount > 0),
  state       TEXT NOT NULL CONSTRAINT voucher_grant_state CHECK (state IN ('active', 'expired')),
  issued_on   TEXT NOT NULL,
  expires_on  TEXT NOT NULL,     -- last day
  noticed     BIGINT NOT NULL DEFAULT 0,  -- days before the end of the last notice sent: 42, 21; 0 none yet
  CONSTRAINT voucher_grant_application UNIQUE (application)
);
CREATE UNIQUE INDEX voucher_grant_number ON voucher_grant (number);
CREATE INDEX voucher_grant_firm ON voucher_grant (firm, programme);
CREATE INDEX voucher_grant_end ON voucher_grant (expires_on) WHERE state = 'active';

CREATE TABLE voucher_hold (      -- the voucher's part of one order
  id         TEXT PRIMARY KEY,
  order_id   TEXT NOT NULL,
  programme  TEXT NOT NULL REFERENCES voucher_programme (id),
  firm       TEXT NOT NULL,
  provider   TEXT NOT NULL,
  region     TEXT NOT NULL,      -- the programme's
  terms      BIGINT NOT NULL,
  amount     BIGINT NOT NULL CONSTRAINT voucher_hold_amount CHECK (amount > 0),
  used       BIGINT NOT NULL DEFAULT 0,
  state      TEXT NOT NULL CONSTRAINT voucher_hold_state CHECK (state IN ('held', 'released', 'used', 'claimed', 'paid', 'recovered')),
  held_on    TEXT NOT NULL,      -- its civil year is the year the caps count
  used_on    TEXT NOT NULL DEFAULT '',
  CONSTRAINT voucher_hold_used CHECK (used >= 0 AND used <= amount)
);
CREATE UNIQUE INDEX voucher_hold_order ON voucher_hold (order_id) WHERE state <> 'released';
CREATE INDEX voucher_hold_firm ON voucher_hold (firm, programme);
CREATE INDEX voucher_hold_provider ON voucher_hold (provider, state);

CREATE TABLE voucher_hold_part ( -- which grants a hold draws on: the one that ends first is used first
  hold     TEXT NOT NULL REFERENCES voucher_hold (id),
  grant_id TEXT NOT NULL REFERENCES voucher_grant (id),
  amount   BIGINT NOT NULL CONSTRAINT voucher_hold_part_amount CHECK (amount > 0),
  used     BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (hold, grant_id),
  CONSTRAINT voucher_hold_part_used CHECK (used >= 0 AND used <= amount)
);
CREATE INDEX voucher_hold_part_grant ON voucher_hold_part (grant_id);

CREATE TABLE voucher_claim (     -- a redemption: the provider collects what was used
  id           TEXT PRIMARY KEY,
  number       TEXT NOT NULL,
  programme    TEXT NOT NULL REFERENCES voucher_programme (id),
  region       TEXT NOT NULL,
  provider     TEXT NOT NULL,
  person       TEXT NOT NULL,
  terms        BIGINT NOT NULL,
  amount       BIGINT NOT NULL CONSTRAINT voucher_claim_amount CHECK (amount > 0),
  state        TEXT NOT NULL CONSTRAINT voucher_claim_state CHECK (state IN ('submitted', 'verified', 'approved', 'published', 'paid', 'refused', 'recovered')),
  verifier     TEXT NOT NULL DEFAULT '',
  notice_from  TEXT NOT NULL DEFAULT '',
  notice_to    TEXT NOT NULL DEFAULT '',
  payable_on   TEXT NOT NULL DEFAULT '',
  paid_on      TEXT NOT NULL DEFAULT '',
  digest       TEXT NOT NULL,
  revision     BIGINT NOT NULL,
  submitted_on TEXT NOT NULL,
  created_at   TEXT NOT NULL
);
CREATE UNIQUE INDEX voucher_claim_number ON voucher_claim (number);
CREATE INDEX voucher_claim_desk ON voucher_claim (region, state, id);
CREATE INDEX voucher_claim_provider ON voucher_claim (provider, id);
CREATE INDEX voucher_claim_notice ON voucher_claim (notice_from, id) WHERE notice_from <> '';

CREATE TABLE voucher_claim_item (
  claim        TEXT NOT NULL REFERENCES voucher_claim (id),
  hold         TEXT NOT NULL REFERENCES voucher_hold (id),
  order_number TEXT NOT NULL,
  title        TEXT NOT NULL,
  price        BIGINT NOT NULL,
  amount       BIGINT NOT NULL CONSTRAINT voucher_claim_item_amount CHECK (amount > 0),
  live         BOOLEAN NOT NULL,  -- false once the claim is refused: the hold may be claimed again
  PRIMARY KEY (claim, hold)
);
CREATE UNIQUE INDEX voucher_claim_item_hold ON voucher_claim_item (hold) WHERE live;

CREATE TABLE voucher_document (  -- what a claim carries; the bytes lie in the blob store
  claim    TEXT NOT NULL REFERENCES voucher_claim (id),
  position BIGINT NOT NULL,
  code     TEXT NOT NULL,        -- which of the terms' documents it is
  name     TEXT NOT NULL,
  sha256   TEXT NOT NULL,
  size     BIGINT NOT NULL,
  PRIMARY KEY (claim, position)
);

CREATE TABLE voucher_step (      -- who did what and when, of applications and claims
  id         TEXT PRIMARY KEY,
  object     TEXT NOT NULL,
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL,
  digest     TEXT NOT NULL,      -- of what was asked
  key        TEXT                -- the caller's; NULL when it gave none
);
CREATE UNIQUE INDEX voucher_step_key ON voucher_step (object, key);

-- The ledger. Only this module writes it; a transfer is never changed, except that a repeat of its key is counted.

CREATE TABLE voucher_account (
  path      TEXT PRIMARY KEY,    -- funder/F/P, programme/P/unissued/NN (its stripes) and lapsed, grant/G/available|held|used, payable|paid|recover/PAYEE/F
  part      TEXT NOT NULL,       -- its role: funder, unissued, lapsed, available, held, used, payable, paid, recover
  programme TEXT NOT NULL DEFAULT '',  -- '' for payees, who are paid from several programmes
  grant_id  TEXT NOT NULL DEFAULT '',
  party     TEXT NOT NULL DEFAULT '',  -- payee
  funder    TEXT NOT NULL DEFAULT '',
  balance   BIGINT NOT NULL,
  floor     BIGINT,              -- NULL: may be negative (a funder)
  CONSTRAINT voucher_account_floor CHECK (floor IS NULL OR balance >= floor)
);
CREATE INDEX voucher_account_programme ON voucher_account (programme, part);
CREATE INDEX voucher_account_grant ON voucher_account (grant_id, part);
CREATE INDEX voucher_account_party ON voucher_account (party) WHERE party <> '';

CREATE TABLE voucher_transfer (
  id        TEXT PRIMARY KEY,
  key       TEXT NOT NULL,       -- the caller's id, for ever
  kind      TEXT NOT NULL,
  programme TEXT NOT NULL REFERENCES voucher_programme (id),
  cause     TEXT NOT NULL,       -- id of the application, grant, hold or claim
  firm      TEXT NOT NULL DEFAULT '',
  digest    TEXT NOT NULL,       -- of what was asked
  repeats   BIGINT NOT NULL DEFAULT 0,  -- written by a repeat, so that its acknowledgement waits for a commit too
  day       TEXT NOT NULL,       -- civil day in the region's zone
  at        TEXT NOT NULL
);
CREATE UNIQUE INDEX voucher_transfer_key ON voucher_transfer (key);
CREATE INDEX voucher_transfer_programme ON voucher_transfer (programme, kind);
CREATE INDEX voucher_transfer_cause ON voucher_transfer (cause);
CREATE INDEX voucher_transfer_firm ON voucher_transfer (firm, id);

CREATE TABLE voucher_posting (
  transfer TEXT NOT NULL REFERENCES voucher_transfer (id),
  account  TEXT NOT NULL,        -- its path; the row may be written later in the same transaction
  amount   BIGINT NOT NULL CONSTRAINT voucher_posting_amount CHECK (amount <> 0),
  PRIMARY KEY (transfer, account)
);
