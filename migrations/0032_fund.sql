-- +goose Up
-- Money of inside users and prepaid accounts: groups, cards, their entries, what orders reserve, and how income is split.

CREATE TABLE fund_group (        -- a research group (课题组)
  id         TEXT PRIMARY KEY,
  keeper     TEXT NOT NULL,      -- organisation it belongs to
  name_zh    TEXT NOT NULL,
  name_en    TEXT NOT NULL DEFAULT '',
  head       TEXT NOT NULL,      -- person
  sample     BOOLEAN NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX fund_group_keeper ON fund_group (keeper, id);
CREATE INDEX fund_group_head ON fund_group (head);

CREATE TABLE fund_member (
  grp        TEXT NOT NULL REFERENCES fund_group (id),
  person     TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (grp, person)
);
CREATE INDEX fund_member_person ON fund_member (person);

CREATE TABLE fund_card (         -- a fund card (经费卡) of a group, or a prepaid account of a firm at a provider
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL CONSTRAINT fund_card_kind CHECK (kind IN ('card', 'prepaid')),
  number        TEXT NOT NULL,
  name          TEXT NOT NULL,
  keeper        TEXT NOT NULL,   -- organisation that keeps it: the group's, or the provider
  payer         TEXT NOT NULL,   -- organisation whose orders it pays
  grp           TEXT NOT NULL DEFAULT '',
  valid_from    TEXT NOT NULL,
  valid_to      TEXT NOT NULL DEFAULT '',
  cap_order     BIGINT NOT NULL DEFAULT 0 CHECK (cap_order >= 0),      -- 0: none
  cap_month     BIGINT NOT NULL DEFAULT 0 CHECK (cap_month >= 0),
  approve_above BIGINT NOT NULL DEFAULT 0 CHECK (approve_above >= 0),  -- orders above it wait for the head; 0: none do
  classes       TEXT NOT NULL DEFAULT '',  -- classes of resources it pays, by the beginning of their code, joined by spaces; '' all
  state         TEXT NOT NULL CONSTRAINT fund_card_state CHECK (state IN ('open', 'frozen')),
  sample        BOOLEAN NOT NULL,
  revision      BIGINT NOT NULL, -- counted up by every movement: rivals for one card wait here
  created_at    TEXT NOT NULL,
  CONSTRAINT fund_card_number UNIQUE (keeper, number)
);
CREATE INDEX fund_card_payer ON fund_card (payer, id);
CREATE INDEX fund_card_group ON fund_card (grp) WHERE grp <> '';

CREATE TABLE fund_account (      -- card/C/source, available, reserved, spent
  path    TEXT PRIMARY KEY,
  card    TEXT NOT NULL REFERENCES fund_card (id),
  part    TEXT NOT NULL,
  balance BIGINT NOT NULL,
  floor   BIGINT,                -- NULL: may be negative (the source)
  CONSTRAINT fund_account_floor CHECK (floor IS NULL OR balance >= floor)
);
CREATE INDEX fund_account_card ON fund_account (card);

CREATE TABLE fund_transfer (     -- append-only
  id       TEXT PRIMARY KEY,
  key      TEXT NOT NULL,        -- the caller's, for ever
  kind     TEXT NOT NULL CONSTRAINT fund_transfer_kind CHECK (kind IN ('deposit', 'refund', 'reserve', 'release', 'charge')),
  card     TEXT NOT NULL REFERENCES fund_card (id),
  order_id TEXT NOT NULL DEFAULT '',
  digest   TEXT NOT NULL,
  evidence TEXT NOT NULL DEFAULT '',  -- of a deposit or refund: the voucher's number, the bank slip
  person   TEXT NOT NULL,
  day      TEXT NOT NULL,
  at       TEXT NOT NULL
);
CREATE UNIQUE INDEX fund_transfer_key ON fund_transfer (key);
CREATE INDEX fund_transfer_card ON fund_transfer (card, day);

CREATE TABLE fund_posting (
  transfer TEXT NOT NULL REFERENCES fund_transfer (id),
  account  TEXT NOT NULL,
  amount   BIGINT NOT NULL CONSTRAINT fund_posting_amount CHECK (amount <> 0),
  PRIMARY KEY (transfer, account)
);
CREATE INDEX fund_posting_account ON fund_posting (account);

CREATE TABLE fund_hold (         -- what one order reserves on a card
  order_id TEXT PRIMARY KEY,
  card     TEXT NOT NULL REFERENCES fund_card (id),
  number   TEXT NOT NULL DEFAULT '',
  amount   BIGINT NOT NULL CONSTRAINT fund_hold_amount CHECK (amount > 0),
  charged  BIGINT NOT NULL DEFAULT 0 CHECK (charged >= 0),
  state    TEXT NOT NULL CONSTRAINT fund_hold_state CHECK (state IN ('pending', 'reserved', 'charged', 'released', 'refused')),
  person   TEXT NOT NULL,        -- who ordered
  decided  TEXT NOT NULL DEFAULT '',  -- who approved or refused
  note     TEXT NOT NULL DEFAULT '',
  day      TEXT NOT NULL         -- of the reservation: its month is the month the cap counts
);
CREATE INDEX fund_hold_card ON fund_hold (card, day);

CREATE TABLE fund_split (        -- how a provider's income is divided, dated, only followed by the next
  id         TEXT PRIMARY KEY,
  provider   TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  shares     TEXT NOT NULL,      -- JSON: names and weights that add up to 10000
  source     TEXT NOT NULL,      -- the rule it follows
  person     TEXT NOT NULL,
  at         TEXT NOT NULL,
  CONSTRAINT fund_split_from UNIQUE (provider, valid_from)
);

CREATE TABLE fund_income (       -- one settled order
  order_id    TEXT PRIMARY KEY,
  number      TEXT NOT NULL,
  provider    TEXT NOT NULL,
  buyer       TEXT NOT NULL,
  inside      BOOLEAN NOT NULL,
  resource    TEXT NOT NULL,
  amount      BIGINT NOT NULL CHECK (amount >= 0),
  minutes     BIGINT NOT NULL,
  day         TEXT NOT NULL,
  split       TEXT NOT NULL DEFAULT '',
  sample      BOOLEAN NOT NULL
);
CREATE INDEX fund_income_provider ON fund_income (provider, day);

CREATE TABLE fund_income_part (
  order_id TEXT NOT NULL REFERENCES fund_income (order_id),
  position BIGINT NOT NULL,
  name     TEXT NOT NULL,
  amount   BIGINT NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (order_id, position)
);

ALTER TABLE order_order ADD COLUMN fund TEXT NOT NULL DEFAULT '';  -- card or prepaid account that pays the buyer's own part
