package order

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Read is an order with its runs, for modules above that have asked themselves who looks.
func (s *Service) Read(ctx context.Context, q db.Q, orderID string) (Order, []Run, error) {
	o, err := getOrder(ctx, q, orderID)
	if err != nil {
		return o, nil, err
	}
	runs, err := listRuns(ctx, q, orderID)
	if err != nil {
		return o, nil, fmt.Errorf("the runs of %s: %w", orderID, err)
	}
	return o, runs, nil
}

// Attend starts or stops the machine time of a booking for whoever is at the instrument (by), or by rule (by is empty). Whether
// they may is asked by the caller; whether the step exists is asked here, as of every step.
func (s *Service) Attend(ctx context.Context, tx *db.Tx, by identity.Subject, orderID, verb string, at time.Time, note string) (Order, error) {
	o, err := getOrder(ctx, tx, orderID)
	if err != nil {
		return o, err
	}
	if o.Kind != KindBooking || verb != VerbStart && verb != VerbStop {
		return o, fault.New(fault.NotFound, "no-verb", "这类订单没有“{0}”这个操作。", verb)
	}
	m := move{by: by, side: System, o: &o, req: VerbRequest{At: at, Note: note}, now: s.clock.Now()}
	return o, s.step(ctx, tx, &m, verb)
}
