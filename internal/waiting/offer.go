package waiting

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// The kinds of offer.
const (
	FromQueue = "queue"   // time that became free
	Instead   = "instead" // proposed with a refusal
	ToMove    = "move"    // proposed for a booking that stands
)

// Offer is time held for a buyer until an instant.
type Offer struct {
	ID         string  `db:"id"`
	Kind       string  `db:"kind"`
	Wait       string  `db:"wait"`
	Origin     string  `db:"origin"`
	Resource   string  `db:"resource"`
	ResourceZH string  `db:"resource_zh"`
	ResourceEN string  `db:"resource_en"`
	Provider   string  `db:"provider"`
	Region     string  `db:"region"`
	Buyer      string  `db:"buyer"`
	Start      db.Time `db:"start_at"`
	End        db.Time `db:"end_at"`
	Until      db.Time `db:"until_at"`
	Content    string  `db:"content"`
	Note       string  `db:"note"`
	State      string  `db:"state"`
	Order      string  `db:"order_id"`
	Person     string  `db:"person"`
	Invented   bool    `db:"invented"`
	Revision   int64   `db:"revision"`
	Made       db.Time `db:"made_at"`
	UpdatedAt  db.Time `db:"updated_at"`
}

func (o Offer) span() booking.Span { return booking.Span{From: o.Start.Time, To: o.End.Time} }

func (o Offer) moved(verb string) Moved {
	return Moved{
		Verb: verb, Kind: o.Kind, Wait: o.Wait, Offer: o.ID, Origin: o.Origin, Buyer: o.Buyer, Provider: o.Provider, Name: o.ResourceZH,
		Start: sayTimes(o.Start.Time, o.End.Time), Until: sayTime(o.Until.Time),
	}
}

// lastCall is the last instant at which a stretch can still be booked.
func lastCall(p booking.Plan, x booking.Span) time.Time {
	notice := p.Rule.Notice
	if p.Inner {
		notice = p.Rule.InnerNotice
	}
	return x.From.Add(-time.Duration(notice) * time.Hour)
}

// make holds the time of a new offer and tells its buyer.
func (s *Service) make(ctx context.Context, tx *db.Tx, o Offer, plan booking.Plan) error {
	if _, err := s.Calendars.Reserve(ctx, tx, booking.Claim{Holder: o.ID, Kind: booking.HeldByOffer, Resource: o.Resource, Span: o.span()}, plan); err != nil {
		return err
	}
	if err := insertOffer(ctx, tx, o); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, o.moved(VerbOffer)); err != nil {
		return err
	}
	return s.audited(ctx, tx, VerbOffer, "offer", o.ID, "", Open)
}

// end takes an open offer to its end, behind the lock of its resource; its time is free for the next, unless it was taken.
func (s *Service) end(ctx context.Context, tx *db.Tx, o *Offer, verb string) error {
	if err := s.Calendars.Queue(ctx, tx, o.Resource); err != nil {
		return err
	}
	now, err := getOffer(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	x, err := OfferTable().Next(now.State, verb)
	if err != nil {
		return errOver(now)
	}
	now.Order = o.Order
	*o = now
	o.State, o.Revision, o.UpdatedAt = x.To, now.Revision+1, db.At(s.Clock.Now())
	if err := updateOffer(ctx, tx, *o); err != nil {
		return err
	}
	if err := s.audited(ctx, tx, verb, "offer", o.ID, x.From, x.To); err != nil {
		return err
	}
	if o.Wait != "" {
		w := Wait{ID: o.Wait}
		if err := s.step(ctx, tx, &w, verb); err != nil {
			return err
		}
	}
	if verb == VerbTake {
		return nil
	}
	if verb != VerbPass {
		if err := s.tell(ctx, tx, o.moved(verb)); err != nil {
			return err
		}
	}
	return s.Calendars.Release(ctx, tx, o.ID)
}

// errOver says what became of an offer.
func errOver(o Offer) *fault.Error {
	switch o.State {
	case Taken:
		return fault.New(fault.Conflict, "offer-taken", "这个邀约已经接受，订单已生成。")
	case Lapsed:
		return fault.New(fault.Conflict, "offer-lapsed", "这个邀约已于 {0} 到期，时段让给了下一位。可以重新加入候补。", sayTime(o.Until.Time))
	case Declined:
		return fault.New(fault.Conflict, "offer-declined", "这个邀约已经谢绝。")
	}
	return fault.New(fault.Conflict, "offer-recalled", "这个邀约已被收回，时段不再保留。")
}

// Offer is an offer for who may see it.
func (s *Service) Offer(ctx context.Context, by identity.Subject, offerID string) (Offer, error) {
	o, err := getOffer(ctx, s.DB, offerID)
	if err != nil {
		return o, err
	}
	return o, s.Policy.Can(by, "waiting.view", o.object())
}

// TakeRequest is how an offer is paid for; Price and Seen are what the buyer was shown.
type TakeRequest struct {
	Programme *string
	Seen      *money.Fen
	Fund      *string
	Price     *money.Fen
	Key       string
}

// request is the order that taking an offer places.
func (o Offer) request(r TakeRequest) (order.PlaceRequest, error) {
	c, err := contentOf(o.Content)
	if err != nil {
		return order.PlaceRequest{}, err
	}
	if r.Programme != nil {
		c.Programme = *r.Programme
	}
	if r.Fund != nil {
		c.Fund = *r.Fund
	}
	req := c.request(o.Resource, o.span())
	req.Seen, req.Price, req.Over, req.Key = r.Seen, r.Price, o.ID, "offer/"+o.ID
	return req, nil
}

// Take makes an offer an order, by order's own Place: every rule and the price are checked again, and the offer's time goes
// over to the order in one transaction.
func (s *Service) Take(ctx context.Context, by identity.Subject, offerID string, r TakeRequest) (order.Order, error) {
	o, err := s.Offer(ctx, by, offerID)
	if err != nil {
		return order.Order{}, err
	}
	if err := s.Policy.Can(by, "waiting.take", o.object()); err != nil {
		return order.Order{}, err
	}
	switch {
	case o.State == Taken:
		return s.orderOf(ctx, o)
	case o.State != Open:
		return order.Order{}, errOver(o)
	case !s.Clock.Now().Before(o.Until.Time):
		o.State = Lapsed
		return order.Order{}, errOver(o)
	}
	if o.Kind == ToMove {
		return s.move(ctx, by, o, r.Price)
	}
	req, err := o.request(r)
	if err != nil {
		return order.Order{}, err
	}
	req.Then = func(ctx context.Context, tx *db.Tx, placed order.Order) error {
		x := o
		x.Order = placed.ID
		if err := s.end(ctx, tx, &x, VerbTake); err != nil {
			return err
		}
		return s.accepted(ctx, tx, o, placed)
	}
	placed, err := s.Orders.Place(ctx, by, req)
	if err != nil || o.Kind != Instead {
		return placed, err
	}
	o.Order = placed.ID
	return s.orderOf(ctx, o) // accepted already
}

// orderOf is the order by which an offer was taken.
func (s *Service) orderOf(ctx context.Context, o Offer) (order.Order, error) {
	list, err := s.Orders.Named(ctx, s.DB, []string{o.Order})
	if err != nil || len(list) == 0 {
		return order.Order{}, fmt.Errorf("the order of offer %s: %w", o.ID, err)
	}
	return list[0], nil
}

// Answer declines an offer, or passes this time and keeps the place.
func (s *Service) Answer(ctx context.Context, by identity.Subject, offerID, verb string) (Offer, error) {
	o, err := s.Offer(ctx, by, offerID)
	if err != nil {
		return o, err
	}
	if err := s.Policy.Can(by, "waiting.answer", o.object()); err != nil {
		return o, err
	}
	if verb != VerbDecline && (verb != VerbPass || o.Kind != FromQueue) {
		return o, fault.New(fault.NotFound, "no-verb", "邀约没有“{0}”这个操作。", verb)
	}
	if o.State == Declined {
		return o, nil
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.end(ctx, tx, &o, verb) })
	return o, err
}

// Recall ends the offers among holders because their time is not to be had any more: those who waited go on waiting.
func (s *Service) Recall(ctx context.Context, tx *db.Tx, holders []string) error {
	list, err := openOffers(ctx, tx, holders)
	if err != nil {
		return err
	}
	for _, o := range list {
		if err := s.end(ctx, tx, &o, VerbRecall); err != nil {
			return err
		}
	}
	return nil
}
