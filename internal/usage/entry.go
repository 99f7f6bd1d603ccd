package usage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/booking"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Entry is what one order took of an instrument's time, in minutes.
type Entry struct {
	Order    string `db:"order_id"`
	Number   string `db:"number"`
	Resource string `db:"resource"`
	Owner    string `db:"owner"`
	Region   string `db:"region"`
	Buyer    string `db:"buyer"`
	Day      string `db:"day"` // civil day of the booking, or of the first run
	Booking  bool   `db:"booking"`
	Inner    bool   `db:"inner_use"` // the owner's own people
	Missed   bool   `db:"missed"`    // nobody came
	Booked   int64  `db:"booked"`
	Used     int64  `db:"used"`
}

// month is the month an entry counts in.
func (e Entry) month() string { return e.Day[:len(monthLayout)] }

const monthLayout = "2006-01"

// entryOf reads what an order takes; false when it takes nothing: it was not accepted, was withdrawn before it ran, or is a
// commission that has not run. open is the minutes of the booking inside opening hours; a booking outside them (hours were
// changed later) counts whole.
func entryOf(o order.Order, runs []order.Run, open int64, missed bool) (Entry, bool) {
	e := Entry{
		Order: o.ID, Number: o.Number, Resource: o.Resource, Owner: o.Provider, Region: o.Region, Buyer: o.Buyer,
		Booking: o.Kind == order.KindBooking, Inner: o.Buyer == o.Provider, Used: o.Minutes,
	}
	if len(runs) > 0 {
		e.Day = clock.Day(runs[0].Start.Time)
	}
	if e.Booking && order.Active(o.State) && o.State != order.StateRequested {
		e.Day, e.Missed, e.Booked = clock.Day(o.Start.Time), missed && len(runs) == 0, open
		if open == 0 {
			e.Booked = int64(o.End.Sub(o.Start.Time).Minutes())
		}
	}
	return e, e.Booked > 0 || e.Used > 0
}

// counts tells whether an order is for something that has time to give: an instrument, not a service.
func (s *Service) counts(o order.Order) bool {
	k, known := s.kinds.Find(o.ResourceKind)
	return known && k.Bookable
}

// Follow brings the entry of an order up to date, and the sums with it, in the caller's transaction.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, orderID string) error {
	o, runs, err := s.Orders.Read(ctx, tx, orderID)
	if err != nil || !s.counts(o) {
		return err
	}
	var open int64
	missed := false
	if o.Kind == order.KindBooking {
		if missed, err = s.Missed(ctx, tx, orderID); err != nil {
			return err
		}
		r, err := s.Catalogue.Resources(ctx, tx, []string{o.Resource})
		if err != nil {
			return err
		}
		if len(r) > 0 { // a resource that left has no hours any more
			plan, err := s.Booking.Plan(ctx, tx, r[0], o.Start.Time, o.End.Time)
			if err != nil {
				return err
			}
			open = plan.Opened(booking.Span{From: o.Start.Time, To: o.End.Time})
		}
	}
	old, had, err := getEntry(ctx, tx, orderID)
	if err != nil {
		return err
	}
	fresh, has := entryOf(o, runs, open, missed)
	if had == has && old == fresh {
		return nil
	}
	if had {
		if err := addSum(ctx, tx, old, -1); err != nil {
			return err
		}
	}
	if has {
		if err := addSum(ctx, tx, fresh, 1); err != nil {
			return err
		}
		return putEntry(ctx, tx, fresh)
	}
	return dropEntry(ctx, tx, orderID)
}

// Count counts what every bookable instrument could give in the months of this year so far (in January of the last year,
// too): this month up to today, and the last one once more for closures written down late. A month that was counted earlier
// stays as it is, whatever opening hours are now.
func (s *Service) Count(ctx context.Context) error {
	now := clock.Local(s.Clock.Now())
	tomorrow := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location())
	this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())
	var months []string
	for m := this; ; m = m.AddDate(0, -1, 0) {
		months = append(months, m.Format(monthLayout))
		if m.Month() == 1 && now.Month() != 1 || m.Year() < now.Year() && m.Month() == 12 {
			break
		}
	}
	return s.Catalogue.EachBookable(ctx, s.DB, 0, func(list []Resource) error {
		if len(list) == 0 {
			return nil
		}
		known, err := counted(ctx, s.DB, list, months)
		if err != nil {
			return err
		}
		for n, month := range months {
			span := booking.Span{From: this.AddDate(0, -n, 0), To: this.AddDate(0, 1-n, 0)}
			if n == 0 {
				span.To = tomorrow
			}
			again := n < 2
			ask := slices.DeleteFunc(slices.Clone(list), func(r Resource) bool { return known[r.ID+month] && !again })
			if err := s.countMonth(ctx, ask, month, span); err != nil {
				return fmt.Errorf("count the opening time of %s: %w", month, err)
			}
		}
		return nil
	})
}

func (s *Service) countMonth(ctx context.Context, list []Resource, month string, span booking.Span) error {
	if len(list) == 0 {
		return nil
	}
	open, err := s.Booking.OpenTimes(ctx, s.DB, list, span)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, r := range list {
			if err := putOpen(ctx, tx, r, month, open[r.ID]); err != nil {
				return err
			}
		}
		return nil
	})
}
