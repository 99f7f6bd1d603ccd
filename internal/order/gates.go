package order

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
)

// GateAsk is what somebody wants to order or begin, as far as its conditions look at it.
type GateAsk struct {
	Resource Resource
	Person   string // who will work
	Day      string // civil day on which it begins
	Purpose  string
	Answers  map[string]string // what was declared, by kind of condition
	Order    string            // when it is placed or begins: its id
}

// Gates are the conditions that must be in hand before an order; app fills it with internal/gate.
type Gates interface {
	// Require is a fault gate-missing that names what is missing. With an order, what was declared with it counts.
	Require(ctx context.Context, q db.Q, a GateAsk) error
	// Keep keeps what was declared, in the order's own transaction.
	Keep(ctx context.Context, tx *db.Tx, a GateAsk) error
	// Form draws what is asked for and how it stands; nil: nothing is.
	Form(ctx context.Context, a GateAsk, f *form.Form) (templ.Component, error)
}

// gateField begins the names of the fields in which something is declared.
const gateField = "gate_"

// declared is what a form says of the conditions.
func declared(f *form.Form) map[string]string {
	out := map[string]string{}
	for _, name := range f.Names(gateField) {
		out[strings.TrimPrefix(name, gateField)] = f.Text(name)
	}
	return out
}

// required refuses a request whose conditions are not in hand on the day it begins.
func (s *Service) required(ctx context.Context, q db.Q, by identity.Subject, r Resource, req PlaceRequest) error {
	if s.gates == nil {
		return nil
	}
	return s.gates.Require(ctx, q, s.gateAsk(by, r, req))
}

func (s *Service) gateAsk(by identity.Subject, r Resource, req PlaceRequest) GateAsk {
	a := GateAsk{Resource: r, Person: by.Person, Day: s.today(), Purpose: req.Purpose, Answers: req.Answers}
	if req.Kind == KindBooking {
		a.Day = clock.Day(req.Start)
	}
	return a
}

// keepDeclared keeps what was declared with a new order.
func (s *Service) keepDeclared(ctx context.Context, tx *db.Tx, by identity.Subject, o Order, e Estimate) error {
	if s.gates == nil {
		return nil
	}
	a := s.gateAsk(by, e.Resource, e.Request)
	a.Order = o.ID
	return s.gates.Keep(ctx, tx, a)
}

// stillRequired refuses to begin a booking, or to move it to a day, where conditions are not in hand any more.
func (s *Service) stillRequired(ctx context.Context, q db.Q, o Order, day string) error {
	if s.gates == nil || o.Kind != KindBooking {
		return nil
	}
	r := Resource{ID: o.Resource, Owner: o.Provider, Class: o.Class}
	return s.gates.Require(ctx, q, GateAsk{Resource: r, Person: o.BuyerPerson, Day: day, Purpose: o.Purpose, Order: o.ID})
}

// gateForm draws the conditions on a page for ordering; nil: there are none.
func (s *Service) gateForm(ctx context.Context, by identity.Subject, r Resource, f *form.Form) (templ.Component, error) {
	if s.gates == nil {
		return nil, nil
	}
	return s.gates.Form(ctx, GateAsk{Resource: r, Person: by.Person, Day: s.today(), Purpose: f.Text("purpose"), Answers: declared(f)}, f)
}
