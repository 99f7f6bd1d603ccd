package order

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/booking"
)

// Asked are the tickets of what was asked for in calendars of other systems, for a transaction that then books it.
type Asked []string

// claimOf is what a booking asks of the calendar.
func claimOf(o Order, from, to time.Time) booking.Claim {
	return booking.Claim{Holder: o.ID, Kind: booking.HeldByOrder, Resource: o.Resource, Span: booking.Span{From: from, To: to}}
}

// AskAll asks the other systems in whose calendars the resources of prepared orders stand, before a transaction places them.
// All or none: a fault says which is not to be had, and gives back what was granted.
func (s *Service) AskAll(ctx context.Context, drafts []Draft) (Asked, error) {
	var claims []booking.Claim
	for _, d := range drafts {
		if d.order.Kind == KindBooking {
			claims = append(claims, claimOf(d.order, d.order.Start.Time, d.order.End.Time))
		}
	}
	return s.ask(ctx, claims)
}

// AskMoves is AskAll for bookings that are put to another time.
func (s *Service) AskMoves(ctx context.Context, list []Each) (Asked, error) {
	ids := make([]string, len(list))
	to := map[string]VerbRequest{}
	for i, x := range list {
		ids[i], to[x.Order] = x.Order, x.Request
	}
	orders, err := listOrders(ctx, s.db, ids)
	if err != nil {
		return nil, fmt.Errorf("the bookings to move: %w", err)
	}
	var claims []booking.Claim
	for _, o := range orders {
		if o.Kind == KindBooking {
			claims = append(claims, claimOf(o, to[o.ID].Start, to[o.ID].End))
		}
	}
	return s.ask(ctx, claims)
}

func (s *Service) ask(ctx context.Context, claims []booking.Claim) (Asked, error) {
	var out Asked
	for _, c := range claims {
		ticket, err := s.booking.Ask(ctx, c)
		if err != nil {
			s.Forget(ctx, out)
			return nil, err
		}
		out = append(out, ticket)
	}
	return out, nil
}

// Forget gives back what was asked for when no booking came of it.
func (s *Service) Forget(ctx context.Context, a Asked) {
	for _, ticket := range a {
		s.booking.Forget(ctx, ticket)
	}
}
