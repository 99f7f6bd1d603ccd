-- +goose Up
-- What an e-invoice file says of itself, as it was read, and whose a payment is: its evidence goes to its two sides only.

ALTER TABLE invoice_invoice ADD COLUMN seller_code TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice_invoice ADD COLUMN seller_name TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice_invoice ADD COLUMN buyer_code TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice_invoice ADD COLUMN buyer_name TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice_invoice ADD COLUMN tax BIGINT NOT NULL DEFAULT 0;            -- fen
ALTER TABLE invoice_invoice ADD COLUMN checked BOOLEAN NOT NULL DEFAULT FALSE;   -- number, day and amount are those of the file

ALTER TABLE invoice_payment ADD COLUMN buyer TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice_payment ADD COLUMN provider TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice_payment ADD COLUMN region TEXT NOT NULL DEFAULT '';
UPDATE invoice_payment SET
  buyer = coalesce((SELECT o.buyer FROM order_order o WHERE o.id = invoice_payment.order_id), ''),
  provider = coalesce((SELECT o.provider FROM order_order o WHERE o.id = invoice_payment.order_id), ''),
  region = coalesce((SELECT o.region FROM order_order o WHERE o.id = invoice_payment.order_id), '');
