package catalogue

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
)

// listTerms reads the check terms that regions have set.
func listTerms(ctx context.Context, q db.Q) ([]CheckTerm, error) {
	type line struct {
		Region string `db:"region"`
		Since  string `db:"since"`
		Days   int64  `db:"days"`
		Warn   int64  `db:"warn"`
		Again  int64  `db:"again"`
		Review bool   `db:"review"`
		Source string `db:"source"`
	}
	rows, err := db.All[line](ctx, q, `SELECT region, since, days, warn, again, review, source FROM catalogue_term ORDER BY region, since`)
	if err != nil {
		return nil, fmt.Errorf("read the check terms: %w", err)
	}
	out := make([]CheckTerm, len(rows))
	for i, r := range rows {
		out[i] = CheckTerm{Region: r.Region, Since: r.Since, Days: int(r.Days), Warn: int(r.Warn), Again: int(r.Again), Review: r.Review, Source: r.Source}
	}
	return out, nil
}

// putTerm writes a region's check term from a day on, in place of one that begins that day.
func putTerm(ctx context.Context, tx *db.Tx, t CheckTerm, by identity.Subject, at db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO catalogue_term (region, since, days, warn, again, review, source, person, org, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (region, since) DO UPDATE SET days = excluded.days, warn = excluded.warn, again = excluded.again, review = excluded.review, source = excluded.source, person = excluded.person, org = excluded.org, at = excluded.at`,
		t.Region, t.Since, int64(t.Days), int64(t.Warn), int64(t.Again), t.Review, t.Source, by.Person, by.Org, at)
	if err != nil {
		return fmt.Errorf("set the check term of %s: %w", t.Region, err)
	}
	return nil
}

// idsIn reads the ids of resources that meet w and lie in a region; in any where it is empty.
func idsIn(ctx context.Context, q db.Q, w *db.Where, code string) ([]string, error) {
	if code != "" {
		first, last := identity.Span(code)
		w.And("region BETWEEN ? AND ?", first, last)
	}
	out, err := db.All[string](ctx, q, `SELECT id FROM catalogue_resource`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list the resources in %s: %w", code, err)
	}
	return out, nil
}

// repriced are the resources with a price that has come into force or lapsed after one day, up to another.
func repriced(ctx context.Context, q db.Q, last, today string) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT resource FROM catalogue_price WHERE valid_from <> '' AND valid_from > $1 AND valid_from <= $2
		UNION SELECT resource FROM catalogue_price WHERE valid_to <> '' AND valid_to >= $1 AND valid_to < $2`, last, today)
	if err != nil {
		return nil, fmt.Errorf("list the resources with new prices: %w", err)
	}
	return out, nil
}

// turnedID is the one row of catalogue_turned.
const turnedID = "search"

// turnedDay is the day up to which the search knows what days have changed; empty before the first.
func turnedDay(ctx context.Context, q db.Q) (string, error) {
	day, err := db.One[string](ctx, q, `SELECT day FROM catalogue_turned WHERE id = $1`, turnedID)
	if err != nil && !isNone(err) {
		return "", fmt.Errorf("read the last day turned: %w", err)
	}
	return day, nil
}

func setTurnedDay(ctx context.Context, tx *db.Tx, day string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO catalogue_turned (id, day) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET day = excluded.day`, turnedID, day); err != nil {
		return fmt.Errorf("note the day turned: %w", err)
	}
	return nil
}
