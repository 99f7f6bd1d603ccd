package stats

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

// putStock keeps what stood on a day; a later count of the same day replaces it.
func putStock(ctx context.Context, tx *db.Tx, code, day string, parts []Part) error {
	if _, err := tx.Exec(ctx, `DELETE FROM stats_stock WHERE code = $1 AND day = $2`, code, day); err != nil {
		return fmt.Errorf("replace the stock of %s: %w", day, err)
	}
	for _, p := range parts {
		if _, err := tx.Exec(ctx, `INSERT INTO stats_stock (code, day, part, region, held) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (code, day, part, region) DO UPDATE SET held = stats_stock.held + excluded.held`, code, day, p.Kind, p.Region, p.Count); err != nil {
			return fmt.Errorf("keep the stock of %s: %w", day, err)
		}
	}
	return nil
}

// listStock is what stood on the last day kept of each month.
func listStock(ctx context.Context, q db.Q, code string, s Scope) ([]Point, error) {
	var w db.Where
	w.And("code = ?", code)
	w.And("day IN (SELECT MAX(l.day) FROM stats_stock l WHERE l.code = ? AND l.day <= ? GROUP BY substr(l.day, 1, 7))", code, s.Until)
	area(&w, "region", s.Region)
	return db.All[Point](ctx, q, `SELECT substr(day, 1, 7) AS month, CAST(SUM(held) AS BIGINT) AS numerator, 1 AS denominator
		FROM stats_stock`+w.SQL()+` GROUP BY substr(day, 1, 7) ORDER BY 1`, w.Args()...)
}
