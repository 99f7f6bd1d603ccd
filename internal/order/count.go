package order

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
)

// CountOf counts the orders of resources, whatever became of them; resources without any are left out.
func (s *Service) CountOf(ctx context.Context, q db.Q, resources []string) (map[string]int64, error) {
	type line struct {
		Resource string `db:"resource"`
		N        int64  `db:"n"`
	}
	out := map[string]int64{}
	for part := range slices.Chunk(resources, 500) {
		var w db.Where
		w.In("resource", part)
		rows, err := db.All[line](ctx, q, `SELECT resource, count(*) AS n FROM order_order`+w.SQL()+` GROUP BY resource`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("count the orders of %d resources: %w", len(part), err)
		}
		for _, r := range rows {
			out[r.Resource] = r.N
		}
	}
	return out, nil
}
