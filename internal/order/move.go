package order

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/pricing"
)

// reschedule puts a booking to another time: the old one is given back and the new one taken in the same transaction, and
// every rule holds as for a new booking. What costs more or less at the other time is another order.
func (s *Service) reschedule(ctx context.Context, tx *db.Tx, m *move) error {
	if !m.req.Agreed {
		if err := s.notLate(ctx, tx, m); err != nil {
			return err
		}
	}
	r, err := s.catalogue.Resource(ctx, tx, m.o.Resource)
	if err != nil {
		return fmt.Errorf("the resource to move within: %w", err)
	}
	if err := s.orderable(m.o.Kind, r); err != nil {
		return err
	}
	span := booking.Span{From: m.req.Start, To: m.req.End}
	if err := s.stillRequired(ctx, tx, *m.o, clock.Day(span.From)); err != nil {
		return err
	}
	plan, err := s.booking.Plan(ctx, tx, r, span.From, span.To)
	if err != nil {
		return err
	}
	plan.Inner = m.o.Buyer == r.Owner
	if _, err := s.booking.Move(ctx, tx, m.o.ID, span, plan); err != nil {
		return err
	}
	m.o.Start, m.o.End = db.NullAt(span.From), db.NullAt(span.To)
	if _, err := tx.Exec(ctx, `UPDATE order_order SET start_at = $2, end_at = $3 WHERE id = $1`, m.o.ID, m.o.Start, m.o.End); err != nil {
		return fmt.Errorf("move order %s: %w", m.o.Number, err)
	}
	return s.movedPrice(ctx, tx, m, r)
}

// notLate refuses to move an accepted booking so late that cancelling it would cost something: moving first would be the way
// round the fee.
func (s *Service) notLate(ctx context.Context, tx *db.Tx, m *move) error {
	o := *m.o
	o.State = m.step.From
	fee, due, err := s.cancelFee(ctx, tx, o)
	if err == nil && due && fee.Amount > 0 {
		return fault.New(fault.Conflict, "move-late", "现在改期太晚：按价格方案，此时取消要收 {0}。请与服务单位商量，由对方取消后重新预约。", fee.Amount)
	}
	return err
}

// movedPrice notes the new time for the bill of a booking. What costs something else there is refused, unless the provider
// proposed it and the buyer has seen the price: what is held for the order by a voucher or a card never changes.
func (s *Service) movedPrice(ctx context.Context, tx *db.Tx, m *move, r Resource) error {
	o := m.o
	e, err := s.pricedAt(ctx, tx, *o, r, o.Start.Time, o.End.Time)
	if err != nil {
		return err
	}
	total := e.Price.Total
	switch {
	case total == o.Price:
		return s.keepPrice(ctx, tx, *o, e)
	case !m.req.Agreed || o.Held || o.Fund != "":
		return fault.New(fault.Conflict, "move-price", "新时间的价格是 {0}，与原来的 {1} 不同。请取消后重新预约，或选价格相同的时间。", total, o.Price)
	case m.req.Price != nil && *m.req.Price != total:
		return errPriceChanged()
	}
	version, err := db.One[int64](ctx, tx, `SELECT coalesce(max(version), 0) FROM order_line WHERE order_id = $1`, o.ID)
	if err != nil {
		return fmt.Errorf("the lines so far: %w", err)
	}
	for _, l := range e.Price.Lines {
		l.Version = version + 1
		if err := insertLine(ctx, tx, o.ID, l); err != nil {
			return err
		}
	}
	o.Price, o.Own = total, total-o.Voucher
	return s.keepPrice(ctx, tx, *o, e)
}

// PriceAt is what a booking would cost at another time by the prices in force.
func (s *Service) PriceAt(ctx context.Context, q db.Q, o Order, from, to time.Time) (money.Fen, error) {
	r, err := s.catalogue.Resource(ctx, q, o.Resource)
	if err != nil {
		return 0, fmt.Errorf("the resource to price: %w", err)
	}
	e, err := s.pricedAt(ctx, q, o, r, from, to)
	return e.Price.Total, err
}

// pricedAt counts out what a booking costs at a time.
func (s *Service) pricedAt(ctx context.Context, q db.Q, o Order, r Resource, from, to time.Time) (Estimate, error) {
	e := Estimate{Resource: r, Request: PlaceRequest{Kind: o.Kind, Resource: o.Resource, Start: from, End: to, Quantity: o.Quantity, Line: o.PriceLine}}
	var err error
	if s.prices != nil {
		kept, ok, err := s.prices.Kept(ctx, q, o.ID)
		if err != nil {
			return e, err
		}
		if ok {
			e.Request.AddOns = kept.Facts.AddOns
		}
	}
	if e.Tariff, err = s.tariffOf(ctx, q, r, o.Buyer); err != nil {
		return e, err
	}
	if e.Facts, err = s.factsOf(ctx, q, e.Tariff, r, identity.Subject{Org: o.Buyer}, e.Request); err != nil {
		return e, err
	}
	priced, err := pricing.Price(e.Tariff.Plan, e.Facts)
	if err != nil {
		return e, err
	}
	e.Price = priceFrom(priced)
	return e, nil
}
