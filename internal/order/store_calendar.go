package order

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiao/internal/platform/db"
)

// listRules gives the booking rules of those resources that have their own.
func listRules(ctx context.Context, q db.Q, resources []string) (map[string]Rule, error) {
	type row struct {
		Resource string `db:"resource"`
		Units    int64  `db:"units"`
		Before   int64  `db:"before_minutes"`
		After    int64  `db:"after_minutes"`
		Notice   int64  `db:"notice_hours"`
		Ahead    int64  `db:"ahead_days"`
	}
	var w db.Where
	w.In("resource", resources)
	rows, err := db.All[row](ctx, q, `SELECT resource, units, before_minutes, after_minutes, notice_hours, ahead_days FROM order_rule`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list booking rules: %w", err)
	}
	out := map[string]Rule{}
	for _, r := range rows {
		out[r.Resource] = Rule{r.Units, r.Before, r.After, r.Notice, r.Ahead}
	}
	return out, nil
}

func putRule(ctx context.Context, tx *db.Tx, resource string, r Rule, at db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO order_rule (resource, units, before_minutes, after_minutes, notice_hours, ahead_days, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (resource) DO UPDATE SET units = excluded.units, before_minutes = excluded.before_minutes,
			after_minutes = excluded.after_minutes, notice_hours = excluded.notice_hours, ahead_days = excluded.ahead_days,
			updated_at = excluded.updated_at`, resource, r.Units, r.Before, r.After, r.Notice, r.Ahead, at)
	if err != nil {
		return fmt.Errorf("write the booking rule of %s: %w", resource, err)
	}
	return nil
}

// insertClosure tells whether the closure was new.
func insertClosure(ctx context.Context, tx *db.Tx, c Closure) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO order_closure (id, resource, state, start_at, end_at, reason, active, person, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
		c.ID, c.Resource, c.State, c.Start, c.End, c.Reason, c.Active, c.Person, c.At)
	if err != nil {
		return false, fmt.Errorf("insert a closure: %w", err)
	}
	return n > 0, nil
}

const closureColumns = `id, resource, state, start_at, end_at, reason, active, person, at`

func getClosure(ctx context.Context, q db.Q, closure string) (Closure, error) {
	c, err := db.One[Closure](ctx, q, `SELECT `+closureColumns+` FROM order_closure WHERE id = $1`, closure)
	if errors.Is(err, db.ErrNone) {
		return c, errNoClosure()
	}
	if err != nil {
		return c, fmt.Errorf("get closure %s: %w", closure, err)
	}
	return c, nil
}

func endClosure(ctx context.Context, tx *db.Tx, closure string) error {
	if _, err := tx.Exec(ctx, `UPDATE order_closure SET active = false WHERE id = $1`, closure); err != nil {
		return fmt.Errorf("end closure %s: %w", closure, err)
	}
	return nil
}

// listClosures is the active closures of a resource that end after an instant.
func listClosures(ctx context.Context, q db.Q, resource string, after time.Time) ([]Closure, error) {
	return db.All[Closure](ctx, q, `SELECT `+closureColumns+` FROM order_closure WHERE resource = $1 AND active AND end_at > $2 ORDER BY start_at, id`,
		resource, db.Stamp(after))
}

// bookedBetween is the number of an order that has booked a part of the span, or empty.
func bookedBetween(ctx context.Context, q db.Q, resource string, from, to time.Time) (string, error) {
	n, err := db.One[string](ctx, q, `SELECT o.number FROM order_booking b JOIN order_order o ON o.id = b.order_id
		WHERE b.resource = $1 AND b.active AND b.start_at < $2 AND b.end_at > $3 ORDER BY b.start_at LIMIT 1`, resource, db.Stamp(to), db.Stamp(from))
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look for bookings: %w", err)
	}
	return n, nil
}

// bookedOrder is one booking on a provider's board.
type bookedOrder struct {
	Order    string  `db:"order_id"`
	Number   string  `db:"number"`
	State    string  `db:"state"`
	Buyer    string  `db:"buyer"`
	Resource string  `db:"resource"`
	Unit     int64   `db:"unit"`
	Start    db.Time `db:"start_at"`
	End      db.Time `db:"end_at"`
}

// listBooked is the active bookings of resources that touch a span.
func listBooked(ctx context.Context, q db.Q, resources []string, from, to time.Time) ([]bookedOrder, error) {
	var w db.Where
	w.In("b.resource", resources)
	w.And("b.start_at < ?", db.Stamp(to))
	w.And("b.end_at > ?", db.Stamp(from))
	w.And("b.active")
	return db.All[bookedOrder](ctx, q, `SELECT b.order_id, o.number, o.state, o.buyer, b.resource, b.unit, b.start_at, b.end_at
		FROM order_booking b JOIN order_order o ON o.id = b.order_id`+w.SQL()+` ORDER BY b.start_at, b.resource, b.unit`, w.Args()...)
}
