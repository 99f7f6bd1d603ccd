package order

import (
	"context"
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
)

// Expect is Estimate for a time that need not be free: what it would cost somebody who waits for it or to whom it is offered,
// with every other rule checked.
func (s *Service) Expect(ctx context.Context, by identity.Subject, req PlaceRequest) (Estimate, error) {
	if req.Over == "" {
		req.Over = "-"
	}
	return s.Estimate(ctx, by, req)
}

// Advance takes an order one step further for a module above, in the caller's transaction: the caller has asked who may, and
// names the side that acts. Whether the step exists for that side is asked here, as of every step.
func (s *Service) Advance(ctx context.Context, tx *db.Tx, by identity.Subject, side, orderID, verb string, req VerbRequest) (Order, error) {
	o, err := getOrder(ctx, tx, orderID)
	if err != nil {
		return o, err
	}
	if err := checkVerb(verb, o, req, s.today()); err != nil {
		return o, err
	}
	m := move{by: by, side: side, o: &o, req: req, now: s.clock.Now()}
	if err := s.step(ctx, tx, &m, verb); err != nil {
		return o, fmt.Errorf("%s order %s: %w", verb, o.Number, err)
	}
	return o, nil
}

// Again is the request by which an order was placed, to be placed once more at another time; what was declared with it is not
// in it.
func (s *Service) Again(ctx context.Context, q db.Q, o Order) (PlaceRequest, error) {
	req := PlaceRequest{
		Kind: o.Kind, Resource: o.Resource, Start: o.Start.Time, End: o.End.Time, Quantity: o.Quantity, Line: o.PriceLine, Purpose: o.Purpose,
		Samples: o.Samples, Use: o.CustomsUse, Need: o.Need, Programme: o.Programme, Fund: o.Fund,
	}
	if req.Use == useUnsaid { // as it was asked for
		req.Use = ""
	}
	if s.prices == nil {
		return req, nil
	}
	kept, ok, err := s.prices.Kept(ctx, q, o.ID)
	if err != nil {
		return req, fmt.Errorf("by what %s was priced: %w", o.Number, err)
	}
	if ok {
		req.AddOns = kept.Facts.AddOns
	}
	return req, nil
}

// PayForm draws what an estimate costs and how it can be paid, for the pages of modules above; f keeps what was chosen.
func (s *Service) PayForm(ctx context.Context, by identity.Subject, e Estimate, f *form.Form) (templ.Component, error) {
	v := payView{Estimate: e, Form: f}
	var err error
	if v.Options, err = s.payOptions(ctx, s.db, by.Org, askOf(by, e)); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(v.Options, func(p payOption) bool { return p.value() == f.Text("pay") }) {
		f.Set("pay", v.preferred().value())
	}
	draft := Order{Buyer: by.Org, Provider: e.Resource.Owner, Class: e.Resource.Class, Own: chosenOwn(v.Options, f.Text("pay")), Currency: e.Price.Currency}
	if v.Funds, v.Idle, err = s.fundOptions(ctx, by, draft); err != nil {
		return nil, err
	}
	if f.Text("fund") == "" && slices.ContainsFunc(v.Funds, func(o ui.Option) bool { return o.Value == e.Request.Fund }) {
		f.Set("fund", e.Request.Fund)
	}
	return payForm(v), nil
}

// PaidBy takes over into a request how a form of PayForm says it is paid, and what was shown.
func PaidBy(f *form.Form, req *PlaceRequest) {
	req.Programme, req.Seen = paid(f)
	req.Fund = f.Text("fund")
	if shown := money.Fen(f.Int("price")); f.Text("price") != "" {
		req.Price = &shown
	}
}

// payView is the part of a page on which a price is shown and its payment chosen.
type payView struct {
	Estimate Estimate
	Form     *form.Form
	Options  []payOption
	Funds    []ui.Option
	Idle     []string
}

// preferred is the way to pay of the request, else the best.
func (v payView) preferred() payOption {
	for _, p := range v.Options {
		if p.With == v.Estimate.Request.Programme && p.With != "" && p.pays() {
			return p
		}
	}
	return best(v.Options)
}
