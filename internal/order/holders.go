package order

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
)

// Holders says, for the calendars, whose bookings stand in them.
func (s *Service) Holders(ctx context.Context, q db.Q, ids []string) (map[string]booking.Holder, error) {
	list, err := listOrders(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	buyers := make([]string, len(list))
	for i, o := range list {
		buyers[i] = o.Buyer
	}
	orgs, err := s.orgs.Organisations(ctx, q, buyers)
	if err != nil {
		return nil, err
	}
	out := map[string]booking.Holder{}
	for _, o := range list {
		out[o.ID] = booking.Holder{Label: o.Number, Name: orgName(ctx, orgs[o.Buyer]), Link: "/desk/orders/" + o.ID, Tone: stateTone(o.State)}
	}
	return out, nil
}

// Named is the orders of ids; unknown ones are left out.
func (s *Service) Named(ctx context.Context, q db.Q, ids []string) ([]Order, error) {
	return listOrders(ctx, q, ids)
}

// BookingsOf is the bookings that an organisation made or serves and that touch a span, cancelled ones too; by start.
func (s *Service) BookingsOf(ctx context.Context, q db.Q, org string, from, to time.Time) ([]Order, error) {
	out, err := db.All[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order WHERE kind = 'booking' AND (buyer = $1 OR provider = $1) AND start_at < $2 AND end_at > $3 ORDER BY start_at, id LIMIT 2000`,
		org, db.Stamp(to), db.Stamp(from))
	if err != nil {
		return nil, fmt.Errorf("the bookings of %s: %w", org, err)
	}
	return out, nil
}
