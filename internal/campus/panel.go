package campus

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/order"
)

// Panel draws, on the page of a booking, how it stands in the provider's own system; nil where that was not asked.
func (s *Service) Panel(ctx context.Context, _ identity.Subject, d order.Detail) (templ.Component, error) {
	if d.Order.Kind != order.KindBooking {
		return nil, nil
	}
	list, err := claimsOf(ctx, s.DB, d.Order.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if c.State == ClaimUsed || c.State == ClaimOwed || c.State == ClaimLost {
			return claimPanel(c), nil
		}
	}
	return nil, nil
}
