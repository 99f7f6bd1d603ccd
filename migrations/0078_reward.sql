-- +goose Up
-- Rewards of providers (对服务机构的奖励): a claim of its own kind, reckoned from the redemptions that were approved in a period.

ALTER TABLE voucher_claim ADD COLUMN reward BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE voucher_reward (
  claim     TEXT PRIMARY KEY REFERENCES voucher_claim (id),
  programme TEXT NOT NULL,
  payee     TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  to_day    TEXT NOT NULL,
  live      BOOLEAN NOT NULL,      -- false once refused: the same period may be proposed again
  CONSTRAINT voucher_reward_days CHECK (from_day <= to_day)
);
CREATE UNIQUE INDEX voucher_reward_once ON voucher_reward (programme, payee, from_day, to_day) WHERE live;

CREATE TABLE voucher_reward_line ( -- one order that a reward is reckoned from
  reward    TEXT NOT NULL REFERENCES voucher_reward (claim),
  position  BIGINT NOT NULL,
  base      TEXT NOT NULL REFERENCES voucher_claim (id), -- the redemption
  recovered BIGINT NOT NULL,       -- of it, asked back when this was reckoned; more since then means too much was rewarded
  hold      TEXT NOT NULL,
  terms     BIGINT NOT NULL,       -- version that the redemption was filed under
  price     BIGINT NOT NULL,       -- of the order, less what was asked back
  voucher   BIGINT NOT NULL,       -- the voucher's part, less what was asked back
  before    BIGINT NOT NULL,       -- what the provider had been rewarded in the year before this line
  amount    BIGINT NOT NULL CONSTRAINT voucher_reward_line_amount CHECK (amount >= 0),
  live      BOOLEAN NOT NULL,
  PRIMARY KEY (reward, position)
);
CREATE UNIQUE INDEX voucher_reward_line_once ON voucher_reward_line (hold) WHERE live;
CREATE INDEX voucher_reward_line_base ON voucher_reward_line (base);
