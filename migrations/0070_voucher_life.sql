-- +goose Up
-- The life of vouchers: drafts, batches and typed vouchers, two ways to pay, several vouchers on one order, returns, and
-- money that comes back in parts. States and a check change by a new column in the place of the old one.

-- Applications: saved as drafts, withdrawn, waiting for the next batch; granted in part; with documents of their own.
ALTER TABLE voucher_application ADD COLUMN state_next TEXT NOT NULL DEFAULT 'draft'
  CONSTRAINT voucher_application_states CHECK (state_next IN ('draft', 'submitted', 'waiting', 'approved', 'refused', 'withdrawn'));
ALTER TABLE voucher_application ADD COLUMN amount_next BIGINT NOT NULL DEFAULT 0 CONSTRAINT voucher_application_asked CHECK (amount_next >= 0);
UPDATE voucher_application SET state_next = state, amount_next = amount;
DROP INDEX voucher_application_desk;
DROP INDEX voucher_application_number;
ALTER TABLE voucher_application DROP COLUMN state;
ALTER TABLE voucher_application DROP COLUMN amount;
ALTER TABLE voucher_application RENAME COLUMN state_next TO state;
ALTER TABLE voucher_application RENAME COLUMN amount_next TO amount;
ALTER TABLE voucher_application ADD COLUMN type TEXT NOT NULL DEFAULT '';        -- of the voucher, a code of the terms
ALTER TABLE voucher_application ADD COLUMN members BIGINT NOT NULL DEFAULT 0;    -- of a team that is not yet a company
ALTER TABLE voucher_application ADD COLUMN granted BIGINT NOT NULL DEFAULT 0;    -- what the approval gave
ALTER TABLE voucher_application ADD COLUMN window_from TEXT NOT NULL DEFAULT ''; -- first day of the batch window it came in; '' = first come, first served
UPDATE voucher_application SET granted = (SELECT g.amount FROM voucher_grant g WHERE g.application = voucher_application.id) WHERE state = 'approved';
CREATE INDEX voucher_application_desk ON voucher_application (region, state, id);
CREATE UNIQUE INDEX voucher_application_number ON voucher_application (number) WHERE number <> '';  -- a draft has none yet
CREATE INDEX voucher_application_window ON voucher_application (programme, window_from, state);

CREATE TABLE voucher_attachment (  -- what an application carries; the bytes lie in the blob store
  application TEXT NOT NULL REFERENCES voucher_application (id),
  position    BIGINT NOT NULL,
  code        TEXT NOT NULL,       -- which of the terms' attachments it is
  name        TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  size        BIGINT NOT NULL,
  PRIMARY KEY (application, position)
);

CREATE TABLE voucher_batch (       -- all applications of a window, decided together
  id          TEXT PRIMARY KEY,
  programme   TEXT NOT NULL REFERENCES voucher_programme (id),
  window_from TEXT NOT NULL,
  pot         BIGINT NOT NULL,     -- what was to be divided
  asked       BIGINT NOT NULL,
  granted     BIGINT NOT NULL,
  person      TEXT NOT NULL,
  digest      TEXT NOT NULL,
  at          TEXT NOT NULL
);
CREATE INDEX voucher_batch_programme ON voucher_batch (programme, window_from);

-- Vouchers: returned by the firm, and for one kind of service.
ALTER TABLE voucher_grant ADD COLUMN state_next TEXT NOT NULL DEFAULT 'active' CONSTRAINT voucher_grant_states CHECK (state_next IN ('active', 'expired', 'returned'));
UPDATE voucher_grant SET state_next = state;
DROP INDEX voucher_grant_end;
ALTER TABLE voucher_grant DROP COLUMN state;
ALTER TABLE voucher_grant RENAME COLUMN state_next TO state;
ALTER TABLE voucher_grant ADD COLUMN type TEXT NOT NULL DEFAULT '';
CREATE INDEX voucher_grant_end ON voucher_grant (expires_on) WHERE state = 'active';

-- Holds: one for each programme that pays for an order, by one of two ways.
ALTER TABLE voucher_hold ADD COLUMN way TEXT NOT NULL DEFAULT 'direct' CONSTRAINT voucher_hold_way CHECK (way IN ('direct', 'refund'));
ALTER TABLE voucher_hold ADD COLUMN price BIGINT NOT NULL DEFAULT 0;   -- of the order when it was held; 0 = not recorded
DROP INDEX voucher_hold_order;
CREATE UNIQUE INDEX voucher_hold_order ON voucher_hold (order_id, programme) WHERE state <> 'released';

-- Redemptions: of a provider, or of a firm that has paid the whole price; money that is asked back and comes back in parts.
ALTER TABLE voucher_claim RENAME COLUMN provider TO payee;             -- who is paid
ALTER TABLE voucher_claim ADD COLUMN way TEXT NOT NULL DEFAULT 'direct' CONSTRAINT voucher_claim_way CHECK (way IN ('direct', 'refund'));
ALTER TABLE voucher_claim ADD COLUMN recovered BIGINT NOT NULL DEFAULT 0;  -- asked back of what was paid
ALTER TABLE voucher_claim ADD COLUMN received BIGINT NOT NULL DEFAULT 0;   -- of that, come back

-- Orders: what the firm pays itself now and its region repays, and the parts when several programmes pay.
ALTER TABLE order_order ADD COLUMN repaid BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_order ADD COLUMN vouchers TEXT NOT NULL DEFAULT '';  -- programme:way:fen of each part, with spaces between; '' = none, or the one of before
