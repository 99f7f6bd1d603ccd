-- +goose Up
-- What a programme's conditions came to when a firm applied, and which of them an officer overruled.

CREATE TABLE voucher_eligibility (
  application TEXT PRIMARY KEY REFERENCES voucher_application (id),
  verdict     TEXT NOT NULL CONSTRAINT voucher_eligibility_verdict CHECK (verdict IN ('yes', 'no', 'unknown', 'person')),
  answers     TEXT NOT NULL,             -- JSON: code and verdict of each condition
  objection   TEXT NOT NULL DEFAULT ''   -- why the firm holds that it is eligible although a condition says no
);

CREATE TABLE voucher_waiver (
  application TEXT NOT NULL REFERENCES voucher_application (id),
  condition   TEXT NOT NULL, -- its code
  reason      TEXT NOT NULL CONSTRAINT voucher_waiver_reason CHECK (reason <> ''),
  person      TEXT NOT NULL,
  org         TEXT NOT NULL,
  at          TEXT NOT NULL,
  PRIMARY KEY (application, condition)
);
