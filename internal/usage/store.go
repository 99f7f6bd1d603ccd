package usage

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
)

const entryColumns = `order_id, number, resource, owner, region, buyer, day, booking, inner_use, missed, booked, used`

func getEntry(ctx context.Context, q db.Q, orderID string) (Entry, bool, error) {
	e, err := db.One[Entry](ctx, q, `SELECT `+entryColumns+` FROM usage_entry WHERE order_id = $1`, orderID)
	if errors.Is(err, db.ErrNone) {
		return e, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("the entry of order %s: %w", orderID, err)
	}
	return e, true, nil
}

func putEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `INSERT INTO usage_entry (`+entryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (order_id) DO UPDATE SET number = excluded.number, resource = excluded.resource, owner = excluded.owner, region = excluded.region, buyer = excluded.buyer,
			day = excluded.day, booking = excluded.booking, inner_use = excluded.inner_use, missed = excluded.missed, booked = excluded.booked, used = excluded.used`,
		e.Order, e.Number, e.Resource, e.Owner, e.Region, e.Buyer, e.Day, e.Booking, e.Inner, e.Missed, e.Booked, e.Used)
	if err != nil {
		return fmt.Errorf("put the entry of order %s: %w", e.Order, err)
	}
	return nil
}

func dropEntry(ctx context.Context, tx *db.Tx, orderID string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM usage_entry WHERE order_id = $1`, orderID); err != nil {
		return fmt.Errorf("drop the entry of order %s: %w", orderID, err)
	}
	return nil
}

// addSum puts an entry into the sums of its month (sign 1), or takes it out (-1).
func addSum(ctx context.Context, tx *db.Tx, e Entry, sign int64) error {
	one := func(yes bool) int64 {
		if yes {
			return sign
		}
		return 0
	}
	inner := one(e.Inner)
	_, err := tx.Exec(ctx, `INSERT INTO usage_month (resource, month, owner, region, open, down, bookings, missed, orders, booked, booked_inner, used, used_inner)
		VALUES ($1, $2, $3, $4, 0, 0, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (resource, month) DO UPDATE SET bookings = usage_month.bookings + excluded.bookings, missed = usage_month.missed + excluded.missed,
			orders = usage_month.orders + excluded.orders, booked = usage_month.booked + excluded.booked, booked_inner = usage_month.booked_inner + excluded.booked_inner,
			used = usage_month.used + excluded.used, used_inner = usage_month.used_inner + excluded.used_inner`,
		e.Resource, e.month(), e.Owner, e.Region, one(e.Booking && e.Booked > 0), one(e.Missed), one(e.Used > 0), sign*e.Booked, inner*e.Booked, sign*e.Used, inner*e.Used)
	if err != nil {
		return fmt.Errorf("add the sums of %s in %s: %w", e.Resource, e.month(), err)
	}
	return nil
}

// putOpen writes what a resource could give in a month.
func putOpen(ctx context.Context, tx *db.Tx, r Resource, month string, o booking.OpenTime) error {
	_, err := tx.Exec(ctx, `INSERT INTO usage_month (resource, month, owner, region, open, down, bookings, missed, orders, booked, booked_inner, used, used_inner)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (resource, month) DO UPDATE SET open = excluded.open, down = excluded.down`,
		r.ID, month, r.Owner, r.Region, o.Open, o.Down)
	if err != nil {
		return fmt.Errorf("put the opening time of %s in %s: %w", r.ID, month, err)
	}
	return nil
}

// counted tells which of resources have been counted in which of months; the key is the id followed by the month.
func counted(ctx context.Context, q db.Q, list []Resource, months []string) (map[string]bool, error) {
	var w db.Where
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	w.In("resource", ids)
	w.In("month", months)
	w.And("open > 0")
	keys, err := db.All[string](ctx, q, `SELECT resource || month FROM usage_month`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("what was counted: %w", err)
	}
	out := map[string]bool{}
	for _, k := range keys {
		out[k] = true
	}
	return out, nil
}

// Sum is time of one or several instruments, in minutes, and how many orders it comes from.
type Sum struct {
	Open        int64 `db:"open"`
	Down        int64 `db:"down"` // part of Open
	Bookings    int64 `db:"bookings"`
	Missed      int64 `db:"missed"`
	Orders      int64 `db:"orders"`
	Booked      int64 `db:"booked"`
	BookedInner int64 `db:"booked_inner"`
	Used        int64 `db:"used"`
	UsedInner   int64 `db:"used_inner"`
}

// sums are the columns of Sum, added up.
const sums = `CAST(coalesce(sum(open), 0) AS BIGINT) AS open, CAST(coalesce(sum(down), 0) AS BIGINT) AS down,
	CAST(coalesce(sum(bookings), 0) AS BIGINT) AS bookings, CAST(coalesce(sum(missed), 0) AS BIGINT) AS missed, CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders,
	CAST(coalesce(sum(booked), 0) AS BIGINT) AS booked, CAST(coalesce(sum(booked_inner), 0) AS BIGINT) AS booked_inner,
	CAST(coalesce(sum(used), 0) AS BIGINT) AS used, CAST(coalesce(sum(used_inner), 0) AS BIGINT) AS used_inner`

// listLines is what a page of the yearly list is made of: the sums of instruments in the months from…to, in an order.
func listLines(ctx context.Context, q db.Q, w *db.Where, from, to, order string, limit int) ([]Line, error) {
	w.And("month BETWEEN ? AND ?", from, to)
	list, err := db.All[Line](ctx, q, `SELECT resource, max(owner) AS owner, `+sums+` FROM usage_month`+w.SQL()+` GROUP BY resource ORDER BY `+order+`, resource LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list the use of a year: %w", err)
	}
	return list, nil
}

func sumOf(ctx context.Context, q db.Q, w *db.Where, from, to string) (Sum, error) {
	w.And("month BETWEEN ? AND ?", from, to)
	s, err := db.One[Sum](ctx, q, `SELECT `+sums+` FROM usage_month`+w.SQL(), w.Args()...)
	if err != nil {
		return s, fmt.Errorf("the sum of a year: %w", err)
	}
	return s, nil
}

// Month is the sums of one instrument in one month.
type Month struct {
	Resource string `db:"resource"`
	Month    string `db:"month"`
	Sum
}

// listMonths is the months from…to of some instruments that have any sum, in order.
func listMonths(ctx context.Context, q db.Q, resources []string, from, to string) ([]Month, error) {
	var w db.Where
	w.In("resource", resources)
	w.And("month BETWEEN ? AND ?", from, to)
	list, err := db.All[Month](ctx, q, `SELECT resource, month, open, down, bookings, missed, orders, booked, booked_inner, used, used_inner FROM usage_month`+w.SQL()+` ORDER BY resource, month`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list months: %w", err)
	}
	return list, nil
}

// countUsers counts the organisations outside the house that had orders between two days, by instrument.
func countUsers(ctx context.Context, q db.Q, resources []string, from, to string) (map[string]int64, error) {
	type line struct {
		Resource string `db:"resource"`
		N        int64  `db:"n"`
	}
	var w db.Where
	w.In("resource", resources)
	w.And("day BETWEEN ? AND ?", from, to)
	w.And("NOT inner_use")
	list, err := db.All[line](ctx, q, `SELECT resource, count(DISTINCT buyer) AS n FROM usage_entry`+w.SQL()+` GROUP BY resource`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("count users: %w", err)
	}
	out := map[string]int64{}
	for _, x := range list {
		out[x.Resource] = x.N
	}
	return out, nil
}

// listEntries is the entries of an instrument between two days, the newest first.
func listEntries(ctx context.Context, q db.Q, resource, from, to string, limit int) ([]Entry, error) {
	list, err := db.All[Entry](ctx, q, `SELECT `+entryColumns+` FROM usage_entry WHERE resource = $1 AND day BETWEEN $2 AND $3 ORDER BY day DESC, number DESC LIMIT $4`, resource, from, to, limit)
	if err != nil {
		return nil, fmt.Errorf("list the entries of %s: %w", resource, err)
	}
	return list, nil
}

// User is what one organisation used of an instrument.
type User struct {
	Org    string `db:"buyer"`
	Inner  bool   `db:"inner_use"`
	Orders int64  `db:"orders"`
	Used   int64  `db:"used"`
}

// listUsers is who used an instrument most between two days.
func listUsers(ctx context.Context, q db.Q, resource, from, to string, limit int) ([]User, error) {
	list, err := db.All[User](ctx, q, `SELECT buyer, inner_use, count(*) AS orders, CAST(sum(used) AS BIGINT) AS used FROM usage_entry WHERE resource = $1 AND day BETWEEN $2 AND $3 AND used > 0
		GROUP BY buyer, inner_use ORDER BY used DESC, buyer LIMIT $4`, resource, from, to, limit)
	if err != nil {
		return nil, fmt.Errorf("list the users of %s: %w", resource, err)
	}
	return list, nil
}
