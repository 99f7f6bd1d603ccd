package order

import (
	"context"
	"fmt"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/pricing"
)

// reschedule puts a booking to another time: the old one is given back and the new one taken in the same transaction, and
// every rule holds as for a new booking. What costs more or less at the other time is another order.
func (s *Service) reschedule(ctx context.Context, tx *db.Tx, m *move) error {
	if err := s.notLate(ctx, tx, m); err != nil {
		return err
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
	return s.samePrice(ctx, tx, m.o, r)
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

// samePrice refuses a time at which a booking would cost something else, and notes the new time for its bill.
func (s *Service) samePrice(ctx context.Context, tx *db.Tx, o *Order, r Resource) error {
	e := Estimate{Resource: r, Request: PlaceRequest{Kind: o.Kind, Resource: o.Resource, Start: o.Start.Time, End: o.End.Time, Quantity: o.Quantity, Line: o.PriceLine}}
	var err error
	if s.prices != nil {
		kept, ok, err := s.prices.Kept(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		if ok {
			e.Request.AddOns = kept.Facts.AddOns
		}
	}
	if e.Tariff, err = s.tariffOf(ctx, tx, r, o.Buyer); err != nil {
		return err
	}
	if e.Facts, err = s.factsOf(ctx, tx, e.Tariff, r, identity.Subject{Org: o.Buyer}, e.Request); err != nil {
		return err
	}
	priced, err := pricing.Price(e.Tariff.Plan, e.Facts)
	if err != nil {
		return err
	}
	if total := priceFrom(priced).Total; total != o.Price {
		return fault.New(fault.Conflict, "move-price", "新时间的价格是 {0}，与原来的 {1} 不同。请取消后重新预约，或选价格相同的时间。", total, o.Price)
	}
	return s.keepPrice(ctx, tx, *o, e)
}
