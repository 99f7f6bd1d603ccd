package find

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const searchColumns = `id, person, name, query, alert, looked_at, told_at, created_at`

func getSearch(ctx context.Context, q db.Q, id, person string) (Saved, error) {
	s, err := db.One[Saved](ctx, q, `SELECT `+searchColumns+` FROM find_search WHERE id = $1 AND person = $2`, id, person)
	if errors.Is(err, db.ErrNone) {
		return s, fault.New(fault.NotFound, "search-not-found", "没有找到这条保存的检索，它可能已被删除。")
	}
	if err != nil {
		return s, fmt.Errorf("read the saved search %s: %w", id, err)
	}
	return s, nil
}

func listSearches(ctx context.Context, q db.Q, w *db.Where, order string) ([]Saved, error) {
	out, err := db.All[Saved](ctx, q, `SELECT `+searchColumns+` FROM find_search`+w.SQL()+order, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list saved searches: %w", err)
	}
	return out, nil
}

func insertSearch(ctx context.Context, tx *db.Tx, s Saved) error {
	_, err := tx.Exec(ctx, `INSERT INTO find_search (`+searchColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
		s.ID, s.Person, s.Name, s.Query, s.Alert, s.LookedAt, s.ToldAt, s.CreatedAt)
	if err != nil {
		return fmt.Errorf("keep a search: %w", err)
	}
	return nil
}

func updateSearch(ctx context.Context, tx *db.Tx, s Saved) error {
	if _, err := tx.Exec(ctx, `UPDATE find_search SET name = $2, alert = $3, looked_at = $4, told_at = $5 WHERE id = $1`, s.ID, s.Name, s.Alert, s.LookedAt, s.ToldAt); err != nil {
		return fmt.Errorf("change the saved search %s: %w", s.ID, err)
	}
	return nil
}

func deleteSearch(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM find_search WHERE id = $1`, id); err != nil {
		return fmt.Errorf("delete the saved search %s: %w", id, err)
	}
	return nil
}

func listFavourites(ctx context.Context, q db.Q, person string) ([]Favourite, error) {
	out, err := db.All[Favourite](ctx, q, `SELECT person, resource, list, note, at FROM find_favourite WHERE person = $1 ORDER BY list, at DESC, resource`, person)
	if err != nil {
		return nil, fmt.Errorf("list favourites: %w", err)
	}
	return out, nil
}

func putFavourite(ctx context.Context, tx *db.Tx, f Favourite) error {
	_, err := tx.Exec(ctx, `INSERT INTO find_favourite (person, resource, list, note, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person, resource) DO UPDATE SET list = excluded.list, note = excluded.note`, f.Person, f.Resource, f.List, f.Note, f.At)
	if err != nil {
		return fmt.Errorf("keep a favourite: %w", err)
	}
	return nil
}

func deleteFavourite(ctx context.Context, tx *db.Tx, person, resource string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM find_favourite WHERE person = $1 AND resource = $2`, person, resource); err != nil {
		return fmt.Errorf("drop a favourite: %w", err)
	}
	return nil
}

func listSeen(ctx context.Context, q db.Q, person string, limit int) ([]Seen, error) {
	out, err := db.All[Seen](ctx, q, `SELECT person, resource, at FROM find_seen WHERE person = $1 ORDER BY at DESC, resource LIMIT $2`, person, limit)
	if err != nil {
		return nil, fmt.Errorf("list what was looked at: %w", err)
	}
	return out, nil
}

func putSeen(ctx context.Context, tx *db.Tx, s Seen) error {
	_, err := tx.Exec(ctx, `INSERT INTO find_seen (person, resource, at) VALUES ($1, $2, $3) ON CONFLICT (person, resource) DO UPDATE SET at = excluded.at`, s.Person, s.Resource, s.At)
	if err != nil {
		return fmt.Errorf("note what was looked at: %w", err)
	}
	return nil
}

func clearSeen(ctx context.Context, tx *db.Tx, person string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM find_seen WHERE person = $1`, person); err != nil {
		return fmt.Errorf("forget what was looked at: %w", err)
	}
	return nil
}

// Term is a number of the field with the day from which it holds.
type Term struct {
	Name   string `db:"name"`
	Since  string `db:"since"`
	Value  int64  `db:"value"`
	Source string `db:"source"`
}

// termOn is what holds on a civil day.
func termOn(ctx context.Context, q db.Q, name, day string) (Term, error) {
	out, err := db.One[Term](ctx, q, `SELECT name, since, value, source FROM find_term WHERE name = $1 AND since <= $2 ORDER BY since DESC LIMIT 1`, name, day)
	if err != nil {
		return out, fmt.Errorf("read the term %s: %w", name, err)
	}
	return out, nil
}

func putQuery(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `INSERT INTO find_query (epoch, text, day, asked, sessions, blank, total, opened, places) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (epoch, text) DO UPDATE SET day = excluded.day, asked = excluded.asked, sessions = excluded.sessions, blank = excluded.blank,
			total = excluded.total, opened = excluded.opened, places = excluded.places`,
		e.Epoch, e.Text, e.Day, e.Asked, e.Sessions, e.Nothing, e.Total, e.Opened, e.Places)
	if err != nil {
		return fmt.Errorf("write down searches: %w", err)
	}
	return nil
}

func addCount(ctx context.Context, tx *db.Tx, day, what, name string, n int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO find_count (day, what, name, n) VALUES ($1, $2, $3, $4) ON CONFLICT (day, what, name) DO UPDATE SET n = find_count.n + excluded.n`, day, what, name, n)
	if err != nil {
		return fmt.Errorf("count %s %s: %w", what, name, err)
	}
	return nil
}

// listEntries sums up the epochs since a day; sessions are the most of one epoch, since they are told apart only there.
func listEntries(ctx context.Context, q db.Q, since string) ([]Entry, error) {
	out, err := db.All[Entry](ctx, q, `SELECT '' AS epoch, text, max(day) AS day, CAST(sum(asked) AS BIGINT) AS asked, max(sessions) AS sessions, CAST(sum(blank) AS BIGINT) AS blank,
		max(total) AS total, CAST(sum(opened) AS BIGINT) AS opened, CAST(sum(places) AS BIGINT) AS places FROM find_query WHERE day >= $1 GROUP BY text ORDER BY asked DESC, text LIMIT 500`, since)
	if err != nil {
		return nil, fmt.Errorf("read the searches: %w", err)
	}
	return out, nil
}

// Tally is a count of a name.
type Tally struct {
	Name string `db:"name"`
	N    int64  `db:"n"`
}

func listCounts(ctx context.Context, q db.Q, what, since string) ([]Tally, error) {
	out, err := db.All[Tally](ctx, q, `SELECT name, CAST(sum(n) AS BIGINT) AS n FROM find_count WHERE what = $1 AND day >= $2 GROUP BY name ORDER BY n DESC, name`, what, since)
	if err != nil {
		return nil, fmt.Errorf("read the counts of %s: %w", what, err)
	}
	return out, nil
}

// prune forgets what is older than its term.
func prune(ctx context.Context, tx *db.Tx, logDay, seenAt string) error {
	for _, x := range [][2]string{{`DELETE FROM find_query WHERE day < $1`, logDay}, {`DELETE FROM find_count WHERE day < $1`, logDay}, {`DELETE FROM find_seen WHERE at < $1`, seenAt}} {
		if _, err := tx.Exec(ctx, x[0], x[1]); err != nil {
			return fmt.Errorf("forget what is old: %w", err)
		}
	}
	return nil
}
