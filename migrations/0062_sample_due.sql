-- +goose Up
-- When a sample must have left, and of what people were told.

ALTER TABLE sample_sample ADD COLUMN due_on TEXT NOT NULL DEFAULT ''; -- last civil day here: as agreed, or by rule from the order's end on
UPDATE sample_sample SET due_on = keep_until;
CREATE INDEX sample_sample_due ON sample_sample (due_on) WHERE due_on <> '';
CREATE INDEX sample_sample_way ON sample_sample (updated_at) WHERE state IN ('sent', 'returned', 'refused');

CREATE TABLE sample_told (            -- each notice once
  order_id TEXT NOT NULL,
  kind     TEXT NOT NULL CONSTRAINT sample_told_kind CHECK (kind IN ('ending', 'over', 'sent', 'returned', 'refused')),
  point    TEXT NOT NULL,             -- the day or instant that it counts from
  level    BIGINT NOT NULL,           -- days before or since
  at       TEXT NOT NULL,
  PRIMARY KEY (order_id, kind, point, level)
);
