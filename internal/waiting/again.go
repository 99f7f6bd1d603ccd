package waiting

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// How much is proposed beside a booking that came to nothing: times of the same instrument, like instruments, times of each;
// and how far ahead they are looked for. Enough to choose from on one screen.
const (
	sameTimes  = 4
	likeMany   = 4
	likeTimes  = 2
	aheadWeeks = 4
)

// option is one time that can be booked with one click instead.
type option struct {
	Resource Resource
	booking.Span
	Price    money.Fen
	Currency string
	Why      *fault.Error // what stands in the way; nil: nothing
}

// nextTimes are the first times of a plan that fit, none overlapping another.
func nextTimes(p booking.Plan, w want, most int) []booking.Span {
	var out []booking.Span
	for len(out) < most {
		x, ok := first(p, w)
		if !ok {
			return out
		}
		out = append(out, x)
		w.not = append(w.not, x)
	}
	return out
}

// instead are the times at which a booking that came to nothing can be had again: of the same instrument first, then of like
// ones. Each has its own price; what the buyer lacks for it is named.
func (s *Service) instead(ctx context.Context, by identity.Subject, o order.Order) (same, like []option, err error) {
	list, err := s.candidates(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	now := s.Clock.Now()
	w := want{
		fromDay: s.today(), toDay: clock.Day(now.AddDate(0, 0, 7*aheadWeeks)), toMinute: 1440, minutes: int64(o.End.Sub(o.Start.Time) / time.Minute),
	}
	for _, r := range list {
		plan, err := s.Calendars.Plan(ctx, s.DB, r, now, now.AddDate(0, 0, 7*aheadWeeks+1))
		if err != nil {
			return nil, nil, err
		}
		plan.Inner = by.Org == r.Owner
		most := likeTimes
		if r.ID == o.Resource {
			most = sameTimes
		}
		var found []option
		for _, x := range nextTimes(plan, w, most) {
			found = append(found, option{Resource: r, Span: x})
		}
		if err := s.priced(ctx, by, o, found); err != nil {
			return nil, nil, err
		}
		if r.ID == o.Resource {
			same = found
		} else {
			like = append(like, found...)
		}
	}
	return same, like, nil
}

// candidates are the instrument of an order and those like it that can be booked now.
func (s *Service) candidates(ctx context.Context, o order.Order) ([]Resource, error) {
	var out []Resource
	r, err := s.Catalogue.Resource(ctx, s.DB, o.Resource)
	switch k := fault.Of(err); {
	case err == nil:
		out = append(out, r)
	case k.Kind != fault.NotFound && k.Kind != fault.Gone:
		return nil, fmt.Errorf("the instrument that was booked: %w", err)
	}
	if s.Like != nil {
		like, err := s.Like(ctx, o.Resource, o.Class, likeMany)
		if err != nil {
			return nil, fmt.Errorf("instruments like the one that was booked: %w", err)
		}
		out = append(out, like...)
	}
	return slices.DeleteFunc(out, func(r Resource) bool { return r.Status != catalogue.StatusPublished || !r.Bookable }), nil
}

// priced fills in what each option costs, or why it cannot be had.
func (s *Service) priced(ctx context.Context, by identity.Subject, o order.Order, list []option) error {
	for i := range list {
		req, err := s.again(ctx, o, list[i].Resource.ID)
		if err != nil {
			return err
		}
		req.Start, req.End, req.Programme, req.Fund = list[i].From, list[i].To, "", ""
		e, err := s.Orders.Expect(ctx, by, req)
		if err != nil {
			if list[i].Why = fault.Of(err); list[i].Why.Kind == fault.Internal {
				return err
			}
			continue
		}
		list[i].Price, list[i].Currency = e.Price.Total, e.Price.Currency
	}
	return nil
}

// Rebook books the content of a booking that came to nothing once more, at another time or on a like instrument, paid as
// before. Price is what the buyer was shown.
func (s *Service) Rebook(ctx context.Context, by identity.Subject, orderID, resource string, x booking.Span, price *money.Fen, key string) (order.Order, error) {
	o, err := s.endedOrder(ctx, by, orderID)
	if err != nil {
		return o, err
	}
	req, err := s.again(ctx, o, resource)
	if err != nil {
		return o, err
	}
	req.Start, req.End, req.Price, req.Key = x.From, x.To, price, key
	return s.Orders.Place(ctx, by, req)
}

// endedOrder is a booking that came to nothing, for its buyer.
func (s *Service) endedOrder(ctx context.Context, by identity.Subject, orderID string) (order.Order, error) {
	o, _, err := s.Orders.Read(ctx, s.DB, orderID)
	if err != nil {
		return o, err
	}
	if err := s.Policy.Can(by, "waiting.take", objectOf(o)); err != nil {
		return o, err
	}
	if o.Kind != order.KindBooking || !ended(o) {
		return o, fault.New(fault.Conflict, "again-open", "这笔预约还有效，要换时间请在订单页面改期。")
	}
	return o, nil
}

// Broken cancels, at no cost, the bookings whose time a breakdown takes, in the caller's transaction, and takes the offers
// among the holders back; it gives the orders that were cancelled.
func (s *Service) Broken(ctx context.Context, tx *db.Tx, holders []string, note string) ([]order.Order, error) {
	if len(holders) == 0 {
		return nil, nil
	}
	if err := s.Recall(ctx, tx, holders); err != nil {
		return nil, err
	}
	var out []order.Order
	for part := range slices.Chunk(holders, 500) {
		list, err := s.Orders.Named(ctx, tx, part)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			if o.Kind != order.KindBooking || o.State != order.StateRequested && o.State != order.StateAccepted {
				continue // it runs or is over: what there is to say is said on the order
			}
			done, err := s.Orders.Advance(ctx, tx, identity.Subject{}, System, o.ID, order.VerbCancel, order.VerbRequest{Note: note})
			if err != nil {
				return nil, err
			}
			out = append(out, done)
		}
	}
	return out, nil
}
