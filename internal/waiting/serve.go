package waiting

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

func inOrder(list []Wait, rule Rule) {
	slices.SortFunc(list, func(a, b Wait) int {
		if rule.before(a, b) {
			return -1
		}
		return 1
	})
}

// Freed gives the time of a resource that is free to those who wait for it, in the transaction that freed it: first in the
// queue, first served; whom nothing fits is passed over.
func (s *Service) Freed(ctx context.Context, tx *db.Tx, resource string) error {
	l, err := s.line(ctx, tx, resource)
	if err != nil || len(l.list) == 0 {
		return err
	}
	if err := s.Calendars.Queue(ctx, tx, resource); err != nil {
		return err
	}
	if l, err = s.line(ctx, tx, resource); err != nil { // as it is behind the lock
		return err
	}
	for _, w := range l.list {
		if err := s.serve(ctx, tx, l.r, l.rule, w); err != nil {
			return err
		}
	}
	return nil
}

// line is those who can be served of a resource, in their order.
type line struct {
	r    Resource
	rule Rule
	list []Wait
}

func (s *Service) line(ctx context.Context, q db.Q, resource string) (line, error) {
	list, err := queueOf(ctx, q, resource)
	if err != nil {
		return line{}, err
	}
	today := s.today()
	list = slices.DeleteFunc(list, func(w Wait) bool { return w.State != Waiting || w.Until < today })
	if len(list) == 0 {
		return line{}, nil
	}
	r, err := s.Catalogue.Resource(ctx, q, resource)
	if k := fault.Of(err); err != nil && (k.Kind == fault.NotFound || k.Kind == fault.Gone) {
		return line{}, nil // taken off the catalogue: nobody is served
	}
	if err != nil {
		return line{}, fmt.Errorf("the resource that is waited for: %w", err)
	}
	if r.Status != catalogue.StatusPublished || !r.Bookable {
		return line{}, nil
	}
	rule, err := s.RuleOf(ctx, q, r.Owner, today)
	inOrder(list, rule)
	return line{r, rule, list}, err
}

// promising tells, without locking anything, whether somebody in the queue of a resource can be served.
func (s *Service) promising(ctx context.Context, q db.Q, resource string) (bool, error) {
	l, err := s.line(ctx, q, resource)
	if err != nil {
		return false, err
	}
	for _, w := range l.list {
		if c, err := s.chanceOf(ctx, q, l.r, l.rule, w); err != nil || c != nil {
			return c != nil, err
		}
	}
	return false, nil
}

// chance is a time that fits a place.
type chance struct {
	booking.Span
	plan  booking.Plan
	until time.Time // to answer
}

// chanceOf is the first time that fits a place and leaves enough to answer; nil: there is none.
func (s *Service) chanceOf(ctx context.Context, q db.Q, r Resource, rule Rule, w Wait) (*chance, error) {
	plan, err := s.planFor(ctx, q, r, w)
	if err != nil {
		return nil, err
	}
	before, err := offersOf(ctx, q, w.ID)
	if err != nil {
		return nil, err
	}
	var not []booking.Span
	for _, o := range before {
		if o.State == Declined { // passed: not this time again
			not = append(not, o.span())
		}
	}
	x, ok := first(plan, w.want(not))
	if !ok {
		return nil, nil
	}
	until, ok := rule.ends(s.Clock.Now(), rule.Hold, lastCall(plan, x))
	if !ok {
		return nil, nil
	}
	return &chance{x, plan, until}, nil
}

// serve offers a place the first time that fits it, if there is one.
func (s *Service) serve(ctx context.Context, tx *db.Tx, r Resource, rule Rule, w Wait) error {
	c, err := s.chanceOf(ctx, tx, r, rule, w)
	if err != nil || c == nil {
		return err
	}
	now := db.At(s.Clock.Now())
	o := Offer{
		ID: id.New(), Kind: FromQueue, Wait: w.ID, Resource: w.Resource, ResourceZH: w.ResourceZH, ResourceEN: w.ResourceEN, Provider: w.Owner, Region: w.Region,
		Buyer: w.Buyer, Start: db.At(c.From), End: db.At(c.To), Until: db.At(c.until), Content: w.Content, State: Open, Invented: w.Invented, Revision: 1, Made: now, UpdatedAt: now,
	}
	if err := s.step(ctx, tx, &w, VerbOffer); err != nil {
		return err
	}
	return s.make(ctx, tx, o, c.plan)
}

// Sweep ends what has passed, offers and places, and serves the queues whose time came by itself: a day that can be booked
// now, hours that were opened.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock.Now()
	over, err := offersDue(ctx, s.DB, db.At(now))
	if err != nil {
		return err
	}
	for _, o := range over {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.end(ctx, tx, &o, VerbLapse) })
		if err != nil && fault.Of(err).Kind != fault.Conflict { // answered a moment ago
			return fmt.Errorf("end offer %s: %w", o.ID, err)
		}
	}
	late, err := waitsDue(ctx, s.DB, clock.Day(now))
	if err != nil {
		return err
	}
	for _, w := range late {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := s.Calendars.Queue(ctx, tx, w.Resource); err != nil {
				return err
			}
			return s.step(ctx, tx, &w, VerbExpire)
		})
		if err != nil && fault.Of(err).Kind != fault.Conflict {
			return fmt.Errorf("end place %s: %w", w.ID, err)
		}
	}
	queues, err := queuesWaiting(ctx, s.DB)
	if err != nil {
		return err
	}
	for _, resource := range queues {
		if ok, err := s.promising(ctx, s.DB, resource); err != nil || !ok {
			if err != nil {
				return err
			}
			continue
		}
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Freed(ctx, tx, resource) })
		if err != nil {
			return fmt.Errorf("serve the queue of %s: %w", resource, err)
		}
	}
	return nil
}
