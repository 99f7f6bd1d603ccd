-- +goose Up
-- The rate of the terms that an order's voucher part was reckoned by, for ceilings of one rate in a year.

ALTER TABLE voucher_hold ADD COLUMN rate TEXT NOT NULL DEFAULT ''; -- code of the rate; empty: the general ratio

-- +goose Down
ALTER TABLE voucher_hold DROP COLUMN rate;
