-- +goose Up
-- An owner's list of ten thousand records: its order, its tabs and its counts are read from the index alone.

CREATE INDEX catalogue_resource_own ON catalogue_resource (owner, updated_at, id, status, kind, checked_on);
CREATE INDEX catalogue_resource_owned ON catalogue_resource (owner, status, kind, checked_on, id);
DROP INDEX catalogue_resource_owner;       -- the new one begins as it did
