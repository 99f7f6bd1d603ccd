package series

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
)

const groupColumns = `id, number, kind, buyer, person, provider, resource, region, rule, first, from_time, to_time, holidays, purpose, parts, invented, created_at, updated_at`

func insertGroup(ctx context.Context, tx *db.Tx, g Group) error {
	_, err := tx.Exec(ctx, `INSERT INTO series_group (`+groupColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		g.ID, g.Number, g.Kind, g.Buyer, g.Person, g.Provider, g.Resource, g.Region, g.Rule, g.First, g.From, g.To, g.Holidays, g.Purpose, g.Parts, g.Invented, g.CreatedAt, g.UpdatedAt)
	if err != nil {
		return fmt.Errorf("insert group %s: %w", g.Number, err)
	}
	return nil
}

func insertPart(ctx context.Context, tx *db.Tx, p Part) error {
	_, err := tx.Exec(ctx, `INSERT INTO series_part (order_id, grp, position, day, part) VALUES ($1, $2, $3, $4, $5)`, p.Order, p.Group, p.Position, p.Day, p.Part)
	if err != nil {
		return fmt.Errorf("insert part %d of group %s: %w", p.Position, p.Group, err)
	}
	return nil
}

func getGroup(ctx context.Context, q db.Q, group string) (Group, error) {
	g, err := db.One[Group](ctx, q, `SELECT `+groupColumns+` FROM series_group WHERE id = $1`, group)
	if errors.Is(err, db.ErrNone) {
		return g, errNoGroup()
	}
	if err != nil {
		return g, fmt.Errorf("get group %s: %w", group, err)
	}
	return g, nil
}

// touchGroup notes that a group has changed.
func touchGroup(ctx context.Context, tx *db.Tx, group string, at db.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE series_group SET updated_at = $2 WHERE id = $1`, group, at); err != nil {
		return fmt.Errorf("touch group %s: %w", group, err)
	}
	return nil
}

func listGroups(ctx context.Context, q db.Q, w *db.Where, limit int) ([]Group, error) {
	out, err := db.All[Group](ctx, q, `SELECT `+groupColumns+` FROM series_group`+w.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list groups: %w", err)
	}
	return out, nil
}

const partColumns = `order_id, grp, position, day, part`

func listParts(ctx context.Context, q db.Q, group string) ([]Part, error) {
	out, err := db.All[Part](ctx, q, `SELECT `+partColumns+` FROM series_part WHERE grp = $1 ORDER BY position`, group)
	if err != nil {
		return nil, fmt.Errorf("the parts of group %s: %w", group, err)
	}
	return out, nil
}

// partOf is where an order stands in a group; false where it stands in none.
func partOf(ctx context.Context, q db.Q, order string) (Part, bool, error) {
	p, err := db.One[Part](ctx, q, `SELECT `+partColumns+` FROM series_part WHERE order_id = $1`, order)
	if errors.Is(err, db.ErrNone) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("the group of order %s: %w", order, err)
	}
	return p, true, nil
}
