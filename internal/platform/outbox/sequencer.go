package outbox

import (
	"context"
	"fmt"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
)

// batch bounds how many rows one transaction numbers or delivers.
const batch = 500

// Number gives the committed events and audit entries their place, in one transaction that locks
// out every other sequencer; it also links the audit's hash chain. It tells how many it numbered.
func Number(ctx context.Context, d *db.DB) (int, error) {
	waiting, err := db.One[int](ctx, d, `SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox_event WHERE seq IS NULL LIMIT 1) e) + (SELECT count(*) FROM (SELECT 1 FROM audit_entry WHERE seq IS NULL LIMIT 1) a)`)
	if err != nil || waiting == 0 {
		return 0, err
	}
	n := 0
	err = d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n = 0
		events, err := numberEvents(ctx, tx)
		if err != nil {
			return fmt.Errorf("number events: %w", err)
		}
		entries, err := audit.Link(ctx, tx, batch)
		if err != nil {
			return fmt.Errorf("link the audit log: %w", err)
		}
		n = events + entries
		return nil
	})
	return n, err
}

func numberEvents(ctx context.Context, tx *db.Tx) (int, error) {
	last, err := db.One[int64](ctx, tx, `UPDATE outbox_sequence SET last = last WHERE feed = 'event' RETURNING last`) // the lock
	if err != nil {
		return 0, err
	}
	ids, err := db.All[string](ctx, tx, `SELECT id FROM outbox_event WHERE seq IS NULL ORDER BY id LIMIT $1`, batch)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	for i, id := range ids {
		if _, err := tx.Exec(ctx, `UPDATE outbox_event SET seq = $1 WHERE id = $2`, last+int64(i)+1, id); err != nil {
			return 0, err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE outbox_sequence SET last = $1 WHERE feed = 'event'`, last+int64(len(ids)))
	return len(ids), err
}

// Position is the number of the newest event that has one.
func Position(ctx context.Context, q db.Q) (int64, error) {
	return db.One[int64](ctx, q, `SELECT last FROM outbox_sequence WHERE feed = 'event'`)
}

// After lists the events of these names with a number above seq, oldest first: for readers that keep
// their own place, like the search index.
func After(ctx context.Context, q db.Q, seq int64, limit int, names ...string) ([]Raw, error) {
	var w db.Where
	w.And("seq > ?", seq)
	w.In("name", names)
	return db.All[Raw](ctx, q, `SELECT id, seq, name, body, at FROM outbox_event`+w.SQL()+` ORDER BY seq LIMIT `+w.Arg(limit), w.Args()...)
}

// Raw is an event as stored.
type Raw struct {
	ID   string  `db:"id"`
	Seq  int64   `db:"seq"`
	Name string  `db:"name"`
	Body string  `db:"body"`
	At   db.Time `db:"at"`
}
