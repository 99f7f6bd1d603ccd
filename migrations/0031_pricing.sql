-- +goose Up
-- Price rules as dated data: plans and their versions, which group a buyer belongs to, and what an order was priced by.

CREATE TABLE pricing_plan (
  id         TEXT PRIMARY KEY,
  owner      TEXT NOT NULL,           -- organisation
  resource   TEXT NOT NULL,           -- '' : of all resources that have none of their own
  name_zh    TEXT NOT NULL,           -- of the resource, as it was when the plan was begun
  name_en    TEXT NOT NULL DEFAULT '',
  draft      TEXT NOT NULL,           -- the version being written, as JSON; '' when none is
  sample     BOOLEAN NOT NULL,
  revision   BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT pricing_plan_resource UNIQUE (owner, resource)
);

CREATE TABLE pricing_version (        -- published; never changed, only followed: the newest that holds on a day counts
  plan       TEXT NOT NULL REFERENCES pricing_plan (id),
  version    BIGINT NOT NULL,
  valid_from TEXT NOT NULL,           -- civil day
  valid_to   TEXT NOT NULL DEFAULT '',-- last civil day; '' open
  body       TEXT NOT NULL,           -- JSON that pricing.Plan checks
  note       TEXT NOT NULL DEFAULT '',
  person     TEXT NOT NULL,
  at         TEXT NOT NULL,
  PRIMARY KEY (plan, version),
  CONSTRAINT pricing_version_days CHECK (valid_to = '' OR valid_from <= valid_to)
);

CREATE TABLE pricing_member (         -- buyers that pay a group's price at a provider; all others pay the external one
  owner      TEXT NOT NULL,
  org        TEXT NOT NULL,
  grp        TEXT NOT NULL,           -- internal, member, or a name of the provider's own
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL DEFAULT '',
  person     TEXT NOT NULL,
  at         TEXT NOT NULL,
  PRIMARY KEY (owner, org, valid_from)
);

CREATE TABLE pricing_kept (           -- by what an order was priced: its bill is counted from the same
  order_id TEXT PRIMARY KEY,
  plan     TEXT NOT NULL,
  version  BIGINT NOT NULL,
  facts    TEXT NOT NULL,             -- JSON of pricing.Facts
  total    BIGINT NOT NULL,
  FOREIGN KEY (plan, version) REFERENCES pricing_version (plan, version)
);

ALTER TABLE order_line ADD COLUMN kind TEXT NOT NULL DEFAULT 'use';    -- use, base, least, add-on, discount, cancel, no-show
ALTER TABLE order_line ADD COLUMN period TEXT NOT NULL DEFAULT '';     -- the time of day or week whose price it is
ALTER TABLE order_line ADD COLUMN above BIGINT NOT NULL DEFAULT 0;     -- units before it begins, or that a flat fee covers
ALTER TABLE order_line ADD COLUMN percent BIGINT NOT NULL DEFAULT 0;   -- of a discount or fee, in hundredths of a percent
