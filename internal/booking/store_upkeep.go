package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const upkeepColumns = `id, resource, every, weekday, nth, from_minute, to_minute, first_day, last_day, reason, active, person, at`

// insertUpkeep tells whether the upkeep was new.
func insertUpkeep(ctx context.Context, tx *db.Tx, u Upkeep) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO booking_upkeep (`+upkeepColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING`,
		u.ID, u.Resource, u.Every, u.Weekday, u.Nth, u.From, u.To, u.First, u.Last, u.Reason, u.Active, u.Person, u.At)
	if err != nil {
		return false, fmt.Errorf("write upkeep of %s: %w", u.Resource, err)
	}
	return n > 0, nil
}

func getUpkeep(ctx context.Context, q db.Q, upkeep string) (Upkeep, error) {
	u, err := db.One[Upkeep](ctx, q, `SELECT `+upkeepColumns+` FROM booking_upkeep WHERE id = $1`, upkeep)
	if errors.Is(err, db.ErrNone) {
		return u, fault.New(fault.NotFound, "no-upkeep", "没有找到这项定期维护，可能已经取消。")
	}
	if err != nil {
		return u, fmt.Errorf("get upkeep %s: %w", upkeep, err)
	}
	return u, nil
}

func stopUpkeep(ctx context.Context, tx *db.Tx, upkeep string) error {
	if _, err := tx.Exec(ctx, `UPDATE booking_upkeep SET active = false WHERE id = $1`, upkeep); err != nil {
		return fmt.Errorf("end upkeep %s: %w", upkeep, err)
	}
	return nil
}

// listUpkeep is the upkeep in force of a resource, or of all.
func listUpkeep(ctx context.Context, q db.Q, resource string) ([]Upkeep, error) {
	var w db.Where
	w.And("active")
	if resource != "" {
		w.And("resource = ?", resource)
	}
	out, err := db.All[Upkeep](ctx, q, `SELECT `+upkeepColumns+` FROM booking_upkeep`+w.SQL()+` ORDER BY at, id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list upkeep: %w", err)
	}
	return out, nil
}

// closuresKnown is which of the closures were ever made.
func closuresKnown(ctx context.Context, q db.Q, ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	for part := range slices.Chunk(ids, 500) {
		var w db.Where
		w.In("id", part)
		known, err := db.All[string](ctx, q, `SELECT id FROM booking_closure`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("look for closures: %w", err)
		}
		for _, x := range known {
			out[x] = true
		}
	}
	return out, nil
}
