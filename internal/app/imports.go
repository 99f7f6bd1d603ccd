package app

import (
	"context"

	"qiao/internal/platform/db"
)

// ordered counts the orders of resources for the modules that are built before orders are.
type ordered struct{ app *App }

// CountOf implements importing.Orders.
func (o ordered) CountOf(ctx context.Context, q db.Q, resources []string) (map[string]int64, error) {
	return o.app.order.CountOf(ctx, q, resources)
}
