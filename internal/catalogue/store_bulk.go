package catalogue

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

// bulkKept is catalogue_bulk.
type bulkKept struct {
	ID      string  `db:"id"`
	Org     string  `db:"org"`
	Person  string  `db:"person"`
	At      db.Time `db:"at"`
	Edit    string  `db:"edit"` // JSON: BulkEdit
	Changed int64   `db:"changed"`
	LeftAs  int64   `db:"left_as"`
	Undone  string  `db:"undone"`
}

const bulkColumns = `id, org, person, at, edit, changed, left_as, undone`

func insertBulk(ctx context.Context, tx *db.Tx, b bulkKept) error {
	if _, err := tx.Exec(ctx, `INSERT INTO catalogue_bulk (`+bulkColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, b.ID, b.Org, b.Person, b.At, b.Edit, b.Changed, b.LeftAs, b.Undone); err != nil {
		return fmt.Errorf("keep the bulk edit %s: %w", b.ID, err)
	}
	return nil
}

func getBulk(ctx context.Context, q db.Q, id string) (bulkKept, error) {
	return db.One[bulkKept](ctx, q, `SELECT `+bulkColumns+` FROM catalogue_bulk WHERE id = $1`, id)
}

// listBulk reads an organisation's bulk edits, newest first.
func listBulk(ctx context.Context, q db.Q, org string, limit int) ([]bulkKept, error) {
	out, err := db.All[bulkKept](ctx, q, `SELECT `+bulkColumns+` FROM catalogue_bulk WHERE org = $1 ORDER BY at DESC, id DESC LIMIT $2`, org, limit)
	if err != nil {
		return nil, fmt.Errorf("read the bulk edits of %s: %w", org, err)
	}
	return out, nil
}

func markUndone(ctx context.Context, tx *db.Tx, id, by string) error {
	if _, err := tx.Exec(ctx, `UPDATE catalogue_bulk SET undone = $2 WHERE id = $1`, id, by); err != nil {
		return fmt.Errorf("mark the bulk edit %s as undone: %w", id, err)
	}
	return nil
}
