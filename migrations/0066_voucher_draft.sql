-- +goose Up
-- Rules of voucher programmes that an authority is writing, and what an order was of, so that new rules can be tried on it.

CREATE TABLE voucher_draft (
  id         TEXT PRIMARY KEY,
  programme  TEXT NOT NULL DEFAULT '',  -- whose next version it is; empty: a new programme
  authority  TEXT NOT NULL,
  region     TEXT NOT NULL,
  body       TEXT NOT NULL,             -- JSON of a programme, complete or not
  example    TEXT NOT NULL DEFAULT '',  -- code of the published scheme it began from
  person     TEXT NOT NULL,             -- who wrote it last
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX voucher_draft_authority ON voucher_draft (authority, updated_at);

ALTER TABLE voucher_hold ADD COLUMN kind TEXT NOT NULL DEFAULT '';  -- of the resource
ALTER TABLE voucher_hold ADD COLUMN class TEXT NOT NULL DEFAULT ''; -- of the catalogue or of a service

-- +goose Down
ALTER TABLE voucher_hold DROP COLUMN class;
ALTER TABLE voucher_hold DROP COLUMN kind;
DROP TABLE voucher_draft;
