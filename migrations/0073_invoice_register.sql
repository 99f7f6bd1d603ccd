-- +goose Up
-- One register of invoice numbers for the whole node: orders, records of services outside, redemptions and applications use
-- the same, and a number belongs to one case only.

CREATE TABLE invoice_number (
  number  TEXT PRIMARY KEY,             -- as kept: capitals and digits only
  case_id TEXT NOT NULL,                -- what it belongs to: order/…, record/…, claim/…; the same case may use it again
  kind    TEXT NOT NULL,                -- of the first use: order, record, claim, application
  object  TEXT NOT NULL,                -- of the first use
  label   TEXT NOT NULL,                -- what people call that
  owner   TEXT NOT NULL,                -- organisations that may know of it
  other   TEXT NOT NULL,
  region  TEXT NOT NULL,
  at      TEXT NOT NULL
);

CREATE TABLE invoice_use (
  number  TEXT NOT NULL REFERENCES invoice_number (number),
  object  TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (number, object)
);
CREATE INDEX invoice_use_object ON invoice_use (object);

INSERT INTO invoice_number (number, case_id, kind, object, label, owner, other, region, at)
  SELECT number, 'order/' || order_id, 'order', id, order_number, provider, buyer, region, at FROM invoice_invoice;

-- Services outside that name an invoice: the first record of a number is its first use.
INSERT INTO invoice_number (number, case_id, kind, object, label, owner, other, region, at)
  SELECT x.number, 'record/' || x.owner, 'record', x.id, 'FW' || substr('000000' || CAST(x.serial AS TEXT), length(CAST(x.serial AS TEXT)) + 1), x.owner, x.org, x.region, x.created_at FROM (
    SELECT r.*, upper(replace(replace(r.invoice, ' ', ''), '-', '')) AS number,
      row_number() OVER (PARTITION BY upper(replace(replace(r.invoice, ' ', ''), '-', '')) ORDER BY r.created_at, r.id) AS place
    FROM record_record r WHERE r.state = 'kept' AND r.source <> 'order' AND length(r.invoice) BETWEEN 6 AND 30) x
  WHERE x.place = 1 AND x.number NOT IN (SELECT number FROM invoice_number);

INSERT INTO invoice_use (number, object, at) SELECT number, object, at FROM invoice_number;
