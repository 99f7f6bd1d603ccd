-- +goose Up
-- What happened, one row a fact; id is computed from kind and event (or object), so that twice is once.
CREATE TABLE stats_fact (
    id        TEXT PRIMARY KEY,
    event     TEXT NOT NULL,
    kind      TEXT NOT NULL,
    at        TEXT NOT NULL,
    day       TEXT NOT NULL, -- civil date in the region's zone
    month     TEXT NOT NULL, -- first seven characters of day
    region    TEXT NOT NULL,
    org       TEXT NOT NULL DEFAULT '',
    other     TEXT NOT NULL DEFAULT '',
    object    TEXT NOT NULL,
    resource  TEXT NOT NULL DEFAULT '',
    programme TEXT NOT NULL DEFAULT '',
    amount    BIGINT NOT NULL DEFAULT 0, -- fen
    minutes   BIGINT NOT NULL DEFAULT 0,
    score     BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT stats_fact_region CHECK (length(region) = 6),
    CONSTRAINT stats_fact_month CHECK (month = substr(day, 1, 7)),
    CONSTRAINT stats_fact_positive CHECK (amount >= 0 AND minutes >= 0 AND score >= 0)
);
CREATE INDEX stats_fact_rows ON stats_fact (kind, month, id);
CREATE INDEX stats_fact_object ON stats_fact (object, kind);
CREATE INDEX stats_fact_org ON stats_fact (org, month);
CREATE INDEX stats_fact_other ON stats_fact (other, month);
CREATE INDEX stats_fact_wait ON stats_fact (kind, minutes);

-- Sums of facts by day, kept with each fact: a number reads days, not facts. `qiao verify` compares the two.
CREATE TABLE stats_day (
    kind    TEXT NOT NULL,
    day     TEXT NOT NULL,
    region  TEXT NOT NULL,
    facts   BIGINT NOT NULL,
    amount  BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    score   BIGINT NOT NULL,
    PRIMARY KEY (kind, day, region)
);

-- What stood at the end of a day, for things that are counted and not summed.
CREATE TABLE stats_stock (
    code   TEXT NOT NULL,
    day    TEXT NOT NULL,
    part   TEXT NOT NULL, -- kind of resource or organisation
    region TEXT NOT NULL,
    held   BIGINT NOT NULL,
    PRIMARY KEY (code, day, part, region)
);

-- +goose Down
DROP TABLE stats_stock;
DROP TABLE stats_day;
DROP TABLE stats_fact;
