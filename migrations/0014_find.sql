-- +goose Up
-- Searches a person keeps.
CREATE TABLE find_search (
    id         TEXT PRIMARY KEY,
    person     TEXT NOT NULL,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL, -- parameters of the search page's address, in one order
    alert      TEXT NOT NULL, -- none, daily, once (as soon as something fits)
    looked_at  TEXT NOT NULL, -- the person's last look
    told_at    TEXT NOT NULL, -- what changed until then has been told
    created_at TEXT NOT NULL,
    CONSTRAINT find_search_alert CHECK (alert IN ('none', 'daily', 'once'))
);
CREATE INDEX find_search_person ON find_search (person, created_at);
CREATE INDEX find_search_due ON find_search (alert, told_at);

-- Resources a person keeps, in lists of his own.
CREATE TABLE find_favourite (
    person   TEXT NOT NULL,
    resource TEXT NOT NULL,
    list     TEXT NOT NULL DEFAULT '',
    note     TEXT NOT NULL DEFAULT '',
    at       TEXT NOT NULL,
    PRIMARY KEY (person, resource)
);

-- What a signed-in person looked at last; nothing is kept of visitors.
CREATE TABLE find_seen (
    person   TEXT NOT NULL,
    resource TEXT NOT NULL,
    at       TEXT NOT NULL,
    PRIMARY KEY (person, resource)
);
CREATE INDEX find_seen_at ON find_seen (at);

-- What was searched for: no person, no address. A text stands here only after enough different sessions typed it
-- within one epoch; all others are the row without a text.
CREATE TABLE find_query (
    epoch    TEXT NOT NULL, -- a week of one run of the program: sessions are told apart within it only
    text     TEXT NOT NULL, -- folded; '' = all that is rare
    day      TEXT NOT NULL, -- last civil day
    asked    BIGINT NOT NULL,
    sessions BIGINT NOT NULL,
    blank    BIGINT NOT NULL, -- searches without a result
    total    BIGINT NOT NULL, -- things found by the last one
    opened   BIGINT NOT NULL, -- results opened
    places   BIGINT NOT NULL, -- sum of their places
    PRIMARY KEY (epoch, text)
);
CREATE INDEX find_query_day ON find_query (day);

-- Which facets are used, and at which place results are opened: counts of a day.
CREATE TABLE find_count (
    day  TEXT NOT NULL,
    what TEXT NOT NULL, -- facet or place
    name TEXT NOT NULL,
    n    BIGINT NOT NULL,
    PRIMARY KEY (day, what, name)
);

-- Numbers of the field, dated.
CREATE TABLE find_term (
    name   TEXT NOT NULL, -- least-sessions, log-days, seen-days
    since  TEXT NOT NULL, -- civil day
    value  BIGINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (name, since)
);
INSERT INTO find_term (name, since, value, source) VALUES
    ('least-sessions', '2000-01-01', 3, '本平台选择：少于三个会话输入的词不单独显示'),
    ('log-days', '2000-01-01', 400, '本平台选择：检索记录保存四百天'),
    ('seen-days', '2000-01-01', 90, '本平台选择：浏览记录保存九十天');

-- Words that mean one thing.
CREATE TABLE find_synonym (
    id         TEXT PRIMARY KEY,
    words      TEXT NOT NULL, -- one a line
    one_way    BOOLEAN NOT NULL, -- the first is answered by the others, not they by it
    state      TEXT NOT NULL, -- proposed, approved, refused, retired
    source     TEXT NOT NULL, -- curated (came with the program), typed, learnt (from the log)
    note       TEXT NOT NULL DEFAULT '',
    at         TEXT NOT NULL,
    decided_by TEXT NOT NULL DEFAULT '', -- person
    decided_at TEXT,
    CONSTRAINT find_synonym_state CHECK (state IN ('proposed', 'approved', 'refused', 'retired'))
);

-- +goose Down
