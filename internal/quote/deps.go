package quote

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/state"
	"qiao/internal/platform/verify"
	"qiao/internal/platform/web"
)

// Orders is what quote asks of orders.
type Orders interface {
	// Get is an order as the subject may see it.
	Get(ctx context.Context, by identity.Subject, id string) (order.Detail, error)
	// Do takes an order one step further.
	Do(ctx context.Context, by identity.Subject, id, verb string, req order.VerbRequest) (order.Order, error)
	// Verbs is what the subject may do to an order now.
	Verbs(by identity.Subject, o order.Order) []state.Step
}

// Deps is what the module is built from.
type Deps struct {
	Clock  clock.Clock
	Policy *identity.Policy
	Orders Orders
}

// Service is the module: its pages.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }

// API has no calls of its own: a quote is a verb of its order.
func (s *Service) API(*web.APIGroup) {}

// Verify finds nothing: the module keeps nothing.
func (s *Service) Verify(context.Context, db.Q) ([]verify.Finding, error) { return nil, nil }

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
