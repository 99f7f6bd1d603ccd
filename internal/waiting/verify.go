package waiting

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks that places, offers and what the calendars hold for offers agree.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, x := range []struct{ code, text, sql string }{
		{"waiting.place", "a place and its open offer disagree", `SELECT w.id FROM waiting_wait w WHERE (w.state = 'offered') <> EXISTS (SELECT 1 FROM waiting_offer o WHERE o.wait = w.id AND o.state = 'open') ORDER BY w.id`},
		{"waiting.taken", "a place that was taken has no taken offer", `SELECT w.id FROM waiting_wait w WHERE w.state = 'taken' AND NOT EXISTS (SELECT 1 FROM waiting_offer o WHERE o.wait = w.id AND o.state = 'taken') ORDER BY w.id`},
		{"waiting.contest", "a contest has an answer while it is open, or none after", `SELECT order_id FROM waiting_contest WHERE (state = 'open') <> (answered_at IS NULL) ORDER BY order_id`},
	} {
		bad, err := db.All[string](ctx, q, x.sql)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", x.code, err)
		}
		for _, object := range bad {
			out = append(out, verify.Finding{Code: x.code, Object: object, Text: x.text})
		}
	}
	held, err := s.Calendars.Held(ctx, q, booking.HeldByOffer)
	if err != nil {
		return nil, err
	}
	open, err := db.All[Offer](ctx, q, `SELECT `+offerColumns+` FROM waiting_offer WHERE state = 'open' ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list the open offers: %w", err)
	}
	for _, o := range open {
		b, there := held[o.ID]
		if !there || b.Resource != o.Resource || !b.Start.Equal(o.Start.Time) || !b.End.Equal(o.End.Time) {
			out = append(out, verify.Finding{Code: "waiting.held", Object: o.ID, Text: "an open offer does not hold its time"})
		}
		delete(held, o.ID)
	}
	for holder := range held {
		out = append(out, verify.Finding{Code: "waiting.held", Object: holder, Text: "time is held for an offer that is not open"})
	}
	return out, s.verifyOrders(ctx, q, &out)
}

// verifyOrders checks that what was taken has its order.
func (s *Service) verifyOrders(ctx context.Context, q db.Q, out *[]verify.Finding) error {
	ids, err := db.All[string](ctx, q, `SELECT order_id FROM waiting_offer WHERE state = 'taken'`)
	if err != nil {
		return fmt.Errorf("list what was taken: %w", err)
	}
	known := map[string]bool{}
	for part := range slices.Chunk(ids, 500) {
		list, err := s.Orders.Named(ctx, q, part)
		if err != nil {
			return err
		}
		for _, o := range list {
			known[o.ID] = true
		}
	}
	for _, id := range ids {
		if !known[id] {
			*out = append(*out, verify.Finding{Code: "waiting.order", Object: id, Text: "an offer was taken by an order that is not there"})
		}
	}
	return nil
}
