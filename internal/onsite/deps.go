package onsite

import (
	"context"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
)

// Orders is what onsite asks of orders. An order's state changes by its own verbs only.
type Orders interface {
	// Read is an order with its runs, whoever looks.
	Read(ctx context.Context, q db.Q, id string) (order.Order, []order.Run, error)
	// Attend starts or stops the machine time of a booking for whoever is at the instrument, or by rule.
	Attend(ctx context.Context, tx *db.Tx, by identity.Subject, id, verb string, at time.Time, note string) (order.Order, error)
}

// Catalogue is what onsite asks of the catalogue.
type Catalogue interface {
	// EachBookable hands fn the bookable resources, some at a time; most 0 is no bound.
	EachBookable(ctx context.Context, q db.Q, most int, fn func([]catalogue.Resource) error) error
}

// People is what onsite asks of identity.
type People interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Down takes an instrument out of service as broken; app fills it with internal/booking.
type Down func(ctx context.Context, by identity.Subject, resource, reason string, from, to time.Time) error

// Deps is what the module is built from.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Policy    *identity.Policy
	Orders    Orders
	Catalogue Catalogue
	People    People
	Down      Down
	Address   string // of the site, for the codes
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	rules []Rule // the platform's own
}

// New builds the module.
func New(d Deps) (*Service, error) {
	rules, err := dated.Read[Rule](rulesJSON)
	return &Service{d, rules}, err
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
