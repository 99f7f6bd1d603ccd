package app

import (
	"context"

	"qiao/internal/onsite"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// followUsage reads an order anew whenever something happened that may change what it takes of an instrument's time: after
// its session was brought up to date, so by the same reader.
func (a *App) followUsage() {
	follow := func(ctx context.Context, tx *db.Tx, f order.Facts) error { return a.usage.Follow(ctx, tx, f.Order) }
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Accepted) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Moved) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Started) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Stopped) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e order.Cancelled) error {
		return follow(ctx, tx, e.Facts)
	})
	outbox.On(a.bus, toSessions, func(ctx context.Context, tx *db.Tx, _ outbox.Meta, e onsite.NotKept) error {
		return a.usage.Follow(ctx, tx, e.Order)
	})
}
