package match

import (
	"context"
	"errors"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// VerbOrder is the step that an order placed for a need leaves in its history; nobody presses it.
const VerbOrder = "order"

// Ordered notes that an order was placed for a need, in the transaction in which the event is delivered. An
// order without a need, or for one that is not there, changes nothing; the same order twice counts once.
func (s *Service) Ordered(ctx context.Context, tx *db.Tx, needID, resource, order string) error {
	if needID == "" {
		return nil
	}
	n, err := lockNeed(ctx, tx, needID)
	if fault.Is(err, "need-not-found") {
		return nil
	}
	if err != nil {
		return err
	}
	now := db.At(s.Clock.Now())
	st := Step{
		ID: id.From("match.order", needID, order), Need: needID, At: now, Day: clock.Day(now.Time), Side: Firm, Verb: VerbOrder,
		From: n.State, To: n.State, Resource: resource, Code: order,
	}
	if _, err := findStep(ctx, tx, st.ID); !errors.Is(err, db.ErrNone) {
		return err
	}
	return insertStep(ctx, tx, st)
}
