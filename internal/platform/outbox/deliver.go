package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
)

// deliver hands the consumer its next events and the failures that are due; it tells how many.
func (b *Bus) deliver(ctx context.Context, c *consumer) (int, error) {
	at, err := b.cursor(ctx, c.name)
	if err != nil {
		return 0, err
	}
	events, err := db.All[Raw](ctx, b.db, `SELECT id, seq, name, body, at FROM outbox_event WHERE seq > $1 ORDER BY seq LIMIT $2`, at, batch)
	if err != nil {
		return 0, err
	}
	ctx = audit.WithActor(ctx, audit.System("outbox:"+c.name))
	for i, e := range events {
		if len(c.handlers[e.Name]) == 0 && i < len(events)-1 {
			continue // nothing to do: the cursor moves over it with the next
		}
		moved, err := b.step(ctx, c, e, at)
		if err != nil {
			return 0, err
		}
		if !moved { // another process delivers to this consumer: start over from its cursor
			return 1, nil
		}
		at = e.Seq
	}
	retried, err := b.retry(ctx, c)
	return len(events) + retried, err
}

func (b *Bus) cursor(ctx context.Context, name string) (int64, error) {
	at, err := db.One[int64](ctx, b.db, `SELECT seq FROM outbox_cursor WHERE consumer = $1`, name)
	if !errors.Is(err, db.ErrNone) {
		return at, err
	}
	return 0, b.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO outbox_cursor (consumer, seq) VALUES ($1, 0) ON CONFLICT (consumer) DO NOTHING`, name)
		return err
	})
}

// step moves the cursor over one event and runs its handlers in the same transaction. When they
// fail, the cursor moves all the same and the failure is put aside.
func (b *Bus) step(ctx context.Context, c *consumer, e Raw, from int64) (moved bool, err error) {
	advance := func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE outbox_cursor SET seq = $1 WHERE consumer = $2 AND seq = $3`, e.Seq, c.name, from)
		moved = n == 1
		return err
	}
	err = b.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := advance(ctx, tx); err != nil || !moved {
			return err
		}
		return c.handle(ctx, tx, e)
	})
	if err == nil || ctx.Err() != nil {
		return moved, err
	}
	reason := err.Error()
	return moved, b.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := advance(ctx, tx); err != nil || !moved {
			return err
		}
		return b.putAside(ctx, tx, c.name, e.Seq, 1, reason)
	})
}

func (c *consumer) handle(ctx context.Context, tx *db.Tx, e Raw) error {
	for _, h := range c.handlers[e.Name] {
		if err := h(ctx, tx, Meta{e.ID, e.Seq, e.Name, e.At.Time}, []byte(e.Body)); err != nil {
			return fmt.Errorf("event %d %s: %w", e.Seq, e.Name, err)
		}
	}
	return nil
}

// putAside records the attempt; the pause doubles from one second up to about a quarter of an hour.
func (b *Bus) putAside(ctx context.Context, tx *db.Tx, consumer string, seq, attempt int64, reason string) error {
	pause := time.Second << min(attempt-1, 10)
	_, err := tx.Exec(ctx, `INSERT INTO outbox_failure (consumer, seq, attempts, next_at, parked, reason) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (consumer, seq) DO UPDATE SET attempts = excluded.attempts, next_at = excluded.next_at, parked = excluded.parked, reason = excluded.reason`,
		consumer, seq, attempt, db.At(b.clock.Now().Add(pause)), attempt >= MaxAttempts, reason)
	return err
}

type failure struct {
	Raw
	Attempts int64 `db:"attempts"`
}

// retry runs the consumer's failures whose time has come.
func (b *Bus) retry(ctx context.Context, c *consumer) (int, error) {
	due, err := db.All[failure](ctx, b.db, `SELECT e.id, e.seq, e.name, e.body, e.at, f.attempts FROM outbox_failure f JOIN outbox_event e ON e.seq = f.seq
		WHERE f.consumer = $1 AND NOT f.parked AND f.next_at <= $2 ORDER BY f.seq LIMIT $3`, c.name, db.At(b.clock.Now()), batch)
	if err != nil {
		return 0, err
	}
	for _, f := range due {
		err := b.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := tx.Exec(ctx, `DELETE FROM outbox_failure WHERE consumer = $1 AND seq = $2 AND attempts = $3`, c.name, f.Seq, f.Attempts)
			if err != nil || n == 0 { // another process has it
				return err
			}
			return c.handle(ctx, tx, f.Raw)
		})
		if err == nil || ctx.Err() != nil {
			continue
		}
		reason := err.Error()
		if err := b.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return b.putAside(ctx, tx, c.name, f.Seq, f.Attempts+1, reason)
		}); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// Failure is a delivery put aside, for the operator's page.
type Failure struct {
	Consumer string  `db:"consumer"`
	Seq      int64   `db:"seq"`
	Name     string  `db:"name"`
	Attempts int64   `db:"attempts"`
	NextAt   db.Time `db:"next_at"`
	Parked   bool    `db:"parked"`
	Reason   string  `db:"reason"`
}

// Failures lists what is put aside, parked first.
func Failures(ctx context.Context, q db.Q, limit int) ([]Failure, error) {
	return db.All[Failure](ctx, q, `SELECT f.consumer, f.seq, e.name, f.attempts, f.next_at, f.parked, f.reason FROM outbox_failure f JOIN outbox_event e ON e.seq = f.seq
		ORDER BY f.parked DESC, f.seq LIMIT $1`, limit)
}

// Unpark lets a parked delivery be tried again at once.
func Unpark(ctx context.Context, tx *db.Tx, now time.Time, consumer string, seq int64) error {
	n, err := tx.Exec(ctx, `UPDATE outbox_failure SET parked = FALSE, attempts = 0, next_at = $1 WHERE consumer = $2 AND seq = $3`, db.At(now), consumer, seq)
	if err == nil && n == 0 {
		return db.ErrNone
	}
	return err
}

// Prune forgets events older than before that every consumer has passed and none has put aside. The
// feed's last number stays, so no number is ever given twice.
func Prune(ctx context.Context, tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM outbox_event WHERE at < $1 AND seq <= (SELECT min(seq) FROM outbox_cursor)
		AND NOT EXISTS (SELECT 1 FROM outbox_failure f WHERE f.seq = outbox_event.seq)`, db.At(before))
}
