package catalogue

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

const mergeColumns = `id, keep, dropped, keep_before, keep_after, dropped_before, dropped_after, at, person, org, undone_at`

// getMerge reads one merge; db.ErrNone when there is none.
func getMerge(ctx context.Context, q db.Q, mergeID string) (merge, error) {
	m, err := db.One[merge](ctx, q, `SELECT `+mergeColumns+` FROM catalogue_merge WHERE id = $1`, mergeID)
	if err != nil && !isNone(err) {
		err = fmt.Errorf("read merge %s: %w", mergeID, err)
	}
	return m, err
}

// standingMerge is the merge by which a record was dropped and which was not undone; db.ErrNone when there is none.
func standingMerge(ctx context.Context, q db.Q, dropped string) (merge, error) {
	m, err := db.One[merge](ctx, q, `SELECT `+mergeColumns+` FROM catalogue_merge WHERE dropped = $1 AND undone_at IS NULL`, dropped)
	if err != nil && !isNone(err) {
		err = fmt.Errorf("read what %s was merged into: %w", dropped, err)
	}
	return m, err
}

func insertMerge(ctx context.Context, tx *db.Tx, m merge) error {
	_, err := tx.Exec(ctx, `INSERT INTO catalogue_merge (`+mergeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		m.ID, m.Keep, m.Dropped, m.KeepBefore, m.KeepAfter, m.DroppedBefore, m.DroppedAfter, m.At, m.Person, m.Org, m.UndoneAt)
	if err != nil {
		return fmt.Errorf("write merge %s: %w", m.ID, err)
	}
	return nil
}

func undoMerge(ctx context.Context, tx *db.Tx, mergeID string, at db.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE catalogue_merge SET undone_at = $2 WHERE id = $1`, mergeID, at); err != nil {
		return fmt.Errorf("undo merge %s: %w", mergeID, err)
	}
	return nil
}

// moveResource gives a record to another owner; false when that one has a record of the same origin.
func moveResource(ctx context.Context, tx *db.Tx, resource, owner, origin string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE catalogue_resource SET owner = $2, origin = $3 WHERE id = $1
		AND NOT EXISTS (SELECT 1 FROM catalogue_resource o WHERE o.origin = $3 AND o.id <> $1)`, resource, owner, origin)
	if err != nil {
		return false, fmt.Errorf("give %s to %s: %w", resource, owner, err)
	}
	return n == 1, nil
}
