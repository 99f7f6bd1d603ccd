-- +goose Up
-- Payments of what vouchers owe: payees' accounts, batches, payment files, receipts. Amounts are fen; organisations, people and
-- claims are named by id and never deleted.

CREATE TABLE payout_account (          -- where a payee is paid to; a version is never changed, only followed by another
  id          TEXT PRIMARY KEY,
  org         TEXT NOT NULL,
  region      TEXT NOT NULL,           -- the payee's, for the permission table
  holder      TEXT NOT NULL,
  bank        TEXT NOT NULL,
  number      TEXT NOT NULL,           -- in full only in payment files
  cnaps       TEXT NOT NULL DEFAULT '',
  state       TEXT NOT NULL CONSTRAINT payout_account_state CHECK (state IN ('proposed', 'confirmed', 'refused', 'replaced')),
  person      TEXT NOT NULL,           -- who proposed it
  decider     TEXT NOT NULL DEFAULT '',
  decider_org TEXT NOT NULL DEFAULT '',
  note        TEXT NOT NULL DEFAULT '',
  created_at  TEXT NOT NULL,
  decided_at  TEXT,
  CONSTRAINT payout_account_two CHECK (decider <> person)
);
CREATE UNIQUE INDEX payout_account_confirmed ON payout_account (org) WHERE state = 'confirmed';
CREATE UNIQUE INDEX payout_account_proposed ON payout_account (org) WHERE state = 'proposed';
CREATE INDEX payout_account_org ON payout_account (org, created_at);

CREATE TABLE payout_batch (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL,
  funder     TEXT NOT NULL,
  region     TEXT NOT NULL,            -- the funder's
  pay_on     TEXT NOT NULL,            -- civil day on which it is to be paid
  state      TEXT NOT NULL CONSTRAINT payout_batch_state CHECK (state IN ('drafted', 'submitted', 'approved', 'sent', 'matched', 'partly-returned', 'closed', 'cancelled')),
  total      BIGINT NOT NULL,          -- of the payments that stand in it
  count      BIGINT NOT NULL,
  drafter    TEXT NOT NULL,
  submitter  TEXT NOT NULL DEFAULT '',
  approver   TEXT NOT NULL DEFAULT '',
  digest     TEXT NOT NULL,
  sent_on    TEXT NOT NULL DEFAULT '',
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT payout_batch_two CHECK (approver = '' OR approver <> drafter AND approver <> submitter)
);
CREATE UNIQUE INDEX payout_batch_number ON payout_batch (number);
CREATE INDEX payout_batch_funder ON payout_batch (funder, state, id);
CREATE INDEX payout_batch_region ON payout_batch (region, created_at);

CREATE TABLE payout_item (             -- one payment: a funder's part of a claim
  id           TEXT PRIMARY KEY,
  batch        TEXT NOT NULL REFERENCES payout_batch (id),
  seq          BIGINT NOT NULL,
  number       TEXT NOT NULL,          -- what stands in the payment file and comes back: BATCH-001
  claim        TEXT NOT NULL,
  claim_number TEXT NOT NULL,
  programme    TEXT NOT NULL,
  payee        TEXT NOT NULL,
  funder       TEXT NOT NULL,
  amount       BIGINT NOT NULL CONSTRAINT payout_item_amount CHECK (amount > 0),
  account      TEXT NOT NULL REFERENCES payout_account (id),
  state        TEXT NOT NULL CONSTRAINT payout_item_state CHECK (state IN ('planned', 'stopped', 'dropped', 'sent', 'paid', 'returned')),
  reason       TEXT NOT NULL DEFAULT '',
  evidence     TEXT NOT NULL DEFAULT '', -- the bank's number of the payment
  decided_on   TEXT NOT NULL DEFAULT '',
  live         BOOLEAN NOT NULL          -- false: the part may go into another batch
);
CREATE UNIQUE INDEX payout_item_number ON payout_item (number);
CREATE UNIQUE INDEX payout_item_batch ON payout_item (batch, seq);
CREATE UNIQUE INDEX payout_item_part ON payout_item (claim, funder) WHERE live;
CREATE INDEX payout_item_payee ON payout_item (payee, state);

CREATE TABLE payout_step (             -- who did what and when
  id         TEXT PRIMARY KEY,
  batch      TEXT NOT NULL REFERENCES payout_batch (id),
  at         TEXT NOT NULL,
  person     TEXT NOT NULL,
  org        TEXT NOT NULL,
  verb       TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  note       TEXT NOT NULL
);
CREATE INDEX payout_step_batch ON payout_step (batch, at);

CREATE TABLE payout_file (             -- a payment file that was made; its bytes follow from the batch and the layout
  id         TEXT PRIMARY KEY,
  batch      TEXT NOT NULL REFERENCES payout_batch (id),
  layout     TEXT NOT NULL,            -- JSON
  name       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  size       BIGINT NOT NULL,
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX payout_file_batch ON payout_file (batch, created_at);

CREATE TABLE payout_layout (           -- how a funder's bank wants its files, from a day on
  id         TEXT PRIMARY KEY,
  funder     TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  body       TEXT NOT NULL,            -- JSON
  source     TEXT NOT NULL,
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX payout_layout_funder ON payout_layout (funder, valid_from, created_at);

CREATE TABLE payout_upload (           -- a file of receipts
  id         TEXT PRIMARY KEY,
  funder     TEXT NOT NULL,
  region     TEXT NOT NULL,
  name       TEXT NOT NULL,
  sha256     TEXT NOT NULL,            -- of the file, in the blob store
  state      TEXT NOT NULL CONSTRAINT payout_upload_state CHECK (state IN ('read', 'applied')),
  headings   TEXT NOT NULL,            -- JSON
  mapping    TEXT NOT NULL,            -- JSON: a field for each heading
  person     TEXT NOT NULL,
  created_at TEXT NOT NULL,
  applied_at TEXT
);
CREATE UNIQUE INDEX payout_upload_once ON payout_upload (funder, sha256);

CREATE TABLE payout_line (             -- a row of an applied file, and what became of it
  upload  TEXT NOT NULL REFERENCES payout_upload (id),
  row_no  BIGINT NOT NULL,
  item    TEXT NOT NULL,               -- number as it stood there
  amount  TEXT NOT NULL,
  account TEXT NOT NULL,               -- its end
  result  TEXT NOT NULL,
  note    TEXT NOT NULL,
  outcome TEXT NOT NULL CONSTRAINT payout_line_outcome CHECK (outcome IN ('paid', 'returned', 'known', 'break')),
  code    TEXT NOT NULL,               -- why it is a break
  PRIMARY KEY (upload, row_no)
);
CREATE INDEX payout_line_item ON payout_line (item);

CREATE TABLE payout_mapping (          -- what the columns of a funder's receipts mean, remembered by their headings
  funder   TEXT NOT NULL,
  headings TEXT NOT NULL,              -- digest
  mapping  TEXT NOT NULL,              -- JSON
  PRIMARY KEY (funder, headings)
);
