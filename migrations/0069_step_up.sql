-- +goose Up
-- Money asks for the password again: when a session last gave it, and which tokens of programs may move money.
ALTER TABLE identity_session ADD COLUMN proved_at TEXT;                       -- NULL: not since this was recorded
ALTER TABLE identity_token ADD COLUMN money BOOLEAN NOT NULL DEFAULT TRUE;    -- tokens issued before could do it, and keep it until they end
