package scrutiny

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const flagColumns = `id, kind, severity, order_id, number, title, claim, programme, region, firm, provider, amount, evidence, digest, rule, state, outcome, person, sample, created_at, decided_at`

func insertFlag(ctx context.Context, tx *db.Tx, f Flag) error {
	_, err := tx.Exec(ctx, `INSERT INTO scrutiny_flag (`+flagColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		f.ID, f.Kind, f.Severity, f.Order, f.Number, f.Title, f.Claim, f.Programme, f.Region, f.Firm, f.Provider, f.Amount, f.Evidence, f.Digest, f.Rule, f.State, f.Outcome, f.Person, f.Sample, f.CreatedAt, f.DecidedAt)
	if err != nil {
		return fmt.Errorf("write a flag: %w", err)
	}
	return nil
}

func updateFlag(ctx context.Context, tx *db.Tx, f Flag) error {
	_, err := tx.Exec(ctx, `UPDATE scrutiny_flag SET severity = $1, claim = $2, evidence = $3, digest = $4, rule = $5, state = $6, outcome = $7, person = $8, decided_at = $9 WHERE id = $10`,
		f.Severity, f.Claim, f.Evidence, f.Digest, f.Rule, f.State, f.Outcome, f.Person, f.DecidedAt, f.ID)
	if err != nil {
		return fmt.Errorf("move flag %s: %w", f.ID, err)
	}
	return nil
}

// lockFlag reads a flag and keeps others from it until the commit.
func lockFlag(ctx context.Context, tx *db.Tx, id string) (Flag, error) {
	return one[Flag](ctx, tx, `UPDATE scrutiny_flag SET rule = rule WHERE id = $1 RETURNING `+flagColumns, id)
}

func getFlag(ctx context.Context, q db.Q, id string) (Flag, error) {
	return one[Flag](ctx, q, `SELECT `+flagColumns+` FROM scrutiny_flag WHERE id = $1`, id)
}

// flagsOf are those of an order, the newest first.
func flagsOf(ctx context.Context, q db.Q, order string) ([]Flag, error) {
	var w db.Where
	w.And("order_id = ?", order)
	return listFlags(ctx, q, &w, most)
}

// listFlags lists flags: the gravest open ones first, of equal ones those that wait longest.
func listFlags(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Flag, error) {
	out, err := db.All[Flag](ctx, q, `SELECT `+flagColumns+` FROM scrutiny_flag`+w.SQL()+` ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END,
		CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, created_at, id LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list flags: %w", err)
	}
	return out, nil
}

// one is the row that a statement gives; a fault when there is none.
func one[T any](ctx context.Context, q db.Q, sql string, args ...any) (T, error) {
	out, err := db.One[T](ctx, q, sql, args...)
	if errors.Is(err, db.ErrNone) {
		return out, fault.New(fault.NotFound, "scrutiny-not-found", "没有找到这件事项。")
	}
	if err != nil {
		return out, fmt.Errorf("read scrutiny: %w", err)
	}
	return out, nil
}

// maybe is the row that a statement gives, if there is one.
func maybe[T any](ctx context.Context, q db.Q, sql string, args ...any) (T, bool, error) {
	out, err := db.One[T](ctx, q, sql, args...)
	if errors.Is(err, db.ErrNone) {
		return out, false, nil
	}
	if err != nil {
		return out, false, fmt.Errorf("read scrutiny: %w", err)
	}
	return out, true, nil
}

const stepColumns = `id, object, position, at, side, person, org, verb, from_state, to_state, note, file, sha256, size`

// insertStep adds a step behind those that are there; whoever writes one holds the row of its object.
func insertStep(ctx context.Context, tx *db.Tx, st Step) error {
	_, err := tx.Exec(ctx, `INSERT INTO scrutiny_step (`+stepColumns+`)
		VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM scrutiny_step WHERE object = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		st.ID, st.Object, st.At, st.Side, st.Person, st.Org, st.Verb, st.From, st.To, st.Note, st.File, st.SHA256, st.Size)
	if err != nil {
		return fmt.Errorf("write a step: %w", err)
	}
	return nil
}

func listSteps(ctx context.Context, q db.Q, object string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT `+stepColumns+` FROM scrutiny_step WHERE object = $1 ORDER BY position`, object)
	if err != nil {
		return nil, fmt.Errorf("list steps: %w", err)
	}
	return out, nil
}

// partySaid tells whether the party has done a verb.
func partySaid(ctx context.Context, q db.Q, object, verb string) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM scrutiny_step WHERE object = $1 AND verb = $2 AND side = 'party'`, object, verb)
	if err != nil {
		return false, fmt.Errorf("read what the party said: %w", err)
	}
	return n > 0, nil
}
