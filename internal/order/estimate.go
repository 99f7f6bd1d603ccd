package order

import (
	"context"
	"fmt"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/pricing"
	"qiao/internal/voucher"
)

// Estimate is what an order would cost, and who would pay which part.
type Estimate struct {
	Request  PlaceRequest
	Resource Resource
	Price    Price
	Voucher  money.Fen // what vouchers pay at once
	Repaid   money.Fen // of the own part: what is repaid later
	Own      money.Fen
	Split    voucher.Division // how the vouchers' parts came about
	Tariff   tariff           // the plan it was counted by
	Facts    pricing.Facts    // from what it was counted
}

// Estimate says what an order would cost without placing it. Placing computes the same way: when
// nothing has changed in between, the order costs what the estimate said.
func (s *Service) Estimate(ctx context.Context, by identity.Subject, req PlaceRequest) (Estimate, error) {
	e, _, err := s.prepare(ctx, s.db, by, req)
	return e, err
}

// prepare checks a request and counts out its price; the plan says how the resource is booked. A slot
// that is taken is refused here already, so that most rivals never reach the queue.
func (s *Service) prepare(ctx context.Context, q db.Q, by identity.Subject, req PlaceRequest) (Estimate, booking.Plan, error) {
	if req.Quantity == 0 {
		req.Quantity = 1
	}
	e := Estimate{Request: req}
	if err := s.policy.Can(by, "order.create", identity.Object{Parties: map[string]string{Buyer: by.Org}}); err != nil {
		return e, booking.Plan{}, err
	}
	if err := checkPlace(req); err != nil {
		return e, booking.Plan{}, err
	}
	var err error
	if e.Resource, err = s.catalogue.Resource(ctx, q, req.Resource); err != nil {
		return e, booking.Plan{}, fmt.Errorf("the resource to order: %w", err)
	}
	if err := s.orderable(req.Kind, e.Resource); err != nil {
		return e, booking.Plan{}, err
	}
	if err := s.served(ctx, q, e.Resource); err != nil {
		return e, booking.Plan{}, err
	}
	if e.Request.Use, err = s.customs(e.Resource, req.Use); err != nil {
		return e, booking.Plan{}, err
	}
	if err = s.required(ctx, q, by, e.Resource, req); err != nil {
		return e, booking.Plan{}, err
	}
	var plan booking.Plan
	if req.Kind == KindBooking {
		if plan, err = s.booking.Plan(ctx, q, e.Resource, req.Start, req.End); err != nil {
			return e, plan, err
		}
		plan.Inner = by.Org == e.Resource.Owner
		if req.Over == "" { // what an offer holds is judged behind the lock
			if _, err = plan.Pick(booking.Span{From: req.Start, To: req.End}); err != nil {
				return e, plan, err
			}
		}
	}
	return e, plan, s.priceUp(ctx, q, by, &e)
}

// priceUp fills in the price and divides it.
func (s *Service) priceUp(ctx context.Context, q db.Q, by identity.Subject, e *Estimate) error {
	var err error
	if e.Tariff, err = s.tariffOf(ctx, q, e.Resource, by.Org); err != nil {
		return err
	}
	if e.Facts, err = s.factsOf(ctx, q, e.Tariff, e.Resource, by, e.Request); err != nil {
		return err
	}
	priced, err := pricing.Price(e.Tariff.Plan, e.Facts)
	if err != nil {
		return err
	}
	e.Price = priceFrom(priced)
	if e.Request.Price != nil && *e.Request.Price != e.Price.Total {
		return errPriceChanged()
	}
	if e.Request.Kind == KindBooking && !e.Price.Known {
		return fault.New(fault.Conflict, "no-price", "这台仪器没有适用的价格，暂时不能直接预约，可改为委托，请对方报价。")
	}
	e.Split, err = s.split(ctx, q, splitAsk{
		firm: by.Org, provider: e.Resource.Owner, kind: e.Resource.Kind, class: e.Resource.Class, purpose: e.Request.Purpose, wish: e.Request.Programme, price: e.Price.Total, currency: e.Price.Currency, seen: e.Request.Seen,
	})
	e.Voucher, e.Repaid, e.Own = e.Split.Direct, e.Split.Repaid, e.Price.Total-e.Split.Direct
	return err
}

// splitAsk is what the division of a price depends on.
type splitAsk struct {
	firm, provider, kind, class, purpose, currency string
	wish                                           string // what it is to be paid with, see PayWith
	price                                          money.Fen
	seen                                           *money.Fen // the voucher's part the buyer agreed to
}

// split divides a price into the vouchers' parts and the rest. A voucher that cannot carry its full
// share is a fault, unless the buyer has seen and taken the smaller part.
func (s *Service) split(ctx context.Context, q db.Q, a splitAsk) (voucher.Division, error) {
	plain := voucher.Division{Own: a.price}
	programmes, way := payWith(a.wish)
	if len(programmes) == 0 {
		return plain, nil
	}
	if a.firm == a.provider {
		return plain, fault.New(fault.Invalid, "voucher-own", "使用本单位自己的资源不能用创新券。").
			Field("programme", "own", "请不要选择创新券。")
	}
	if a.currency != money.CNY {
		return plain, fault.New(fault.Invalid, "voucher-currency", "创新券只能抵扣人民币价格。").
			Field("programme", "currency", "这一价格以 {0} 计，请不要选择创新券。", a.currency)
	}
	split, err := s.vouchers.Divide(ctx, q, voucher.DivideRequest{
		Programmes: programmes, Way: way, Firm: a.firm, Provider: a.provider, Kind: a.kind, Class: a.class, Purpose: a.purpose, Price: a.price,
	})
	if err != nil {
		return split, fmt.Errorf("divide the price: %w", err)
	}
	if a.seen != nil {
		if *a.seen != split.Vouchers() {
			return split, errPriceChanged()
		}
		return split, nil
	}
	switch {
	case short(split):
		return split, tooLittle(split.Vouchers())
	case split.Vouchers() == 0 && a.price > 0:
		return split, excluded(ctx, split)
	}
	return split, nil
}

func errPriceChanged() *fault.Error {
	return fault.New(fault.Conflict, "price-changed", "价格或创新券余额刚刚有变化，请核对新的金额后再提交。")
}

// excluded says which rule of the programme keeps a voucher from paying anything.
func excluded(ctx context.Context, split voucher.Division) *fault.Error {
	why := ""
	for _, l := range split.Lines {
		if l.Code == split.Why {
			why = l.In(ctx)
		}
	}
	return fault.New(fault.Invalid, "voucher-not-applicable", "这笔订单不能用所选的创新券。{0}", why).
		Field("programme", "not-applicable", "请改为自付，或另选计划。")
}

// short tells whether the purse, not the rules, kept the voucher's part down.
func short(q voucher.Division) bool { return q.Why == "left" || q.Why == "nothing-left" }

func tooLittle(left money.Fen) *fault.Error {
	return fault.New(fault.Invalid, "voucher-too-little", "创新券余额不足，最多还能抵扣 {0}。可以先申请额度，或不用创新券、全额自付。", left).
		Field("programme", "too-little", "余额只够抵扣 {0}。", left)
}
