package roster

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Organisations is what rosters ask of identity.
type Organisations interface {
	Organisation(ctx context.Context, q db.Q, org string) (identity.Organisation, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	// Named are the organisations with one of the codes, or exactly one of the names.
	Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error)
	RegionName(ctx context.Context, code string) string
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
	Files         blob.Store // uploaded lists
	Sample        bool       // the demo: what is made here is invented
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db     *db.DB
	clock  clock.Clock
	policy *identity.Policy
	orgs   Organisations
	files  blob.Store
	sample bool
	data   Data
}

// New builds the module; an error when its dated data cannot be read.
func New(d Deps) (*Service, error) {
	data, err := Shipped()
	if err != nil {
		return nil, err
	}
	return &Service{db: d.DB, clock: d.Clock, policy: d.Policy, orgs: d.Organisations, files: d.Files, sample: d.Sample, data: data}, nil
}

func (s *Service) today() string { return clock.Day(s.clock.Now()) }
