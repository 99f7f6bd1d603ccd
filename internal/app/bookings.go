package app

import (
	"context"
	"maps"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
)

// bookers says whose bookings stand in the calendars.
func (a *App) bookers(ctx context.Context, q db.Q, holders []string) (map[string]booking.Holder, error) {
	out, err := a.order.Holders(ctx, q, holders)
	if err != nil {
		return out, err
	}
	if err := a.waiting.Movable(ctx, q, out); err != nil || len(out) == len(holders) {
		return out, err
	}
	for _, of := range []func(context.Context, db.Q, []string) (map[string]booking.Holder, error){a.campus.Holders, a.waiting.Holders} {
		others, err := of(ctx, q, holders)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, others)
	}
	return out, err
}
