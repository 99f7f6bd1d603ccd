package order

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/booking"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/verify"
)

// Verify re-derives what must hold: no overlap of active bookings; state, booking, hold and machine-hour
// log of each order in agreement; a timeline that leads to the state without a gap.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, c := range checks() {
		rows, err := db.All[found](ctx, q, c.sql)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", c.code, err)
		}
		for _, r := range rows {
			out = append(out, verify.Finding{Code: c.code, Object: r.Object, Text: c.text + ": " + r.Detail})
		}
	}
	slots, err := s.verifySlots(ctx, q)
	if err != nil {
		return nil, err
	}
	holds, err := s.verifyHolds(ctx, q)
	if err != nil {
		return nil, err
	}
	cards, err := s.verifyFunds(ctx, q)
	if err != nil {
		return nil, err
	}
	staged, err := s.verifyStages(ctx, q)
	return slices.Concat(out, slots, holds, cards, staged), err
}

// verifySlots compares bookings with what the calendars keep for them, both ways.
func (s *Service) verifySlots(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	type row struct {
		ID    string  `db:"id"`
		State string  `db:"state"`
		Start db.Time `db:"start_at"`
		End   db.Time `db:"end_at"`
	}
	var out []verify.Finding
	last, total := "", int64(0)
	for {
		rows, err := db.All[row](ctx, q, `SELECT id, state, start_at, end_at FROM order_order WHERE kind = 'booking' AND id > $1 ORDER BY id LIMIT 5000`, last)
		if err != nil {
			return nil, fmt.Errorf("list the bookings: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		last, total = rows[len(rows)-1].ID, total+int64(len(rows))
		ids := make([]string, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		kept, err := s.booking.Of(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			b, there := kept[r.ID]
			if !there || b.Active != Active(r.State) || !b.Start.Equal(r.Start.Time) || !b.End.Equal(r.End.Time) {
				out = append(out, verify.Finding{Code: "order.booking", Object: r.ID, Text: "a booking order and its slot disagree: " + r.State})
			}
		}
	}
	n, err := s.booking.Count(ctx, q, booking.HeldByOrder)
	if err == nil && n != total {
		out = append(out, verify.Finding{Code: "order.booking", Object: "", Text: fmt.Sprintf("the calendars keep %d bookings of orders, there are %d", n, total)})
	}
	return out, err
}

type found struct {
	Object string `db:"object"`
	Detail string `db:"detail"`
}

type check struct{ code, text, sql string }

// checks are the invariants that one statement can find broken; each gives the object and a detail.
func checks() []check {
	return []check{
		{"order.run", "running and the machine-hour log disagree", `SELECT o.id AS object, o.state AS detail FROM order_order o
			WHERE (o.state = 'running') <> EXISTS (SELECT 1 FROM order_run r WHERE r.order_id = o.id AND r.end_at IS NULL)`},
		{"order.minutes", "the machine minutes are not the sum of the runs", `SELECT o.id AS object, CAST(o.minutes AS TEXT) AS detail FROM order_order o
			WHERE o.minutes <> (SELECT coalesce(sum(r.minutes), 0) FROM order_run r WHERE r.order_id = o.id)`},
		{"order.timeline", "the last step of the timeline is not the state", `SELECT o.id AS object, o.state AS detail FROM order_order o
			WHERE NOT EXISTS (SELECT 1 FROM order_step t WHERE t.order_id = o.id AND t.to_state = o.state AND t.position = o.revision)`},
		{"order.chain", "a step does not begin where the one before ended", `SELECT t.order_id AS object, t.verb AS detail FROM order_step t
			WHERE t.from_state <> coalesce((SELECT p.to_state FROM order_step p WHERE p.order_id = t.order_id AND p.position = t.position - 1), '')`},
		{"order.lines", "the price is not the sum of its newest lines", `SELECT o.id AS object, CAST(o.price AS TEXT) AS detail FROM order_order o
			WHERE o.priced AND o.price <> (SELECT coalesce(sum(l.amount), 0) FROM order_line l WHERE l.order_id = o.id
				AND l.version = (SELECT coalesce(max(x.version), 0) FROM order_line x WHERE x.order_id = o.id))`},
	}
}

// verifyHolds compares what orders believe is held or used with what the voucher ledger keeps for them.
func (s *Service) verifyHolds(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	type row struct {
		ID      string    `db:"id"`
		Voucher money.Fen `db:"voucher"`
		Repaid  money.Fen `db:"repaid"`
		Held    bool      `db:"held"`
	}
	rows, err := db.All[row](ctx, q, `SELECT id, voucher, repaid, held FROM order_order WHERE programme <> '' ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list orders with vouchers: %w", err)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	kept, err := s.vouchers.Kept(ctx, q, ids)
	if err != nil {
		return nil, fmt.Errorf("what the voucher ledger keeps: %w", err)
	}
	var out []verify.Finding
	for _, r := range rows {
		want := r.Voucher + r.Repaid
		if !r.Held {
			want = 0
		}
		if kept[r.ID] != want {
			out = append(out, verify.Finding{Code: "order.hold", Object: r.ID, Text: fmt.Sprintf("the ledger keeps %d fen for the order, the order says %d", kept[r.ID], want)})
		}
	}
	return out, nil
}
