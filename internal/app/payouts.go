package app

import (
	"context"

	"qiao/internal/payout"
	"qiao/internal/platform/db"
)

// batches tells vouchers in which payment batch a claim lies.
type batches struct{ app *App }

// InBatch implements voucher.Payments.
func (b batches) InBatch(ctx context.Context, q db.Q, claim string) (string, error) {
	return b.app.payout.InBatch(ctx, q, claim)
}

// named gives orders their numbers and invoices, for statements.
type named struct{ app *App }

// Named implements payout.Orders.
func (n named) Named(ctx context.Context, q db.Q, orders []string) (map[string]payout.Named, error) {
	numbers, err := n.app.order.Numbers(ctx, q, orders)
	if err != nil {
		return nil, err
	}
	invoices, err := n.app.invoice.NumbersOfOrders(ctx, q, orders)
	if err != nil {
		return nil, err
	}
	out := map[string]payout.Named{}
	for id, number := range numbers {
		out[id] = payout.Named{Number: number, Invoices: invoices[id]}
	}
	return out, nil
}
