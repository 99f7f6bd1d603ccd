-- +goose Up
-- Statements between regions (跨区对账): what crossed from one treasury to another in a window, frozen, confirmed by both sides.
-- The ledger itself is voucher's; a closed item is a copy that is never changed. Regions are six digits, low < high.

CREATE TABLE settle_statement (
  id         TEXT PRIMARY KEY,
  number     TEXT NOT NULL,
  low        TEXT NOT NULL,        -- the two regions
  high       TEXT NOT NULL,
  low_org    TEXT NOT NULL,        -- their authorities on this node; '' where there is none
  high_org   TEXT NOT NULL,
  from_day   TEXT NOT NULL,        -- the window, both days included
  to_day     TEXT NOT NULL,
  state      TEXT NOT NULL CONSTRAINT settle_statement_state CHECK (state IN ('open', 'closed', 'agreed')),
  count      BIGINT NOT NULL,      -- of the items, when closed
  total      BIGINT NOT NULL,      -- gross, fen
  digest     TEXT NOT NULL,        -- SHA-256 of the canonical list, hex
  closer     TEXT NOT NULL,        -- person
  closed_at  TEXT,
  agreed_on  TEXT NOT NULL,
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT settle_statement_pair CHECK (low < high AND from_day <= to_day)
);
CREATE UNIQUE INDEX settle_statement_window ON settle_statement (low, high, from_day);
CREATE UNIQUE INDEX settle_statement_number ON settle_statement (number);
CREATE INDEX settle_statement_high ON settle_statement (high, low);

CREATE TABLE settle_item (
  transfer     TEXT NOT NULL,      -- of voucher's ledger; with funder and payee it is in one statement for ever
  payee        TEXT NOT NULL,
  funder       TEXT NOT NULL,
  statement    TEXT NOT NULL REFERENCES settle_statement (id),
  position     BIGINT NOT NULL,
  day          TEXT NOT NULL,
  what         TEXT NOT NULL,      -- approve, refuse, pay, bounce, recover, receive
  claim        TEXT NOT NULL,
  number       TEXT NOT NULL,      -- of the claim
  orders       TEXT NOT NULL,      -- numbers, joined by spaces
  firms        TEXT NOT NULL,      -- ids, joined by spaces
  programme    TEXT NOT NULL,
  payer_region TEXT NOT NULL,
  payee_region TEXT NOT NULL,
  funder_code  TEXT NOT NULL,      -- what the other side knows it by: USCC, else id
  payee_code   TEXT NOT NULL,
  amount       BIGINT NOT NULL CONSTRAINT settle_item_amount CHECK (amount > 0),
  PRIMARY KEY (transfer, payee, funder),
  CONSTRAINT settle_item_regions CHECK (payer_region <> payee_region)
);
CREATE UNIQUE INDEX settle_item_statement ON settle_item (statement, position);

CREATE TABLE settle_side (         -- what one side says of a closed statement
  statement TEXT NOT NULL REFERENCES settle_statement (id),
  region    TEXT NOT NULL,
  state     TEXT NOT NULL CONSTRAINT settle_side_state CHECK (state IN ('waiting', 'checked', 'confirmed')),
  count     BIGINT NOT NULL,       -- of the items it agrees with
  total     BIGINT NOT NULL,
  digest    TEXT NOT NULL,         -- of their canonical list
  checker   TEXT NOT NULL,         -- person
  confirmer TEXT NOT NULL,         -- another person
  file      TEXT NOT NULL,         -- SHA-256 of its own list, '' where it checked item by item
  file_name TEXT NOT NULL,
  at        TEXT NOT NULL,
  PRIMARY KEY (statement, region),
  CONSTRAINT settle_side_second CHECK (confirmer = '' OR confirmer <> checker)
);

CREATE TABLE settle_break (        -- what differs; the statement stays as it is
  id        TEXT PRIMARY KEY,
  statement TEXT NOT NULL REFERENCES settle_statement (id),
  region    TEXT NOT NULL,         -- who raised it
  kind      TEXT NOT NULL CONSTRAINT settle_break_kind CHECK (kind IN ('only-statement', 'only-list', 'amount', 'window', 'disputed')),
  owner     TEXT NOT NULL,         -- region that has to answer
  due_on    TEXT NOT NULL,
  state     TEXT NOT NULL CONSTRAINT settle_break_state CHECK (state IN ('open', 'answered', 'resolved', 'withdrawn')),
  transfer  TEXT NOT NULL,         -- the item; '' where the statement has none
  payee     TEXT NOT NULL,
  funder    TEXT NOT NULL,
  number    TEXT NOT NULL,
  what      TEXT NOT NULL,
  day       TEXT NOT NULL,
  stated    BIGINT NOT NULL,       -- amount in the statement; 0: none
  listed    BIGINT NOT NULL,       -- amount in the side's list; 0: none
  reason    TEXT NOT NULL,
  answer    TEXT NOT NULL,
  fix       TEXT NOT NULL,         -- the later entry that corrects it: transfer/payee/funder; '' none
  raiser    TEXT NOT NULL,         -- persons
  answerer  TEXT NOT NULL,
  decider   TEXT NOT NULL,
  from_list BOOLEAN NOT NULL,      -- found by comparing a list
  created_at TEXT NOT NULL,
  ended_on  TEXT NOT NULL
);
CREATE INDEX settle_break_statement ON settle_break (statement, id);

CREATE TABLE settle_step (         -- who did what and when
  id        TEXT PRIMARY KEY,
  statement TEXT NOT NULL REFERENCES settle_statement (id),
  object    TEXT NOT NULL,         -- '' the statement, else the break
  at        TEXT NOT NULL,
  person    TEXT NOT NULL,
  org       TEXT NOT NULL,
  region    TEXT NOT NULL,
  verb      TEXT NOT NULL,
  note      TEXT NOT NULL
);
CREATE INDEX settle_step_statement ON settle_step (statement, id);
