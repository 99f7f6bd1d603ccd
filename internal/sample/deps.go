package sample

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Orders is what sample asks of orders.
type Orders interface {
	// Get is an order as the subject may see it.
	Get(ctx context.Context, by identity.Subject, id string) (order.Detail, error)
	// Do takes an order one step further.
	Do(ctx context.Context, by identity.Subject, id, verb string, req order.VerbRequest) (order.Order, error)
}

// People is what sample asks of identity.
type People interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	// As is the person of a sign-in, as a member of their organisation.
	As(ctx context.Context, login string) (identity.Subject, error)
	// Memberships are what a person can act as.
	Memberships(ctx context.Context, q db.Q, person string) ([]identity.Membership, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Policy  *identity.Policy
	Orders  Orders
	People  People
	Address string // of the site, for the codes on labels
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	rules []Rule
}

// New builds the module; an error when its rules cannot be read.
func New(d Deps) (*Service, error) {
	rules, err := readRules(rulesFile)
	return &Service{d, rules}, err
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// object is a sample as the permission table sees it.
func object(x Sample) identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: x.Buyer, Provider: x.Provider}, Region: x.Region}
}

// objectOf is an order as the permission table sees it.
func objectOf(o order.Order) identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: o.Buyer, Provider: o.Provider}, Region: o.Region}
}
