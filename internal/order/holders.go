package order

import (
	"context"

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
