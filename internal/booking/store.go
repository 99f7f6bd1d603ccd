package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"qiao/internal/platform/db"
)

// lockUnit takes the unit's place in the queue: rivals for it wait here until this transaction ends.
func lockUnit(ctx context.Context, tx *db.Tx, resource string, unit int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO booking_queue (resource, unit, turns) VALUES ($1, $2, 1)
		ON CONFLICT (resource, unit) DO UPDATE SET turns = booking_queue.turns + 1`, resource, unit)
	if err != nil {
		return fmt.Errorf("queue for unit %d of %s: %w", unit, resource, err)
	}
	return nil
}

// insertBooking reserves the stretch; slot-taken when the database finds an overlap.
func insertBooking(ctx context.Context, tx *db.Tx, b Booking) error {
	_, err := tx.Exec(ctx, `INSERT INTO booking_booking (`+bookingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		b.Holder, b.Kind, b.Resource, b.Unit, b.Start, b.End, b.From, b.To, b.Active)
	if db.Violates(err, "booking_overlap") {
		return errSlotTaken().Because(err)
	}
	if err != nil {
		return fmt.Errorf("insert the booking of %s: %w", b.Holder, err)
	}
	return nil
}

// moveBooking writes the stretch that a holder has now; slot-taken when the database finds an overlap.
func moveBooking(ctx context.Context, tx *db.Tx, b Booking) error {
	_, err := tx.Exec(ctx, `UPDATE booking_booking SET unit = $2, start_at = $3, end_at = $4, from_at = $5, to_at = $6, active = true WHERE holder = $1`,
		b.Holder, b.Unit, b.Start, b.End, b.From, b.To)
	if db.Violates(err, "booking_overlap") {
		return errSlotTaken().Because(err)
	}
	if err != nil {
		return fmt.Errorf("move the booking of %s: %w", b.Holder, err)
	}
	return nil
}

func releaseBooking(ctx context.Context, tx *db.Tx, holder string) error {
	if _, err := tx.Exec(ctx, `UPDATE booking_booking SET active = false WHERE holder = $1`, holder); err != nil {
		return fmt.Errorf("release the booking of %s: %w", holder, err)
	}
	return nil
}

// freeBooking is releaseBooking that gives what became free; the zero Booking when the holder had nothing.
func freeBooking(ctx context.Context, tx *db.Tx, holder string) (Booking, error) {
	rows, err := db.All[Booking](ctx, tx, `UPDATE booking_booking SET active = false WHERE holder = $1 AND active RETURNING `+bookingColumns, holder)
	if err != nil {
		return Booking{}, fmt.Errorf("release the booking of %s: %w", holder, err)
	}
	if len(rows) == 0 {
		return Booking{}, nil
	}
	return rows[0], nil
}

// endOffer gives an offer's stretch up; slot-taken when it holds none any more.
func endOffer(ctx context.Context, tx *db.Tx, holder string) error {
	n, err := tx.Exec(ctx, `UPDATE booking_booking SET active = false WHERE holder = $1 AND kind = 'offer' AND active`, holder)
	if err != nil {
		return fmt.Errorf("end the offer %s: %w", holder, err)
	}
	if n == 0 {
		return errSlotTaken()
	}
	return nil
}

const bookingColumns = `holder, kind, resource, unit, start_at, end_at, from_at, to_at, active`

func bookingsOf(ctx context.Context, q db.Q, holders []string) (map[string]Booking, error) {
	out := map[string]Booking{}
	for part := range slices.Chunk(holders, 500) {
		var w db.Where
		w.In("holder", part)
		rows, err := db.All[Booking](ctx, q, `SELECT `+bookingColumns+` FROM booking_booking`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read the bookings of %d holders: %w", len(part), err)
		}
		for _, b := range rows {
			out[b.Holder] = b
		}
	}
	return out, nil
}

const ruleColumns = `units, before_minutes, after_minutes, notice_hours, ahead_days, inner_notice, inner_ahead, mode, slot_minutes, step_minutes, most_minutes, holidays, most_held, inner_held`

// listRules gives the booking rules of those resources that have their own.
func listRules(ctx context.Context, q db.Q, resources []string) (map[string]Rule, error) {
	type row struct {
		Resource string `db:"resource"`
		Rule
	}
	var w db.Where
	w.In("resource", resources)
	rows, err := db.All[row](ctx, q, `SELECT resource, `+ruleColumns+` FROM booking_rule`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list booking rules: %w", err)
	}
	out := map[string]Rule{}
	for _, r := range rows {
		out[r.Resource] = r.Rule
	}
	return out, nil
}

func putRule(ctx context.Context, tx *db.Tx, resource string, r Rule, at db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO booking_rule (resource, `+ruleColumns+`, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (resource) DO UPDATE SET units = excluded.units, before_minutes = excluded.before_minutes,
			after_minutes = excluded.after_minutes, notice_hours = excluded.notice_hours, ahead_days = excluded.ahead_days,
			inner_notice = excluded.inner_notice, inner_ahead = excluded.inner_ahead, mode = excluded.mode, slot_minutes = excluded.slot_minutes,
			step_minutes = excluded.step_minutes, most_minutes = excluded.most_minutes, holidays = excluded.holidays,
			most_held = excluded.most_held, inner_held = excluded.inner_held, updated_at = excluded.updated_at`,
		resource, r.Units, r.Before, r.After, r.Notice, r.Ahead, r.InnerNotice, r.InnerAhead, r.Mode, r.Slot, r.Step, r.Most, r.Holidays, r.Open, r.InnerOpen, at)
	if err != nil {
		return fmt.Errorf("write the booking rule of %s: %w", resource, err)
	}
	return nil
}

// insertClosure tells whether the closure was new.
func insertClosure(ctx context.Context, tx *db.Tx, c Closure) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO booking_closure (id, resource, state, unplanned, start_at, end_at, reason, active, person, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
		c.ID, c.Resource, c.State, c.Unplanned, c.Start, c.End, c.Reason, c.Active, c.Person, c.At)
	if err != nil {
		return false, fmt.Errorf("insert a closure: %w", err)
	}
	return n > 0, nil
}

const closureColumns = `id, resource, state, unplanned, start_at, end_at, reason, active, person, at`

func getClosure(ctx context.Context, q db.Q, closure string) (Closure, error) {
	c, err := db.One[Closure](ctx, q, `SELECT `+closureColumns+` FROM booking_closure WHERE id = $1`, closure)
	if errors.Is(err, db.ErrNone) {
		return c, errNoClosure()
	}
	if err != nil {
		return c, fmt.Errorf("get closure %s: %w", closure, err)
	}
	return c, nil
}

func endClosure(ctx context.Context, tx *db.Tx, closure string) error {
	if _, err := tx.Exec(ctx, `UPDATE booking_closure SET active = false WHERE id = $1`, closure); err != nil {
		return fmt.Errorf("end closure %s: %w", closure, err)
	}
	return nil
}

// listClosures is the active closures of a resource that end after an instant.
func listClosures(ctx context.Context, q db.Q, resource string, after time.Time) ([]Closure, error) {
	return db.All[Closure](ctx, q, `SELECT `+closureColumns+` FROM booking_closure WHERE resource = $1 AND active AND end_at > $2 ORDER BY start_at, id`,
		resource, db.Stamp(after))
}

// listBooked is the active bookings of resources that touch a span, by start.
func listBooked(ctx context.Context, q db.Q, resources []string, from, to time.Time) ([]Booking, error) {
	var w db.Where
	w.In("resource", resources)
	w.And("start_at < ?", db.Stamp(to))
	w.And("end_at > ?", db.Stamp(from))
	w.And("active")
	out, err := db.All[Booking](ctx, q, `SELECT `+bookingColumns+` FROM booking_booking`+w.SQL()+` ORDER BY start_at, resource, unit`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("look for bookings: %w", err)
	}
	return out, nil
}

// listOccupied is the units of a resource that are taken in a span, buffers included.
func listOccupied(ctx context.Context, q db.Q, resource string, from, to time.Time) (map[int64]bool, error) {
	units, err := db.All[int64](ctx, q, `SELECT DISTINCT unit FROM booking_booking WHERE resource = $1 AND active AND from_at < $2 AND to_at > $3`, resource, db.Stamp(to), db.Stamp(from))
	if err != nil {
		return nil, fmt.Errorf("look for taken units: %w", err)
	}
	out := map[int64]bool{}
	for _, u := range units {
		out[u] = true
	}
	return out, nil
}

// listBusy is what blocks a resource between two instants: active bookings with their buffers, and closures.
func listBusy(ctx context.Context, q db.Q, resources []string, from, to time.Time) (map[string][]Busy, error) {
	type row struct {
		Resource string  `db:"resource"`
		Unit     int64   `db:"unit"`
		State    string  `db:"state"`
		From     db.Time `db:"from_at"`
		To       db.Time `db:"to_at"`
	}
	var w db.Where
	w.In("resource", resources)
	w.And("from_at < ?", db.Stamp(to))
	w.And("to_at > ?", db.Stamp(from))
	rows, err := db.All[row](ctx, q, `SELECT resource, unit, state, from_at, to_at FROM (
		SELECT resource, unit, 'taken' AS state, from_at, to_at FROM booking_booking WHERE active
		UNION ALL SELECT resource, 0, state, start_at, end_at FROM booking_closure WHERE active) AS busy`+w.SQL()+` ORDER BY from_at`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list what blocks the slots: %w", err)
	}
	out := map[string][]Busy{}
	for _, r := range rows {
		out[r.Resource] = append(out[r.Resource], Busy{Span{r.From.Time, r.To.Time}, r.Unit, r.State})
	}
	return out, nil
}
