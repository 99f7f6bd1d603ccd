-- +goose Up
-- Calls for proposals from public sources, kept as they came: an unreadable date stays beside an empty one.
CREATE TABLE policy_call (
    id            TEXT PRIMARY KEY, -- computed from source and source_id: importing twice updates
    title         TEXT NOT NULL CONSTRAINT policy_call_title CHECK (title <> ''),
    agency        TEXT NOT NULL,              -- who calls
    published     TEXT NOT NULL DEFAULT '',   -- civil date; '' unknown
    deadline      TEXT NOT NULL DEFAULT '',   -- civil date, the last day; '' unknown
    published_raw TEXT NOT NULL DEFAULT '',   -- as the source wrote it
    deadline_raw  TEXT NOT NULL DEFAULT '',
    flags         TEXT NOT NULL DEFAULT '',   -- what is wrong with the row, separated by spaces
    source        TEXT NOT NULL,
    source_id     TEXT NOT NULL,
    licence       TEXT NOT NULL,
    retrieved_on  TEXT NOT NULL,
    search        TEXT NOT NULL               -- title and agency, folded
);
CREATE UNIQUE INDEX policy_call_source ON policy_call (source, source_id);
CREATE INDEX policy_call_newest ON policy_call (published, id);
CREATE INDEX policy_call_deadline ON policy_call (deadline);
