package observe

import (
	"context"
	"log/slog"
	"sync"

	"qiao/internal/identity"
	"qiao/internal/observe/relay"
	"qiao/internal/order"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
)

// Orders is what observe asks of orders.
type Orders interface {
	// Get is an order as the subject may see it.
	Get(ctx context.Context, by identity.Subject, id string) (order.Detail, error)
	// Read is an order with its runs, whoever looks.
	Read(ctx context.Context, q db.Q, id string) (order.Order, []order.Run, error)
}

// People is what observe asks of identity.
type People interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	// As is the person of a sign-in, as a member of their organisation.
	As(ctx context.Context, login string) (identity.Subject, error)
	// Memberships are what a person can act as.
	Memberships(ctx context.Context, q db.Q, person string) ([]identity.Membership, error)
}

// Calendar tells working days.
type Calendar interface {
	Is(day string) (working, known bool)
}

// Deps is what the module is built from.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Policy   *identity.Policy
	Orders   Orders
	People   People
	Calendar Calendar
	Blobs    blob.Store
	Live     *relay.Relay
	Log      *slog.Logger // nil: silent
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	rules  []Rule
	visits sync.WaitGroup // until it is noted who left
}

// New builds the module.
func New(d Deps) (*Service, error) {
	d.Log = quiet(d.Log)
	rules, err := dated.Read[Rule](rulesJSON)
	return &Service{Deps: d, rules: rules}, err
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

func (s *Service) working(day string) bool {
	is, _ := s.Calendar.Is(day)
	return is
}
