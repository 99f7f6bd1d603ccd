package booking

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// The kinds of holders that have a name here: an order, time kept for somebody until an instant, and a time taken in another
// system's calendar.
const (
	HeldByOrder   = "order"
	HeldByOffer   = "offer"
	HeldElsewhere = "external"
)

// Booking is the stretch a holder reserves: what was booked and, buffers included, what is occupied.
type Booking struct {
	Holder   string  `db:"holder"`
	Kind     string  `db:"kind"`
	Resource string  `db:"resource"`
	Unit     int64   `db:"unit"`
	Start    db.Time `db:"start_at"`
	End      db.Time `db:"end_at"`
	From     db.Time `db:"from_at"`
	To       db.Time `db:"to_at"`
	Active   bool    `db:"active"`
}

// Claim asks for a stretch of a resource.
type Claim struct {
	Holder   string
	Kind     string
	Resource string
	Span     Span
	Over     string // an offer that gives its stretch up for this claim, in the same transaction; empty: none
}

// Reserve queues for the units one after the other and takes the first that is free, in the caller's transaction; a fault
// slot-taken when there is none. The plan says how the resource is booked; what is taken is read anew behind the lock.
func (s *Service) Reserve(ctx context.Context, tx *db.Tx, c Claim, plan Plan) (Booking, error) {
	occupied := plan.Rule.occupied(c.Span)
	if c.Over != "" {
		if err := s.Yield(ctx, tx, c.Resource, c.Over); err != nil {
			return Booking{}, err
		}
	}
	for unit := int64(1); unit <= plan.Rule.Units; unit++ {
		if err := lockUnit(ctx, tx, c.Resource, unit); err != nil {
			return Booking{}, err
		}
		busy, err := listBusy(ctx, tx, []string{c.Resource}, occupied.From, occupied.To)
		if err != nil {
			return Booking{}, err
		}
		plan.Busy = busy[c.Resource]
		got, err := plan.Pick(c.Span)
		if err != nil {
			return Booking{}, err
		}
		if got > unit {
			continue
		}
		b := Booking{
			Holder: c.Holder, Kind: c.Kind, Resource: c.Resource, Unit: got, Start: db.At(c.Span.From), End: db.At(c.Span.To),
			From: db.At(occupied.From), To: db.At(occupied.To), Active: true,
		}
		if err := insertBooking(ctx, tx, b); err != nil {
			return b, err
		}
		return b, s.took(ctx, tx, b)
	}
	return Booking{}, errSlotTaken()
}

// Move puts a holder's booking to another stretch, in the caller's transaction: what it has does not stand in its own way,
// and nothing is given up unless the new stretch is won. A fault slot-taken when it is not to be had.
func (s *Service) Move(ctx context.Context, tx *db.Tx, holder string, span Span, plan Plan) (Booking, error) {
	has, err := bookingsOf(ctx, tx, []string{holder})
	if err != nil {
		return Booking{}, err
	}
	b, there := has[holder]
	if !there || !b.Active {
		return b, fmt.Errorf("booking: %s holds nothing to move", holder)
	}
	occupied := plan.Rule.occupied(span)
	for unit := int64(1); unit <= plan.Rule.Units; unit++ {
		if err := lockUnit(ctx, tx, b.Resource, unit); err != nil {
			return b, err
		}
	}
	if err := releaseBooking(ctx, tx, holder); err != nil { // told outside once, with the new time
		return b, err
	}
	busy, err := listBusy(ctx, tx, []string{b.Resource}, occupied.From, occupied.To)
	if err != nil {
		return b, err
	}
	plan.Busy = busy[b.Resource]
	if b.Unit, err = plan.Pick(span); err != nil {
		return b, err
	}
	b.Start, b.End, b.From, b.To = db.At(span.From), db.At(span.To), db.At(occupied.From), db.At(occupied.To)
	if err := moveBooking(ctx, tx, b); err != nil {
		return b, err
	}
	if err := s.took(ctx, tx, b); err != nil {
		return b, err
	}
	return b, s.tellFreed(ctx, tx, b.Resource)
}

// Release gives back what a holder has, if it has anything. Who waits for the time is served in the same transaction.
func (s *Service) Release(ctx context.Context, tx *db.Tx, holder string) error {
	b, err := freeBooking(ctx, tx, holder)
	if err != nil || b.Holder == "" {
		return err
	}
	if s.outside != nil {
		if err := s.outside.Freed(ctx, tx, b); err != nil {
			return err
		}
	}
	return s.tellFreed(ctx, tx, b.Resource)
}

func (s *Service) took(ctx context.Context, tx *db.Tx, b Booking) error {
	if s.outside == nil {
		return nil
	}
	return s.outside.Took(ctx, tx, b)
}

func (s *Service) tellFreed(ctx context.Context, tx *db.Tx, resource string) error {
	if s.freed == nil {
		return nil
	}
	return s.freed(ctx, tx, resource)
}

// Yield ends an offer's hold for something that takes its stretch over in the same transaction, behind the lock: nobody comes
// in between, and nobody who waits is served.
func (s *Service) Yield(ctx context.Context, tx *db.Tx, resource, offer string) error {
	if err := s.Queue(ctx, tx, resource); err != nil {
		return err
	}
	return endOffer(ctx, tx, offer)
}

// Held is the active bookings of a kind, by holder.
func (s *Service) Held(ctx context.Context, q db.Q, kind string) (map[string]Booking, error) {
	rows, err := db.All[Booking](ctx, q, `SELECT `+bookingColumns+` FROM booking_booking WHERE active AND kind = $1`, kind)
	if err != nil {
		return nil, fmt.Errorf("list what is held: %w", err)
	}
	out := make(map[string]Booking, len(rows))
	for _, b := range rows {
		out[b.Holder] = b
	}
	return out, nil
}

// Of is what holders have or had, by holder.
func (s *Service) Of(ctx context.Context, q db.Q, holders []string) (map[string]Booking, error) {
	return bookingsOf(ctx, q, holders)
}

// Count counts the bookings of a kind, those given back too.
func (s *Service) Count(ctx context.Context, q db.Q, kind string) (int64, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM booking_booking WHERE kind = $1`, kind)
	if err != nil {
		return 0, fmt.Errorf("count the bookings: %w", err)
	}
	return n, nil
}

// Verify re-derives that no two active bookings of one unit overlap.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	type pair struct {
		A string `db:"a"`
		B string `db:"b"`
	}
	rows, err := db.All[pair](ctx, q, `SELECT a.holder AS a, b.holder AS b
		FROM booking_booking a JOIN booking_booking b ON a.resource = b.resource AND a.unit = b.unit AND a.holder < b.holder
		WHERE a.active AND b.active AND a.from_at < b.to_at AND b.from_at < a.to_at`)
	if err != nil {
		return nil, fmt.Errorf("look for overlaps: %w", err)
	}
	var out []verify.Finding
	for _, r := range rows {
		out = append(out, verify.Finding{Code: "booking.overlap", Object: r.A, Text: "two active bookings of one unit overlap: " + r.B})
	}
	return out, nil
}
