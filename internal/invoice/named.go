package invoice

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
)

// NumbersOfOrders gives the numbers of the invoices of orders by the orders' ids.
func (s *Service) NumbersOfOrders(ctx context.Context, q db.Q, orders []string) (map[string][]string, error) {
	type row struct {
		Order  string `db:"order_id"`
		Number string `db:"number"`
	}
	out := map[string][]string{}
	for part := range slices.Chunk(orders, 500) {
		w := &db.Where{}
		w.In("order_id", part)
		rows, err := db.All[row](ctx, q, `SELECT order_id, number FROM invoice_invoice`+w.SQL()+` ORDER BY at, id`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read the invoices of orders: %w", err)
		}
		for _, r := range rows {
			out[r.Order] = append(out[r.Order], r.Number)
		}
	}
	return out, nil
}
