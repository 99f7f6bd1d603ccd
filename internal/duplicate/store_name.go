package duplicate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
)

const nameColumns = `id, org, kind, name, form, source, valid_from, valid_to`

// listNames reads the names of organisations, by organisation.
func listNames(ctx context.Context, q db.Q, orgs []string) (map[string][]Name, error) {
	out := map[string][]Name{}
	for part := range slices.Chunk(orgs, 500) {
		var w db.Where
		w.In("org", part)
		list, err := db.All[Name](ctx, q, `SELECT `+nameColumns+` FROM duplicate_name`+w.SQL()+` ORDER BY org, kind, id`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read names: %w", err)
		}
		for _, n := range list {
			out[n.Org] = append(out[n.Org], n)
		}
	}
	return out, nil
}

// namesByForm are the names with one of some normal forms, at most 200.
func namesByForm(ctx context.Context, q db.Q, forms []string) ([]Name, error) {
	var w db.Where
	w.In("form", slices.Compact(forms))
	list, err := db.All[Name](ctx, q, `SELECT `+nameColumns+` FROM duplicate_name`+w.SQL()+` ORDER BY org, id LIMIT 200`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("look up a name: %w", err)
	}
	return list, nil
}

// orgsByWords are the organisations that share most of some words, a rare word counting more than one many have.
func orgsByWords(ctx context.Context, q db.Q, words []string, limit int) ([]string, error) {
	if len(words) == 0 {
		return nil, nil
	}
	var w db.Where
	w.In("word", words[:min(len(words), 60)])
	list, err := db.All[string](ctx, q, `SELECT d.org FROM duplicate_word d JOIN (SELECT word, count(*) AS n FROM duplicate_word`+w.SQL()+` GROUP BY word) f ON f.word = d.word
		GROUP BY d.org ORDER BY sum(1.0 / f.n) DESC, d.org LIMIT `+w.Arg(int64(limit)), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("look up the words of a name: %w", err)
	}
	return list, nil
}

// listWords are the words some organisations are looked up by, by organisation.
func listWords(ctx context.Context, q db.Q, orgs []string) (map[string][]string, error) {
	type row struct {
		Org  string `db:"org"`
		Word string `db:"word"`
	}
	out := map[string][]string{}
	for part := range slices.Chunk(orgs, 500) {
		var w db.Where
		w.In("org", part)
		list, err := db.All[row](ctx, q, `SELECT org, word FROM duplicate_word`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read the words of names: %w", err)
		}
		for _, x := range list {
			out[x.Org] = append(out[x.Org], x.Word)
		}
	}
	return out, nil
}

// replaceNames writes the names of one organisation, and the words they are looked up by, anew.
func replaceNames(ctx context.Context, tx *db.Tx, org string, list []Name) error {
	for _, sql := range []string{`DELETE FROM duplicate_name WHERE org = $1`, `DELETE FROM duplicate_word WHERE org = $1`} {
		if _, err := tx.Exec(ctx, sql, org); err != nil {
			return fmt.Errorf("forget the names of %s: %w", org, err)
		}
	}
	rows := make([][]any, len(list))
	for i, n := range list {
		rows[i] = []any{n.ID, n.Org, n.Kind, n.Name, n.Form, n.Source, n.ValidFrom, n.ValidTo}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO duplicate_name (`+nameColumns+`)`, rows, "ON CONFLICT DO NOTHING"); err != nil {
		return fmt.Errorf("write the names of %s: %w", org, err)
	}
	var words [][]any
	for _, w := range wordsOf(list) {
		words = append(words, []any{w, org})
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO duplicate_word (word, org)`, words, "ON CONFLICT DO NOTHING"); err != nil {
		return fmt.Errorf("write the words of %s: %w", org, err)
	}
	return nil
}

// Takeover is a public record and the organisation that it is probably about.
type Takeover struct {
	ID         string  `db:"id"`
	Public     string  `db:"public"`
	Registered string  `db:"registered"`
	Region     string  `db:"region"`
	Score      int64   `db:"score"`
	Why        string  `db:"why"` // JSON: a Reason
	State      string  `db:"state"`
	Merge      string  `db:"merge"`
	Moved      string  `db:"moved"` // JSON: ids of records
	Person     string  `db:"person"`
	Note       string  `db:"note"`
	CreatedAt  db.Time `db:"created_at"`
	UpdatedAt  db.Time `db:"updated_at"`
}

const takeoverColumns = `id, public, registered, region, score, why, state, merge, moved, person, note, created_at, updated_at`

func getTakeover(ctx context.Context, q db.Q, takeover string) (Takeover, error) {
	x, err := db.One[Takeover](ctx, q, `SELECT `+takeoverColumns+` FROM duplicate_takeover WHERE id = $1`, takeover)
	if err != nil && !errors.Is(err, db.ErrNone) {
		err = fmt.Errorf("read takeover %s: %w", takeover, err)
	}
	return x, err
}

func listTakeovers(ctx context.Context, q db.Q, w *db.Where, tail string) ([]Takeover, error) {
	out, err := db.All[Takeover](ctx, q, `SELECT `+takeoverColumns+` FROM duplicate_takeover`+w.SQL()+tail, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read takeovers: %w", err)
	}
	return out, nil
}

// insertTakeover writes a candidate, once.
func insertTakeover(ctx context.Context, tx *db.Tx, x Takeover) error {
	_, err := tx.Exec(ctx, `INSERT INTO duplicate_takeover (`+takeoverColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
		x.ID, x.Public, x.Registered, x.Region, x.Score, x.Why, x.State, x.Merge, x.Moved, x.Person, x.Note, x.CreatedAt, x.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write takeover %s: %w", x.ID, err)
	}
	return nil
}

// updateTakeover writes what may change, if it is still in the state from; false when it is not.
func updateTakeover(ctx context.Context, tx *db.Tx, x Takeover, from string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE duplicate_takeover SET state = $3, merge = $4, moved = $5, person = $6, note = $7, updated_at = $8 WHERE id = $1 AND state = $2`,
		x.ID, from, x.State, x.Merge, x.Moved, x.Person, x.Note, x.UpdatedAt)
	if err != nil {
		return false, fmt.Errorf("update takeover %s: %w", x.ID, err)
	}
	return n == 1, nil
}
