package record

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const (
	columnsOfCheck   = `id, org, region, serial, person, year, owner, note, population, drawn, decided, seed, list_sha256, due, state, created_at, closed_at`
	columnsOfChecked = `id, check_id, record, owner, region, place, lot, state, revision, reason, person, decided_at`
	columnsOfAnswer  = `id, checked, at, person, text, file, sha256, size`
)

// nextCheck is the serial of the next check of an authority, whose draws come one after another.
func nextCheck(ctx context.Context, tx *db.Tx, org string) (int64, error) {
	if _, err := lockOwner(ctx, tx, org); err != nil {
		return 0, err
	}
	n, err := db.One[int64](ctx, tx, `SELECT CAST(coalesce(max(serial), 0) AS BIGINT) FROM record_check WHERE org = $1`, org)
	if err != nil {
		return 0, fmt.Errorf("count the checks of %s: %w", org, err)
	}
	return n + 1, nil
}

func insertCheck(ctx context.Context, tx *db.Tx, c Check, asked []Checked) error {
	_, err := tx.Exec(ctx, `INSERT INTO record_check (`+columnsOfCheck+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		c.ID, c.Org, c.Region, c.Serial, c.Person, c.Year, c.Owner, c.Note, c.Population, c.Drawn, c.Decided, c.Seed, c.List, c.Due, c.State, c.CreatedAt, c.ClosedAt)
	if err != nil {
		return fmt.Errorf("write check %s: %w", c.ID, err)
	}
	rows := make([][]any, len(asked))
	for i, x := range asked {
		rows[i] = []any{x.ID, x.Check, x.Record, x.Owner, x.Region, x.Place, x.Lot, x.State, x.Revision, x.Reason, x.Person, x.DecidedAt}
	}
	if _, err := tx.InsertAll(ctx, `INSERT INTO record_checked (`+columnsOfChecked+`)`, rows, ""); err != nil {
		return fmt.Errorf("write the %d records of check %s: %w", len(asked), c.ID, err)
	}
	return nil
}

func getCheck(ctx context.Context, q db.Q, id string) (Check, error) {
	c, err := db.One[Check](ctx, q, `SELECT `+columnsOfCheck+` FROM record_check WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return c, fault.New(fault.NotFound, "no-check", "没有找到这次抽查。")
	}
	if err != nil {
		return c, fmt.Errorf("read check %s: %w", id, err)
	}
	return c, nil
}

// listChecks are the newest checks that conditions choose.
func listChecks(ctx context.Context, q db.Q, w *db.Where, most int) ([]Check, error) {
	out, err := db.All[Check](ctx, q, `SELECT `+columnsOfCheck+` FROM record_check`+w.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+w.Arg(most), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list checks of service records: %w", err)
	}
	return out, nil
}

// countDecided counts one more decision; with the last one the check is closed.
func countDecided(ctx context.Context, tx *db.Tx, check string, at db.NullTime) error {
	_, err := tx.Exec(ctx, `UPDATE record_check SET decided = decided + 1, state = CASE WHEN decided + 1 = drawn THEN 'closed' ELSE state END, closed_at = CASE WHEN decided + 1 = drawn THEN $2 ELSE closed_at END WHERE id = $1`, check, at)
	if err != nil {
		return fmt.Errorf("count a decision of check %s: %w", check, err)
	}
	return nil
}

func getChecked(ctx context.Context, q db.Q, id string) (Checked, error) {
	x, err := db.One[Checked](ctx, q, `SELECT `+columnsOfChecked+` FROM record_checked WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return x, fault.New(fault.NotFound, "no-checked", "没有找到这条抽查记录。")
	}
	if err != nil {
		return x, fmt.Errorf("read the drawn record %s: %w", id, err)
	}
	return x, nil
}

func updateChecked(ctx context.Context, tx *db.Tx, x Checked) error {
	_, err := tx.Exec(ctx, `UPDATE record_checked SET state = $2, revision = $3, reason = $4, person = $5, decided_at = $6 WHERE id = $1`, x.ID, x.State, x.Revision, x.Reason, x.Person, x.DecidedAt)
	if err != nil {
		return fmt.Errorf("change the drawn record %s: %w", x.ID, err)
	}
	return nil
}

// listChecked are drawn records that conditions choose: what waits first, then by draw and place.
func listChecked(ctx context.Context, q db.Q, w *db.Where, most int) ([]Checked, error) {
	out, err := db.All[Checked](ctx, q, `SELECT `+columnsOfChecked+` FROM record_checked`+w.SQL()+` ORDER BY CASE state WHEN 'asked' THEN 0 WHEN 'answered' THEN 1 ELSE 2 END, check_id DESC, place LIMIT `+w.Arg(most), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list drawn service records: %w", err)
	}
	return out, nil
}

// listCheckedOf are the checks of one record, the first one first.
func listCheckedOf(ctx context.Context, q db.Q, record string) ([]Checked, error) {
	out, err := db.All[Checked](ctx, q, `SELECT `+columnsOfChecked+` FROM record_checked WHERE record = $1 ORDER BY id`, record)
	if err != nil {
		return nil, fmt.Errorf("list the checks of service record %s: %w", record, err)
	}
	return out, nil
}

func insertAnswer(ctx context.Context, tx *db.Tx, a Answer) error {
	_, err := tx.Exec(ctx, `INSERT INTO record_answer (`+columnsOfAnswer+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, a.ID, a.Checked, a.At, a.Person, a.Text, a.File, a.SHA256, a.Size)
	if err != nil {
		return fmt.Errorf("write an answer about %s: %w", a.Checked, err)
	}
	return nil
}

// listAnswers are the answers about a drawn record, the first one first.
func listAnswers(ctx context.Context, q db.Q, checked string) ([]Answer, error) {
	out, err := db.All[Answer](ctx, q, `SELECT `+columnsOfAnswer+` FROM record_answer WHERE checked = $1 ORDER BY at, id`, checked)
	if err != nil {
		return nil, fmt.Errorf("list the answers about %s: %w", checked, err)
	}
	return out, nil
}

// ownersOf are the owners of records that conditions choose, in order.
func ownersOf(ctx context.Context, q db.Q, w *db.Where) ([]string, error) {
	out, err := db.All[string](ctx, q, `SELECT DISTINCT owner FROM record_record`+w.SQL()+` ORDER BY owner`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list the owners of service records: %w", err)
	}
	return out, nil
}

func listCandidates(ctx context.Context, q db.Q, w *db.Where, most int) ([]candidate, error) {
	out, err := db.All[candidate](ctx, q, `SELECT id, serial, owner, region FROM record_record`+w.SQL()+` ORDER BY id LIMIT `+w.Arg(most), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list the service records to draw from: %w", err)
	}
	return out, nil
}

func countRecords(ctx context.Context, q db.Q, w *db.Where) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM record_record`+w.SQL(), w.Args()...)
	if err != nil {
		return 0, fmt.Errorf("count service records: %w", err)
	}
	return n, nil
}

// recordsByID are records by id.
func recordsByID(ctx context.Context, q db.Q, ids []string) (map[string]Record, error) {
	out := map[string]Record{}
	if len(ids) == 0 {
		return out, nil
	}
	var w db.Where
	w.In("id", ids)
	list, err := db.All[Record](ctx, q, `SELECT `+columnsOfRecord+` FROM record_record`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("read %d service records: %w", len(ids), err)
	}
	for _, r := range list {
		out[r.ID] = r
	}
	return out, nil
}
