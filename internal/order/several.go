package order

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/number"
)

// Draft is an order that is checked, priced and has its files kept, and reserves nothing yet.
type Draft struct {
	Estimate Estimate
	order    Order
	plan     booking.Plan
	docs     []Document
	by       identity.Subject
}

// Prepare checks a request as Place does and gives the order that would come of it.
func (s *Service) Prepare(ctx context.Context, q db.Q, by identity.Subject, orderID string, req PlaceRequest) (Draft, error) {
	e, plan, err := s.prepare(ctx, q, by, req)
	if err != nil {
		return Draft{Estimate: e}, err
	}
	o, err := s.draft(by, orderID, e)
	return Draft{Estimate: e, order: o, plan: plan, by: by}, err
}

// errRepeat ends a transaction whose request was served before; nothing is written again.
var errRepeat = errors.New("order: this request was served before")

// PlaceAll places prepared orders in the caller's transaction: all of them, or none when it ends with an error. Everybody takes
// what others may wait for in the same order, so that nobody waits in a circle: slots by resource, then money, then numbers.
func (s *Service) PlaceAll(ctx context.Context, tx *db.Tx, drafts []Draft) ([]Order, error) {
	out := make([]Order, len(drafts))
	turn := make([]int, len(drafts))
	for i, d := range drafts {
		out[i], turn[i] = d.order, i
	}
	slices.SortStableFunc(turn, func(a, b int) int { return strings.Compare(out[a].Resource, out[b].Resource) })
	for _, i := range turn {
		if err := s.reserve(ctx, tx, out[i], drafts[i]); err != nil {
			return nil, err
		}
	}
	for _, i := range turn {
		if n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM order_order WHERE id = $1`, out[i].ID); err != nil || n > 0 {
			return nil, errors.Join(err, errRepeat)
		}
		if err := s.hold(ctx, tx, &out[i], drafts[i].by.Person); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(turn, func(a, b int) int { return strings.Compare(out[a].Region, out[b].Region) })
	for _, i := range turn {
		if err := s.write(ctx, tx, &out[i], drafts[i]); err != nil {
			return nil, err
		}
	}
	for i, d := range drafts {
		if err := s.withinLimit(ctx, tx, out[i], d.plan); err != nil {
			return nil, err
		}
		if then := d.Estimate.Request.Then; then != nil {
			if err := then(ctx, tx, out[i]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// reserve takes a booking's slot: rivals wait here.
func (s *Service) reserve(ctx context.Context, tx *db.Tx, o Order, d Draft) error {
	if o.Kind != KindBooking {
		return nil
	}
	claim := claimOf(o, o.Start.Time, o.End.Time)
	claim.Over = d.Estimate.Request.Over
	_, err := s.booking.Reserve(ctx, tx, claim, d.plan)
	return err
}

// write gives an order its number and writes it with all that belongs to it.
func (s *Service) write(ctx context.Context, tx *db.Tx, o *Order, d Draft) error {
	var err error
	if o.Number, err = number.Next(ctx, tx, "DD", o.Region, o.PlacedAt.Time); err != nil {
		return fmt.Errorf("number the order: %w", err)
	}
	if err := insertOrder(ctx, tx, *o); err != nil {
		return err
	}
	if err := s.nameAside(ctx, tx, *o); err != nil {
		return err
	}
	for _, l := range d.Estimate.Price.Lines {
		if err := insertLine(ctx, tx, o.ID, l); err != nil {
			return err
		}
	}
	if err := s.keepPrice(ctx, tx, *o, d.Estimate); err != nil {
		return err
	}
	if err := s.keepDeclared(ctx, tx, d.by, *o, d.Estimate); err != nil {
		return err
	}
	for _, x := range d.docs {
		if err := insertDocument(ctx, tx, x); err != nil {
			return err
		}
	}
	who := d.by
	if clerk := d.Estimate.Request.Clerk; clerk != nil {
		who = *clerk
	}
	return s.record(ctx, tx, *o, facts(*o, Buyer, o.PlacedOn), Step{ID: id.From(o.ID, VerbPlace), Side: Buyer, Person: who.Person, Org: who.Org, Verb: VerbPlace, To: o.State})
}

// Room is how many more bookings to come an organisation may hold on a resource; false: as many as it likes.
func (s *Service) Room(ctx context.Context, q db.Q, r Resource, buyer string) (int64, bool, error) {
	rule, err := s.booking.RuleOf(ctx, q, r.ID)
	if err != nil {
		return 0, false, err
	}
	most := rule.Held(buyer == r.Owner)
	if most == 0 {
		return 0, false, nil
	}
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM order_order WHERE resource = $1 AND buyer = $2 AND kind = 'booking' AND state IN ('requested', 'accepted') AND start_at > $3`,
		r.ID, buyer, db.Stamp(s.clock.Now()))
	if err != nil {
		return 0, false, fmt.Errorf("the bookings of %s to come: %w", buyer, err)
	}
	return most - n, true, nil
}

// withinLimit refuses a booking, its row written, by which its buyer holds more than the rule allows. Rivals wait at the unit's
// lock row, so that they are counted.
func (s *Service) withinLimit(ctx context.Context, tx *db.Tx, o Order, plan booking.Plan) error {
	most := plan.Rule.Held(o.Buyer == o.Provider)
	if o.Kind != KindBooking || most == 0 {
		return nil
	}
	left, limited, err := s.Room(ctx, tx, Resource{ID: o.Resource, Owner: o.Provider}, o.Buyer)
	if err != nil || !limited || left >= 0 {
		return err
	}
	return fault.New(fault.Conflict, "slot-limit", "这台仪器每个单位最多同时持有 {0} 次未开始的预约，已经满了。等用完一次，或取消一次再约。", most)
}

// Each is one order's step among several.
type Each struct {
	Order   string
	Request VerbRequest
}

// DoAll takes several orders one step further in the caller's transaction, each as Do would, in the order given: all of them, or
// none when it ends with an error. The orders are locked by id before anything else, so that nobody waits in a circle.
func (s *Service) DoAll(ctx context.Context, tx *db.Tx, by identity.Subject, verb string, list []Each) ([]Order, error) {
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.Order
	}
	slices.Sort(ids)
	for _, one := range ids {
		if _, err := tx.Exec(ctx, `UPDATE order_order SET updated_at = updated_at WHERE id = $1`, one); err != nil {
			return nil, fmt.Errorf("lock order %s: %w", one, err)
		}
	}
	var out []Order
	for _, x := range list {
		o, err := s.mayDo(ctx, tx, by, x.Order, verb, x.Request)
		if err != nil {
			return nil, err
		}
		m := move{by: by, o: &o, req: x.Request, now: s.clock.Now()}
		if err := s.step(ctx, tx, &m, verb); err != nil && !errors.Is(err, errRepeat) {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// mayDo is an order on which the subject may do a verb, with a request that is sound by itself.
func (s *Service) mayDo(ctx context.Context, q db.Q, by identity.Subject, orderID, verb string, req VerbRequest) (Order, error) {
	o, err := getOrder(ctx, q, orderID)
	if err != nil {
		return o, err
	}
	if err := s.policy.Can(by, "order.view", object(o)); err != nil {
		return o, err
	}
	if !TableOf(o.Kind).Has(verb) {
		return o, fault.New(fault.NotFound, "no-verb", "这类订单没有“{0}”这个操作。", verb)
	}
	if err := s.policy.Can(by, "order."+verb, object(o)); err != nil {
		return o, err
	}
	return o, checkVerb(verb, o, req, s.today())
}

// FeeNow is what cancelling a booking costs now; 0: nothing.
func (s *Service) FeeNow(ctx context.Context, q db.Q, o Order) (money.Fen, error) {
	fee, due, err := s.cancelFee(ctx, q, o)
	if err != nil || !due {
		return 0, err
	}
	return fee.Amount, nil
}
