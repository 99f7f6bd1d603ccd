package booking

import (
	"context"
	"time"

	"qiao/internal/platform/db"
)

// Ask asks the other systems in whose calendars a resource stands for a stretch, before a transaction books it. The ticket
// goes to Forget when nothing was booked; it is empty where nobody had to be asked.
func (s *Service) Ask(ctx context.Context, c Claim) (ticket string, err error) {
	if s.outside == nil {
		return "", nil
	}
	return s.outside.Ask(ctx, c)
}

// Forget gives back what Ask was granted.
func (s *Service) Forget(ctx context.Context, ticket string) {
	if s.outside != nil && ticket != "" {
		s.outside.Forget(ctx, ticket)
	}
}

// Queue waits for every unit of a resource, in the order in which bookings do, until the caller's transaction ends.
func (s *Service) Queue(ctx context.Context, tx *db.Tx, resource string) error {
	return lockResource(ctx, tx, resource)
}

// Occupy writes down, in the caller's transaction, a stretch that is taken whatever this resource's rule says: in another
// system's calendar. It goes to the first unit that is free; a holder that has a stretch already is moved. A fault
// slot-taken where every unit is taken, and then the holder has nothing.
func (s *Service) Occupy(ctx context.Context, tx *db.Tx, c Claim) (Booking, error) {
	if err := lockResource(ctx, tx, c.Resource); err != nil {
		return Booking{}, err
	}
	rule, err := s.RuleOf(ctx, tx, c.Resource)
	if err != nil {
		return Booking{}, err
	}
	has, err := bookingsOf(ctx, tx, []string{c.Holder})
	if err != nil {
		return Booking{}, err
	}
	before, there := has[c.Holder]
	if there {
		if err := releaseBooking(ctx, tx, c.Holder); err != nil {
			return Booking{}, err
		}
	}
	taken, err := listOccupied(ctx, tx, c.Resource, c.Span.From, c.Span.To)
	if err != nil {
		return Booking{}, err
	}
	b := Booking{
		Holder: c.Holder, Kind: c.Kind, Resource: c.Resource, Start: db.At(c.Span.From), End: db.At(c.Span.To), From: db.At(c.Span.From), To: db.At(c.Span.To), Active: true,
	}
	for b.Unit = 1; taken[b.Unit]; b.Unit++ {
		if b.Unit == rule.Units {
			return Booking{}, errSlotTaken()
		}
	}
	if !there {
		return b, insertBooking(ctx, tx, b)
	}
	if before.Resource != b.Resource {
		return Booking{}, errSlotTaken() // a holder keeps to its instrument
	}
	if err := moveBooking(ctx, tx, b); err != nil {
		return b, err
	}
	return b, s.tellFreed(ctx, tx, b.Resource)
}

// Taken is the active bookings of resources that touch a span, by start.
func (s *Service) Taken(ctx context.Context, q db.Q, resources []string, from, to time.Time) ([]Booking, error) {
	return listBooked(ctx, q, resources, from, to)
}
