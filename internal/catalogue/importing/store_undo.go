package importing

import (
	"context"
	"encoding/json"
	"fmt"

	"qiao/internal/platform/db"
)

// undoRow is catalogue_import_undo.
type undoRow struct {
	Import    string  `db:"import"`
	Person    string  `db:"person"`
	Acting    string  `db:"acting"`
	State     string  `db:"state"`
	Withdrawn int64   `db:"withdrawn"`
	Restored  int64   `db:"restored"`
	Kept      int64   `db:"kept"`
	Reached   string  `db:"reached"`
	At        db.Time `db:"at"`
	EndedAt   db.Time `db:"ended_at"`
}

// getUndo reads the undoing of an import; db.ErrNone when there is none.
func getUndo(ctx context.Context, q db.Q, importID string) (Undo, error) {
	x, err := db.One[undoRow](ctx, q, `SELECT import, person, acting, state, withdrawn, restored, kept, reached, at, ended_at FROM catalogue_import_undo WHERE import = $1`, importID)
	if err != nil {
		return Undo{}, err
	}
	return Undo{Import: x.Import, State: x.State, Withdrawn: x.Withdrawn, Restored: x.Restored, Kept: x.Kept, At: x.At, EndedAt: x.EndedAt, reached: x.Reached, subject: actor{x.Person, x.Acting}}, nil
}

func insertUndo(ctx context.Context, tx *db.Tx, u Undo, lease db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO catalogue_import_undo (import, person, acting, state, withdrawn, restored, kept, reached, lease_until, at, ended_at) VALUES ($1, $2, $3, $4, 0, 0, 0, '', $5, $6, $7)`,
		u.Import, u.subject.Person, u.subject.Org, u.State, lease, u.At, db.Time{})
	if err != nil {
		return fmt.Errorf("begin to take back import %s: %w", u.Import, err)
	}
	return nil
}

// advanceUndo writes how far an undoing has come.
func advanceUndo(ctx context.Context, tx *db.Tx, u Undo, lease db.Time) error {
	_, err := tx.Exec(ctx, `UPDATE catalogue_import_undo SET state = $2, withdrawn = $3, restored = $4, kept = $5, reached = $6, lease_until = $7, ended_at = $8 WHERE import = $1`,
		u.Import, u.State, u.Withdrawn, u.Restored, u.Kept, u.reached, lease, u.EndedAt)
	if err != nil {
		return fmt.Errorf("go on taking back import %s: %w", u.Import, err)
	}
	return nil
}

// claimUndo takes an undoing whose worker has gone; false when somebody works on it.
func claimUndo(ctx context.Context, tx *db.Tx, importID string, now, lease db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE catalogue_import_undo SET lease_until = $3 WHERE import = $1 AND state = 'running' AND lease_until <= $2`, importID, now, lease)
	if err != nil {
		return false, fmt.Errorf("claim the undoing of import %s: %w", importID, err)
	}
	return n == 1, nil
}

// abandonedUndos lists undoings that nobody works on, the oldest first.
func abandonedUndos(ctx context.Context, q db.Q, now db.Time) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT import FROM catalogue_import_undo WHERE state = 'running' AND lease_until <= $1 ORDER BY import LIMIT 10`, now)
	if err != nil {
		return nil, fmt.Errorf("look for undoings to go on with: %w", err)
	}
	return out, nil
}

func insertLeft(ctx context.Context, tx *db.Tx, importID string, list []Left) error {
	rows := make([][]any, len(list))
	for i, x := range list {
		args, err := jsonOf(x.Args)
		if err != nil {
			return err
		}
		rows[i] = []any{importID, x.Resource, x.Name, x.Code, x.Text, args}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO catalogue_import_kept (import, resource, name, code, text, args)`, rows, ""); err != nil {
		return fmt.Errorf("note what import %s leaves: %w", importID, err)
	}
	return nil
}

// listLeft reads the records that an undoing has left, at most limit.
func listLeft(ctx context.Context, q db.Q, importID string, limit int) ([]Left, error) {
	rows, err := db.All[struct {
		Resource string `db:"resource"`
		Name     string `db:"name"`
		Code     string `db:"code"`
		Text     string `db:"text"`
		Args     string `db:"args"`
	}](ctx, q, `SELECT resource, name, code, text, args FROM catalogue_import_kept WHERE import = $1 ORDER BY name, resource LIMIT $2`, importID, limit)
	if err != nil {
		return nil, fmt.Errorf("read what import %s leaves: %w", importID, err)
	}
	out := make([]Left, len(rows))
	for i, x := range rows {
		out[i] = Left{Resource: x.Resource, Name: x.Name, Code: x.Code, Text: x.Text}
		if err := json.Unmarshal([]byte(x.Args), &out[i].Args); err != nil {
			return nil, fmt.Errorf("read what import %s leaves: %w", importID, err)
		}
		wholeNumbers(out[i].Args)
	}
	return out, nil
}
