package order

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
)

// BookingPanel is the part of a resource's page on which it is booked or commissioned; nil where it
// cannot be ordered at all.
func (s *Service) BookingPanel(ctx context.Context, r Resource) (templ.Component, error) {
	if s.orderable(KindCommission, r) != nil {
		return nil, nil
	}
	if err := s.served(ctx, s.db, r); err != nil {
		if fault.Of(err).Kind != fault.Conflict {
			return nil, err
		}
		return nil, nil
	}
	if !r.Bookable {
		return commissionPanel(r), nil
	}
	board, err := s.booking.Week(ctx, r, identity.SubjectOf(ctx).Org == r.Owner, "", nil)
	if err != nil {
		return nil, err
	}
	s.booking.LinkWeeks(&board, "/resources/"+r.ID+"/book", url.Values{})
	plan, err := s.tariffOf(ctx, s.db, r, identity.SubjectOf(ctx).Org)
	if err != nil {
		return nil, err
	}
	return bookingPanel(r, board, plan), nil
}
