-- +goose Up
-- An owner's list of ten thousand records answers from indexes; a region sets its own check term; what days alone change is told to the search.

CREATE INDEX catalogue_resource_own ON catalogue_resource (owner, updated_at, id, status, kind, checked_on);
CREATE INDEX catalogue_resource_owned ON catalogue_resource (owner, status, kind, checked_on, id);
DROP INDEX catalogue_resource_owner;       -- the new one begins as it did

CREATE TABLE catalogue_term (              -- how long a confirmation of a record holds in a region, where it has set a term of its own
  region TEXT NOT NULL,
  since  TEXT NOT NULL,                    -- civil day it comes into force
  days   BIGINT NOT NULL,                  -- natural days a confirmation holds
  warn   BIGINT NOT NULL,                  -- so many days before its end owners are reminded
  again  BIGINT NOT NULL,                  -- and again so many days after
  review BOOLEAN NOT NULL,                 -- a second person reads a record before it is published
  source TEXT NOT NULL,                    -- the rule it rests on
  person TEXT NOT NULL,
  org    TEXT NOT NULL,
  at     TEXT NOT NULL,
  PRIMARY KEY (region, since)
);

CREATE TABLE catalogue_turned (            -- one row: the day up to which the search knows what the passing of days changed
  id  TEXT PRIMARY KEY,
  day TEXT NOT NULL
);
CREATE INDEX catalogue_price_from ON catalogue_price (valid_from) WHERE valid_from <> '';
CREATE INDEX catalogue_price_to ON catalogue_price (valid_to) WHERE valid_to <> '';

ALTER TABLE order_order ADD COLUMN customs_use TEXT NOT NULL DEFAULT ''; -- the permitted purpose an order is for, where an instrument is under customs supervision
