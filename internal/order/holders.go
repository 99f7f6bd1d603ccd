package order

import (
	"context"
	"fmt"
	"strings"
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

// Starting is the accepted bookings that begin between two instants, the first first.
func (s *Service) Starting(ctx context.Context, q db.Q, from, to time.Time) ([]Order, error) {
	out, err := db.All[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order WHERE state = 'accepted' AND kind = 'booking' AND start_at > $1 AND start_at <= $2 ORDER BY start_at, id`, db.Stamp(from), db.Stamp(to))
	if err != nil {
		return nil, fmt.Errorf("the bookings that begin: %w", err)
	}
	return out, nil
}

// Overdue is the open orders whose promised day is before a civil day, the oldest promise first, at most limit of them after
// a cursor; next is the cursor of those after them, empty at the end.
func (s *Service) Overdue(ctx context.Context, q db.Q, day, after string, limit int) (list []Order, next string, err error) {
	from, id, _ := strings.Cut(after, " ")
	list, err = db.All[Order](ctx, q, `SELECT `+orderColumns+` FROM order_order WHERE due <> '' AND state NOT IN ('refused', 'cancelled', 'settled') AND due < $1 AND (due > $2 OR due = $2 AND id > $3)
		ORDER BY due, id LIMIT $4`, day, from, id, limit)
	if err != nil {
		return nil, "", fmt.Errorf("the overdue orders: %w", err)
	}
	if len(list) == limit {
		last := list[limit-1]
		next = last.Due + " " + last.ID
	}
	return list, next, nil
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
