package pricing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

const sheetColumns = `id, owner, resource, name_zh, name_en, draft, sample, revision, created_at, updated_at`

const versionColumns = `plan, version, valid_from, valid_to, body, note, person, at`

func insertSheet(ctx context.Context, tx *db.Tx, x Sheet) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO pricing_plan (`+sheetColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
		x.ID, x.Owner, x.Resource, x.NameZH, x.NameEN, x.Draft, x.Sample, x.Revision, x.CreatedAt, x.UpdatedAt)
	if err != nil {
		return false, fmt.Errorf("write price plan %s: %w", x.ID, err)
	}
	return n > 0, nil
}

func getSheet(ctx context.Context, q db.Q, id string) (Sheet, error) {
	x, err := db.One[Sheet](ctx, q, `SELECT `+sheetColumns+` FROM pricing_plan WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return x, fault.New(fault.NotFound, "no-price-plan", "没有找到这份价格方案。")
	}
	if err != nil {
		return x, fmt.Errorf("read price plan %s: %w", id, err)
	}
	return x, nil
}

// lockSheet takes the plan for this transaction and counts its revision up.
func lockSheet(ctx context.Context, tx *db.Tx, id string) (Sheet, error) {
	x, err := db.One[Sheet](ctx, tx, `UPDATE pricing_plan SET revision = revision + 1 WHERE id = $1 RETURNING `+sheetColumns, id)
	if err != nil {
		return x, fmt.Errorf("lock price plan %s: %w", id, err)
	}
	return x, nil
}

func updateDraft(ctx context.Context, tx *db.Tx, x Sheet) error {
	if _, err := tx.Exec(ctx, `UPDATE pricing_plan SET draft = $2, updated_at = $3 WHERE id = $1`, x.ID, x.Draft, x.UpdatedAt); err != nil {
		return fmt.Errorf("write the draft of price plan %s: %w", x.ID, err)
	}
	return nil
}

func listSheets(ctx context.Context, q db.Q, w *db.Where) ([]Sheet, error) {
	out, err := db.All[Sheet](ctx, q, `SELECT `+sheetColumns+` FROM pricing_plan`+w.SQL()+` ORDER BY resource = '' DESC, name_zh, id LIMIT 500`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list price plans: %w", err)
	}
	return out, nil
}

func insertVersion(ctx context.Context, tx *db.Tx, v Version) error {
	_, err := tx.Exec(ctx, `INSERT INTO pricing_version (`+versionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.Sheet, v.Version, v.From, v.To, v.Body, v.Note, v.Person, v.At)
	if err != nil {
		return fmt.Errorf("publish version %d of price plan %s: %w", v.Version, v.Sheet, err)
	}
	return nil
}

// listVersions is all versions of a plan, the newest first.
func listVersions(ctx context.Context, q db.Q, sheet string) ([]Version, error) {
	out, err := db.All[Version](ctx, q, `SELECT `+versionColumns+` FROM pricing_version WHERE plan = $1 ORDER BY version DESC`, sheet)
	if err != nil {
		return nil, fmt.Errorf("list the versions of price plan %s: %w", sheet, err)
	}
	return out, nil
}

func getVersion(ctx context.Context, q db.Q, sheet string, version int64) (Version, error) {
	v, err := db.One[Version](ctx, q, `SELECT `+versionColumns+` FROM pricing_version WHERE plan = $1 AND version = $2`, sheet, version)
	if errors.Is(err, db.ErrNone) {
		return v, fault.New(fault.NotFound, "no-price-version", "没有找到这一版价格。")
	}
	if err != nil {
		return v, fmt.Errorf("read version %d of price plan %s: %w", version, sheet, err)
	}
	return v, nil
}

// inForce is the newest version that covers a day, of the resource itself before the owner's default.
func inForce(ctx context.Context, q db.Q, owner, resource, day string) (Version, error) {
	v, err := db.One[Version](ctx, q, `SELECT v.plan, v.version, v.valid_from, v.valid_to, v.body, v.note, v.person, v.at
		FROM pricing_plan p JOIN pricing_version v ON v.plan = p.id
		WHERE p.owner = $1 AND p.resource IN ($2, '') AND v.valid_from <= $3 AND (v.valid_to = '' OR v.valid_to >= $3)
		ORDER BY CASE WHEN p.resource = '' THEN 1 ELSE 0 END, v.version DESC LIMIT 1`, owner, resource, day)
	if errors.Is(err, db.ErrNone) {
		return Version{}, nil
	}
	if err != nil {
		return v, fmt.Errorf("the price plan of %s on %s: %w", resource, day, err)
	}
	return v, nil
}

func groupOn(ctx context.Context, q db.Q, owner, org, day string) (string, error) {
	g, err := db.All[string](ctx, q, `SELECT grp FROM pricing_member WHERE owner = $1 AND org = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to >= $3)
		ORDER BY valid_from DESC LIMIT 1`, owner, org, day)
	if err != nil {
		return "", fmt.Errorf("the price group of %s at %s: %w", org, owner, err)
	}
	if len(g) == 0 {
		return "", nil
	}
	return g[0], nil
}

func putBelongs(ctx context.Context, tx *db.Tx, b Belongs) error {
	_, err := tx.Exec(ctx, `INSERT INTO pricing_member (owner, org, grp, valid_from, valid_to, person, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (owner, org, valid_from) DO UPDATE SET grp = excluded.grp, valid_to = excluded.valid_to, person = excluded.person, at = excluded.at`,
		b.Owner, b.Org, b.Group, b.From, b.To, b.Person, b.At)
	if err != nil {
		return fmt.Errorf("write the price group of %s: %w", b.Org, err)
	}
	return nil
}

func listBelongs(ctx context.Context, q db.Q, owner string) ([]Belongs, error) {
	out, err := db.All[Belongs](ctx, q, `SELECT owner, org, grp, valid_from, valid_to, person, at FROM pricing_member WHERE owner = $1 ORDER BY grp, org, valid_from LIMIT 1000`, owner)
	if err != nil {
		return nil, fmt.Errorf("list price groups: %w", err)
	}
	return out, nil
}

func insertKept(ctx context.Context, tx *db.Tx, k Kept) error {
	facts, err := json.Marshal(k.Facts)
	if err != nil {
		return fmt.Errorf("write the facts of a price: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO pricing_kept (order_id, plan, version, facts, total) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (order_id) DO UPDATE SET plan = excluded.plan, version = excluded.version, facts = excluded.facts, total = excluded.total`, k.Order, k.Sheet, k.Version, string(facts), k.Total)
	if err != nil {
		return fmt.Errorf("keep by what order %s was priced: %w", k.Order, err)
	}
	return nil
}

// keptRow is a kept price with its version's body.
type keptRow struct {
	Order   string `db:"order_id"`
	Sheet   string `db:"plan"`
	Version int64  `db:"version"`
	Facts   string `db:"facts"`
	Total   int64  `db:"total"`
	Body    string `db:"body"`
}

const keptSQL = `SELECT k.order_id, k.plan, k.version, k.facts, k.total, v.body
	FROM pricing_kept k JOIN pricing_version v ON v.plan = k.plan AND v.version = k.version`
