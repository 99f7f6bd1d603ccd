-- +goose Up
-- Quotes say what tax is in them.

ALTER TABLE order_quote ADD COLUMN tax TEXT NOT NULL DEFAULT '';
