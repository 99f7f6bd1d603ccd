package behalf

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks that bookings made for others and their orders agree.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	list, err := db.All[Booking](ctx, q, `SELECT `+columns+` FROM behalf_booking ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list what was booked for others: %w", err)
	}
	var out []verify.Finding
	for part := range slices.Chunk(list, 500) {
		ids := make([]string, len(part))
		for i, b := range part {
			ids[i] = b.Order
		}
		orders, err := s.Orders.Named(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		known := map[string]order.Order{}
		for _, o := range orders {
			known[o.ID] = o
		}
		for _, b := range part {
			o, there := known[b.Order]
			switch {
			case !there || o.Buyer != b.Buyer:
				out = append(out, verify.Finding{Code: "behalf.order", Object: b.ID, Text: "a booking made for another has no order of that buyer"})
			case (b.State == Refused || b.State == Withdrawn) && o.State != order.StateCancelled:
				out = append(out, verify.Finding{Code: "behalf.refused", Object: b.ID, Text: "a booking that was refused has an order that goes on"})
			}
		}
	}
	return out, nil
}
