package exchange

import (
	"context"
	"fmt"

	"qiao/internal/catalogue"
	"qiao/internal/platform/db"
)

func getClock(ctx context.Context, q db.Q) (clockRow, error) {
	return db.One[clockRow](ctx, q, `SELECT seen, position, secret FROM exchange_clock WHERE id = 1`)
}

func insertClock(ctx context.Context, tx *db.Tx, c clockRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO exchange_clock (id, seen, position, secret) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING`, c.Seen, c.Position, c.Secret)
	if err != nil {
		return fmt.Errorf("make the clock: %w", err)
	}
	return nil
}

// moveClock moves the clock to now, never back, and tells where it stands. The row stays locked until the end.
func moveClock(ctx context.Context, tx *db.Tx, now string) (string, error) {
	seen, err := db.One[string](ctx, tx, `UPDATE exchange_clock SET seen = CASE WHEN seen > $1 THEN seen ELSE $1 END WHERE id = 1 RETURNING seen`, now)
	if err != nil {
		return "", fmt.Errorf("move the clock: %w", err)
	}
	return seen, nil
}

// advanceClock moves the position in the change feed; false when somebody else has.
func advanceClock(ctx context.Context, tx *db.Tx, from, to int64) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE exchange_clock SET position = $2 WHERE id = 1 AND position = $1`, from, to)
	if err != nil {
		return false, fmt.Errorf("advance the clock: %w", err)
	}
	return n == 1, nil
}

// putRecords puts resources on the list: what is public is live, what was public is deleted, what never was stays off.
func putRecords(ctx context.Context, tx *db.Tx, list []catalogue.Stand, stamp string) error {
	var live [][]any
	for _, r := range list {
		if r.Status == catalogue.StatusPublished || r.Status == catalogue.StatusSuspended {
			live = append(live, []any{r.ID, r.Kind, r.Owner, r.Region, false, stamp})
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE exchange_record SET deleted = $2, datestamp = $3 WHERE resource = $1 AND deleted = $4`, r.ID, true, stamp, false); err != nil {
			return fmt.Errorf("mark %s as deleted: %w", r.ID, err)
		}
		if r.Status == catalogue.StatusWithdrawn { // it may have been public before the list began
			_, err := tx.Exec(ctx, `INSERT INTO exchange_record (resource, kind, owner, region, deleted, datestamp) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (resource) DO NOTHING`, r.ID, r.Kind, r.Owner, r.Region, true, stamp)
			if err != nil {
				return fmt.Errorf("list %s as deleted: %w", r.ID, err)
			}
		}
	}
	_, err := tx.InsertAll(ctx, `INSERT INTO exchange_record (resource, kind, owner, region, deleted, datestamp)`, live,
		`ON CONFLICT (resource) DO UPDATE SET kind = excluded.kind, owner = excluded.owner, region = excluded.region, deleted = excluded.deleted, datestamp = excluded.datestamp`)
	if err != nil {
		return fmt.Errorf("list %d records: %w", len(live), err)
	}
	return nil
}

// touchOwner stamps the records of an organisation that has changed: its name stands in them.
func touchOwner(ctx context.Context, tx *db.Tx, owner, stamp string) error {
	if _, err := tx.Exec(ctx, `UPDATE exchange_record SET datestamp = $2 WHERE owner = $1 AND deleted = $3`, owner, stamp, false); err != nil {
		return fmt.Errorf("stamp the records of %s: %w", owner, err)
	}
	return nil
}

// listed is exchange_record.
type listed struct {
	Resource  string `db:"resource"`
	Kind      string `db:"kind"`
	Owner     string `db:"owner"`
	Region    string `db:"region"`
	Deleted   bool   `db:"deleted"`
	Datestamp string `db:"datestamp"`
}

const listedColumns = `resource, kind, owner, region, deleted, datestamp`

func getListed(ctx context.Context, q db.Q, resource string) (listed, error) {
	return db.One[listed](ctx, q, `SELECT `+listedColumns+` FROM exchange_record WHERE resource = $1`, resource)
}

// listListed reads a part of the list in the order of change.
func listListed(ctx context.Context, q db.Q, w *db.Where, limit int) ([]listed, error) {
	out, err := db.All[listed](ctx, q, `SELECT `+listedColumns+` FROM exchange_record`+w.SQL()+` ORDER BY datestamp, resource LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read the list of changes: %w", err)
	}
	return out, nil
}

func countListed(ctx context.Context, q db.Q, w *db.Where) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM exchange_record`+w.SQL(), w.Args()...)
	if err != nil {
		return 0, fmt.Errorf("count the list of changes: %w", err)
	}
	return n, nil
}

func earliest(ctx context.Context, q db.Q) (string, error) {
	out, err := db.One[string](ctx, q, `SELECT coalesce(min(datestamp), '') FROM exchange_record`)
	if err != nil {
		return "", fmt.Errorf("find the earliest change: %w", err)
	}
	return out, nil
}

// distinct lists the values of a column of the list: kind, region or owner.
func distinct(ctx context.Context, q db.Q, column string) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT DISTINCT `+column+` FROM exchange_record ORDER BY `+column)
	if err != nil {
		return nil, fmt.Errorf("list every %s: %w", column, err)
	}
	return out, nil
}

// newestListed are the live records that changed last, newest first.
func newestListed(ctx context.Context, q db.Q, limit int) ([]listed, error) {
	out, err := db.All[listed](ctx, q, `SELECT `+listedColumns+` FROM exchange_record WHERE deleted = $1 ORDER BY datestamp DESC, resource DESC LIMIT $2`, false, limit)
	if err != nil {
		return nil, fmt.Errorf("read the newest changes: %w", err)
	}
	return out, nil
}

// livePart is one part of the live records in the order of their ids.
func livePart(ctx context.Context, q db.Q, skip, limit int) ([]listed, error) {
	out, err := db.All[listed](ctx, q, `SELECT `+listedColumns+` FROM exchange_record WHERE deleted = $1 ORDER BY resource LIMIT $2 OFFSET $3`, false, limit, skip)
	if err != nil {
		return nil, fmt.Errorf("list a part of the live records: %w", err)
	}
	return out, nil
}

// liveAfter pages through the live records by id.
func liveAfter(ctx context.Context, q db.Q, after string, limit int) ([]listed, error) {
	out, err := db.All[listed](ctx, q, `SELECT `+listedColumns+` FROM exchange_record WHERE deleted = $1 AND resource > $2 ORDER BY resource LIMIT $3`, false, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list live records: %w", err)
	}
	return out, nil
}
