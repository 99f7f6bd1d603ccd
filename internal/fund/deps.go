package fund

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Organisations is what fund asks of identity.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	// Named are the organisations with one of the codes, or exactly one of the names.
	Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error)
	People(ctx context.Context, q db.Q, org string, roles ...string) ([]identity.PersonRef, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
	Sample        bool // the demo: what is made here is invented
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db     *db.DB
	clock  clock.Clock
	policy *identity.Policy
	orgs   Organisations
	sample bool
}

// New builds the module.
func New(d Deps) *Service {
	return &Service{db: d.DB, clock: d.Clock, policy: d.Policy, orgs: d.Organisations, sample: d.Sample}
}

func (s *Service) today() string { return clock.Day(s.clock.Now()) }
