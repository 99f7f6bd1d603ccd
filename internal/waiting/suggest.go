package waiting

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// SuggestRequest is another time that a provider proposes for a booking, perhaps on another instrument of its own.
type SuggestRequest struct {
	Note     string
	Resource string // empty: the same
	Start    time.Time
	End      time.Time
	Key      string // the request's own key
}

func (r SuggestRequest) check() error {
	bad := fault.New(fault.Invalid, "suggest-invalid", "还差一点：请按提示补充。")
	if n := utf8.RuneCountInString(strings.TrimSpace(r.Note)); n == 0 || n > maxText {
		bad.Field("note", "required", "请写明理由，对方会看到；最多 {0} 个字。", int64(maxText))
	}
	if r.Start.IsZero() {
		bad.Field("from", "required", "请填写建议的开始时间。")
	}
	switch {
	case r.End.IsZero():
		bad.Field("to", "required", "请填写建议的结束时间。")
	case !r.Start.Before(r.End):
		bad.Field("to", "order", "结束时间必须晚于开始时间。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// errTooLate is an order for which nothing can be proposed any more.
func errTooLate() *fault.Error {
	return fault.New(fault.Conflict, "suggest-late", "这笔订单现在不能再建议其他时间，请刷新页面查看最新状态。")
}

// kindFor is what a provider can propose for an order as it stands; empty: nothing.
func kindFor(o order.Order) string {
	switch {
	case o.Kind != order.KindBooking:
		return ""
	case o.State == order.StateRequested:
		return Instead
	case o.State == order.StateAccepted:
		return ToMove
	}
	return ""
}

func objectOf(o order.Order) identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: o.Buyer, Provider: o.Provider}, Region: o.Region}
}

// Suggest refuses a requested booking and holds the time proposed instead, or proposes to move one that was accepted; the
// buyer answers within the terms of the provider's rule. All of it happens or nothing does.
func (s *Service) Suggest(ctx context.Context, by identity.Subject, orderID string, req SuggestRequest) (Offer, error) {
	o, _, err := s.Orders.Read(ctx, s.DB, orderID)
	if err != nil {
		return Offer{}, err
	}
	if err := s.Policy.Can(by, "waiting.suggest", objectOf(o)); err != nil {
		return Offer{}, err
	}
	offerID := id.New()
	if req.Key != "" {
		offerID = id.From(by.Person, req.Key, "suggest")
		if x, err := getOffer(ctx, s.DB, offerID); err == nil {
			return x, nil
		}
	}
	kind := kindFor(o)
	if kind == "" {
		return Offer{}, errTooLate()
	}
	if err := req.check(); err != nil {
		return Offer{}, err
	}
	x, plan, err := s.proposal(ctx, o, kind, req)
	if err != nil {
		return x, err
	}
	x.ID, x.Person = offerID, by.Person
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.Calendars.Queue(ctx, tx, x.Resource); err != nil {
			return err
		}
		if err := s.noOther(ctx, tx, o.ID); err != nil {
			return err
		}
		refuse := func() error {
			_, err := s.Orders.Advance(ctx, tx, by, Provider, o.ID, order.VerbRefuse, order.VerbRequest{Note: x.Note})
			return err
		}
		switch {
		case kind == ToMove:
			return s.make(ctx, tx, x, plan)
		case overlaps(x, o): // the old time has to go first
			if err := refuse(); err != nil {
				return err
			}
			return s.make(ctx, tx, x, plan)
		}
		if err := s.make(ctx, tx, x, plan); err != nil { // before the old time is given to who waits
			return err
		}
		return refuse()
	})
	return x, err
}

// proposal is the offer that a proposal becomes, and by what its time is judged.
func (s *Service) proposal(ctx context.Context, o order.Order, kind string, req SuggestRequest) (Offer, booking.Plan, error) {
	r, err := s.Catalogue.Resource(ctx, s.DB, o.Resource)
	if req.Resource != "" && req.Resource != o.Resource && kind == Instead {
		r, err = s.Catalogue.Resource(ctx, s.DB, req.Resource)
	}
	if err != nil {
		return Offer{}, booking.Plan{}, fmt.Errorf("what is proposed: %w", err)
	}
	if r.Owner != o.Provider || r.Status != catalogue.StatusPublished || !r.Bookable {
		return Offer{}, booking.Plan{}, fault.New(fault.Invalid, "suggest-invalid", "还差一点：请按提示补充。").Field("resource", "not-own", "只能建议本单位可在线预约的仪器。")
	}
	content, err := s.contentOf(ctx, o, r.ID)
	if err != nil {
		return Offer{}, booking.Plan{}, err
	}
	plan, err := s.Calendars.Plan(ctx, s.DB, r, req.Start, req.End)
	if err != nil {
		return Offer{}, plan, err
	}
	plan.Inner = o.Buyer == r.Owner
	span := booking.Span{From: req.Start, To: req.End}
	x := Offer{
		Kind: kind, Origin: o.ID, Resource: r.ID, ResourceZH: r.NameZH, ResourceEN: r.NameEN, Provider: o.Provider, Region: r.Region, Buyer: o.Buyer,
		Start: db.At(req.Start), End: db.At(req.End), Content: content, Note: strings.TrimSpace(req.Note), State: Open, Invented: o.Sample, Revision: 1,
	}
	switch {
	case overlaps(x, o) && kind == ToMove:
		return x, plan, fault.New(fault.Invalid, "suggest-invalid", "还差一点：请按提示补充。").
			Field("from", "overlap", "提议的时间要与原来的时间错开：对方答复之前，两段时间都为对方保留。")
	case !overlaps(x, o): // what overlaps is judged when the old time is given back
		if _, err := plan.Pick(span); err != nil {
			return x, plan, s.errNotFree(ctx, o, r, span, err)
		}
	}
	rule, err := s.RuleOf(ctx, s.DB, o.Provider, s.today())
	if err != nil {
		return Offer{}, plan, err
	}
	until, ok := rule.ends(s.Clock.Now(), rule.Reply, lastCall(plan, span))
	if !ok {
		return Offer{}, plan, fault.New(fault.Invalid, "suggest-invalid", "还差一点：请按提示补充。").Field("from", "soon", "离开始太近，对方来不及答复，请建议更晚的时间。")
	}
	if kind == ToMove {
		if err := s.movable(ctx, o, span); err != nil {
			return Offer{}, plan, err
		}
	}
	x.Made, x.Until = db.At(s.Clock.Now()), db.At(until)
	x.UpdatedAt = x.Made
	return x, plan, nil
}

// nextFree is the first time on an instrument, as long as an order's and not before an instant, that can be proposed for it;
// false: none within the weeks that are looked ahead.
func (s *Service) nextFree(ctx context.Context, o order.Order, r Resource, after time.Time) (booking.Span, bool, error) {
	if now := s.Clock.Now(); after.Before(now) {
		after = now
	}
	until := after.AddDate(0, 0, 7*aheadWeeks)
	plan, err := s.Calendars.Plan(ctx, s.DB, r, after, until.AddDate(0, 0, 1))
	if err != nil {
		return booking.Span{}, false, err
	}
	plan.Inner = o.Buyer == r.Owner
	w := want{
		fromDay: clock.Day(after), toDay: clock.Day(until), toMinute: 1440, minutes: int64(o.End.Sub(o.Start.Time) / time.Minute),
		not: []booking.Span{{From: after.AddDate(0, 0, -1), To: after}}, // not the rest of that day before it
	}
	x, ok := first(plan, w)
	return x, ok, nil
}

// errNotFree says, instead of what is said to who books, what the provider can propose when its time is not to be had.
func (s *Service) errNotFree(ctx context.Context, o order.Order, r Resource, asked booking.Span, why error) error {
	f := fault.Of(why)
	if f.Kind == fault.Internal {
		return why
	}
	x, ok, err := s.nextFree(ctx, o, r, asked.From)
	switch {
	case err != nil:
		return err
	case !ok:
		return fault.New(f.Kind, f.Code, "这台仪器在建议的时间约不到，四周之内也没有这么长的空闲时间，请换一台仪器。").Because(why)
	}
	return fault.New(f.Kind, f.Code, "这台仪器在建议的时间约不到；之后最早能约的时间是 {0}。", sayTimes(x.From, x.To)).Because(why)
}

// overlaps tells whether a proposal touches the time of its order.
func overlaps(x Offer, o order.Order) bool {
	return x.Resource == o.Resource && x.span().Overlaps(booking.Span{From: o.Start.Time, To: o.End.Time})
}

// movable refuses a move that could not be taken: where a voucher or a card pays, the price must stay as it is, for what was
// put aside is that price.
func (s *Service) movable(ctx context.Context, o order.Order, x booking.Span) error {
	price, err := s.Orders.PriceAt(ctx, s.DB, o, x.From, x.To)
	if err != nil {
		return err
	}
	if price != o.Price && (o.Held || o.Fund != "") {
		return fault.New(fault.Conflict, "suggest-price", "新时间的价格是 {0}，与原来的 {1} 不同；这笔订单由创新券或经费卡付款，只能改到价格相同的时间。", price, o.Price)
	}
	return nil
}

// contentOf is what an order was for, as another order would ask for it; on another instrument its rates and add-ons do not count.
func (s *Service) contentOf(ctx context.Context, o order.Order, resource string) (string, error) {
	again, err := s.again(ctx, o, resource)
	if err != nil {
		return "", err
	}
	return Content{
		Quantity: again.Quantity, Line: again.Line, AddOns: again.AddOns, Purpose: again.Purpose, Samples: again.Samples, Use: again.Use, Answers: again.Answers,
		Need: again.Need, Programme: again.Programme, Fund: again.Fund,
	}.text()
}

// again is the request for an order once more, perhaps on another instrument.
func (s *Service) again(ctx context.Context, o order.Order, resource string) (order.PlaceRequest, error) {
	req, err := s.Orders.Again(ctx, s.DB, o)
	if err != nil {
		return req, err
	}
	if s.Declared != nil {
		if req.Answers, err = s.Declared(ctx, s.DB, o.ID); err != nil {
			return req, fmt.Errorf("what was declared with %s: %w", o.Number, err)
		}
	}
	if resource != o.Resource {
		req.Resource, req.Line, req.AddOns = resource, "", nil
	}
	return req, nil
}

// noOther refuses a second open proposal for an order.
func (s *Service) noOther(ctx context.Context, q db.Q, orderID string) error {
	list, err := offersBy(ctx, q, "origin", []string{orderID})
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.State == Open {
			return fault.New(fault.Conflict, "suggest-open", "已经有一个提议等对方答复：{0}。请等答复，或先收回。", sayTimes(x.Start.Time, x.End.Time))
		}
	}
	return nil
}

// TakeBack ends a proposal that the provider does not stand by any more.
func (s *Service) TakeBack(ctx context.Context, by identity.Subject, offerID string) (Offer, error) {
	o, err := s.Offer(ctx, by, offerID)
	if err != nil {
		return o, err
	}
	if err := s.Policy.Can(by, "waiting.suggest", o.object()); err != nil {
		return o, err
	}
	if o.Kind == FromQueue {
		return o, fault.New(fault.Conflict, "offer-queue", "候补的邀约按规则自动发出和到期，不能收回；仪器不能用时请登记停用。")
	}
	if o.State == Recalled {
		return o, nil
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.end(ctx, tx, &o, VerbRecall) })
	return o, err
}

// accepted takes the provider's own proposal for its yes: the new order is accepted at once, unless somebody has to approve
// the card that pays it.
func (s *Service) accepted(ctx context.Context, tx *db.Tx, o Offer, placed order.Order) error {
	if o.Kind != Instead || placed.Fund != "" {
		return nil
	}
	_, err := s.Orders.Advance(ctx, tx, o.proposer(), Provider, placed.ID, order.VerbAccept, order.VerbRequest{Note: o.Note})
	return err
}

// proposer is who made a proposal.
func (o Offer) proposer() identity.Subject {
	return identity.Subject{Person: o.Person, Org: o.Provider}
}

// move takes a proposed move: the booking gives its old time up for the one that is held, and stays accepted.
func (s *Service) move(ctx context.Context, by identity.Subject, o Offer, shown *money.Fen) (order.Order, error) {
	var out order.Order
	req := order.VerbRequest{Start: o.Start.Time, End: o.End.Time, Note: o.Note, Agreed: true, Price: shown}
	asked, err := s.Orders.AskMoves(ctx, []order.Each{{Order: o.Origin, Request: req}})
	if err != nil {
		return out, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x := o
		x.Order = o.Origin
		if err := s.end(ctx, tx, &x, VerbTake); err != nil {
			return err
		}
		if err := s.Calendars.Yield(ctx, tx, o.Resource, o.ID); err != nil {
			return err
		}
		if _, err := s.Orders.Advance(ctx, tx, by, Buyer, o.Origin, order.VerbMove, req); err != nil {
			return err
		}
		var err error
		out, err = s.Orders.Advance(ctx, tx, o.proposer(), Provider, o.Origin, order.VerbAccept, order.VerbRequest{Note: o.Note})
		return err
	})
	if err != nil {
		s.Orders.Forget(ctx, asked)
	}
	return out, err
}

// Settle takes back what was proposed for an order that has gone on without it, in the caller's transaction.
func (s *Service) Settle(ctx context.Context, tx *db.Tx, orderID string) error {
	list, err := offersBy(ctx, tx, "origin", []string{orderID})
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.State == Open && x.Kind == ToMove {
			if err := s.end(ctx, tx, &x, VerbRecall); err != nil {
				return err
			}
		}
	}
	return nil
}
