package duplicate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/db"
)

// Pair is two records that may be one thing.
type Pair struct {
	ID        string  `db:"id"`
	First     string  `db:"first"`
	Second    string  `db:"second"`
	Kind      string  `db:"kind"`
	OwnerA    string  `db:"owner_a"`
	OwnerB    string  `db:"owner_b"`
	RegionA   string  `db:"region_a"`
	RegionB   string  `db:"region_b"`
	Score     int64   `db:"score"` // thousandths
	Why       string  `db:"reasons"`
	State     string  `db:"state"`
	Digest    string  `db:"digest"`
	Keep      string  `db:"keep"`
	Take      string  `db:"take"`
	Asked     string  `db:"asked"`
	Merge     string  `db:"merge"`
	Until     string  `db:"until"`
	FoundAt   db.Time `db:"found_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Reasons are why the two may be one.
func (p Pair) Reasons() ([]Reason, error) {
	var out []Reason
	if err := json.Unmarshal([]byte(p.Why), &out); err != nil {
		return nil, fmt.Errorf("read the reasons of pair %s: %w", p.ID, err)
	}
	return out, nil
}

// other is the record of a pair that is not the given one.
func (p Pair) other(resource string) string {
	if resource == p.First {
		return p.Second
	}
	return p.First
}

// Step is one decision about a pair.
type Step struct {
	ID     string  `db:"id"`
	Pair   string  `db:"pair"`
	At     db.Time `db:"at"`
	Person string  `db:"person"`
	Org    string  `db:"org"`
	Verb   string  `db:"verb"`
	From   string  `db:"from_state"`
	To     string  `db:"to_state"`
	Note   string  `db:"note"`
}

const pairColumns = `id, first, second, kind, owner_a, owner_b, region_a, region_b, score, reasons, state, digest, keep, take, asked, merge, until, found_at, updated_at`

func getPair(ctx context.Context, q db.Q, pair string) (Pair, error) {
	p, err := db.One[Pair](ctx, q, `SELECT `+pairColumns+` FROM duplicate_pair WHERE id = $1`, pair)
	if err != nil && !errors.Is(err, db.ErrNone) {
		err = fmt.Errorf("read pair %s: %w", pair, err)
	}
	return p, err
}

func listPairs(ctx context.Context, q db.Q, w *db.Where, tail string) ([]Pair, error) {
	out, err := db.All[Pair](ctx, q, `SELECT `+pairColumns+` FROM duplicate_pair`+w.SQL()+tail, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read pairs: %w", err)
	}
	return out, nil
}

// pairsOf are the pairs of some records.
func pairsOf(ctx context.Context, q db.Q, resources []string) ([]Pair, error) {
	var out []Pair
	for part := range slices.Chunk(resources, 200) {
		for _, col := range []string{"first", "second"} {
			var w db.Where
			w.In(col, part)
			l, err := listPairs(ctx, q, &w, "")
			if err != nil {
				return nil, err
			}
			out = append(out, l...)
		}
	}
	return out, nil
}

func insertPairs(ctx context.Context, tx *db.Tx, list []Pair) error {
	rows := make([][]any, len(list))
	for i, p := range list {
		rows[i] = []any{p.ID, p.First, p.Second, p.Kind, p.OwnerA, p.OwnerB, p.RegionA, p.RegionB, p.Score, p.Why, p.State, p.Digest, p.Keep, p.Take, p.Asked, p.Merge, p.Until, p.FoundAt, p.UpdatedAt}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO duplicate_pair (`+pairColumns+`)`, rows, "ON CONFLICT (first, second) DO NOTHING"); err != nil {
		return fmt.Errorf("write %d pairs: %w", len(list), err)
	}
	return nil
}

// updatePair writes what may change of a pair, if it is still in the state from; false when it is not.
func updatePair(ctx context.Context, tx *db.Tx, p Pair, from string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE duplicate_pair SET owner_a = $3, owner_b = $4, region_a = $5, region_b = $6, score = $7, reasons = $8, state = $9, digest = $10,
		keep = $11, take = $12, asked = $13, merge = $14, until = $15, updated_at = $16 WHERE id = $1 AND state = $2`,
		p.ID, from, p.OwnerA, p.OwnerB, p.RegionA, p.RegionB, p.Score, p.Why, p.State, p.Digest, p.Keep, p.Take, p.Asked, p.Merge, p.Until, p.UpdatedAt)
	if err != nil {
		return false, fmt.Errorf("update pair %s: %w", p.ID, err)
	}
	return n == 1, nil
}

func insertStep(ctx context.Context, tx *db.Tx, s Step) error {
	_, err := tx.Exec(ctx, `INSERT INTO duplicate_step (id, pair, position, at, person, org, verb, from_state, to_state, note)
		VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM duplicate_step WHERE pair = $2), $3, $4, $5, $6, $7, $8, $9)`,
		s.ID, s.Pair, s.At, s.Person, s.Org, s.Verb, s.From, s.To, s.Note)
	if err != nil {
		return fmt.Errorf("write a step of pair %s: %w", s.Pair, err)
	}
	return nil
}

func listSteps(ctx context.Context, q db.Q, pair string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT id, pair, at, person, org, verb, from_state, to_state, note FROM duplicate_step WHERE pair = $1 ORDER BY position`, pair)
	if err != nil {
		return nil, fmt.Errorf("read the history of pair %s: %w", pair, err)
	}
	return out, nil
}

// member is one record under a blocking key.
type member struct {
	Hash     int64  `db:"hash"`
	Resource string `db:"resource"`
}

// membersOf are the records under some blocking keys.
func membersOf(ctx context.Context, q db.Q, hashes []int64) ([]member, error) {
	var out []member
	for part := range slices.Chunk(hashes, 500) {
		text := make([]string, len(part))
		for i, h := range part {
			text[i] = strconv.FormatInt(h, 10) // numbers of our own: they need no placeholders, of which there are few
		}
		l, err := db.All[member](ctx, q, `SELECT hash, resource FROM duplicate_key WHERE hash IN (`+strings.Join(text, ", ")+`)`)
		if err != nil {
			return nil, fmt.Errorf("read blocking keys: %w", err)
		}
		out = append(out, l...)
	}
	return out, nil
}

// deleteKeys forgets the blocking keys of records.
func deleteKeys(ctx context.Context, tx *db.Tx, resources []string) error {
	for part := range slices.Chunk(resources, 500) {
		var w db.Where
		w.In("resource", part)
		if _, err := tx.Exec(ctx, `DELETE FROM duplicate_key`+w.SQL(), w.Args()...); err != nil {
			return fmt.Errorf("forget blocking keys: %w", err)
		}
	}
	return nil
}

func insertKeys(ctx context.Context, tx *db.Tx, list []member) error {
	rows := make([][]any, len(list))
	for i, m := range list {
		rows[i] = []any{m.Hash, m.Resource}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO duplicate_key (hash, resource)`, rows, "ON CONFLICT DO NOTHING"); err != nil {
		return fmt.Errorf("write blocking keys: %w", err)
	}
	return nil
}

// progress is how far a search has come.
type progress struct {
	Name     string `db:"name"`
	Position int64  `db:"position"`
	At       string `db:"at_id"`
}

func getProgress(ctx context.Context, q db.Q, name string) (progress, error) {
	p, err := db.One[progress](ctx, q, `SELECT name, position, at_id FROM duplicate_progress WHERE name = $1`, name)
	if errors.Is(err, db.ErrNone) {
		return progress{Name: name}, nil
	}
	if err != nil {
		return p, fmt.Errorf("read how far the search has come: %w", err)
	}
	return p, nil
}

func putProgress(ctx context.Context, tx *db.Tx, p progress) error {
	_, err := tx.Exec(ctx, `INSERT INTO duplicate_progress (name, position, at_id) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET position = excluded.position, at_id = excluded.at_id`, p.Name, p.Position, p.At)
	if err != nil {
		return fmt.Errorf("write how far the search has come: %w", err)
	}
	return nil
}

// counted is one line of countPairs.
type counted struct {
	State string `db:"state"`
	N     int64  `db:"n"`
}

func countPairs(ctx context.Context, q db.Q, w *db.Where) (map[string]int64, error) {
	rows, err := db.All[counted](ctx, q, `SELECT state, count(*) AS n FROM duplicate_pair`+w.SQL()+` GROUP BY state`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("count pairs: %w", err)
	}
	out := map[string]int64{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, nil
}
