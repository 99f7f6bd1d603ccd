package identity

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/platform/db"
)

func upsertRegions(ctx context.Context, tx *db.Tx, rows []Region) error {
	var w db.Where
	lines := make([]string, len(rows))
	for i, r := range rows {
		marks := make([]string, 0, 9)
		for _, v := range []string{r.Code, r.ValidFrom, r.ValidTo, r.Parent, r.Level, r.NameZH, r.NameEN, r.Successor, r.Source} {
			marks = append(marks, "CAST("+w.Arg(v)+" AS TEXT)")
		}
		lines[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	_, err := tx.Exec(ctx, `INSERT INTO identity_region (code, valid_from, valid_to, parent, level, name_zh, name_en, successor, source)
		VALUES `+strings.Join(lines, ", ")+`
		ON CONFLICT (code, valid_from) DO UPDATE SET valid_to = excluded.valid_to, parent = excluded.parent, level = excluded.level,
			name_zh = excluded.name_zh, name_en = excluded.name_en, successor = excluded.successor, source = excluded.source`, w.Args()...)
	if err != nil {
		return fmt.Errorf("write %d regions: %w", len(rows), err)
	}
	return nil
}

func allRegions(ctx context.Context, q db.Q) ([]Region, error) {
	return db.All[Region](ctx, q, `SELECT code, valid_from, valid_to, parent, level, name_zh, name_en, successor, source
		FROM identity_region ORDER BY code, valid_from`)
}
