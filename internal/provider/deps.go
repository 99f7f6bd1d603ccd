package provider

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Organisations is what provider asks of identity.
type Organisations interface {
	Organisation(ctx context.Context, q db.Q, org string) (identity.Organisation, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	HasCapacity(ctx context.Context, q db.Q, org, capacity string) (bool, error)
	RegionName(ctx context.Context, code string) string
	// Grant gives an organisation a capacity from a day on, verified by another; End takes it away after a last day.
	Grant(ctx context.Context, tx *db.Tx, org, capacity, by string) error
	End(ctx context.Context, tx *db.Tx, org, capacity string) error
}

// Catalogue is what provider asks of the catalogue.
type Catalogue interface {
	// Any reads resources whatever their state; an unknown id is left out.
	Any(ctx context.Context, q db.Q, ids []string) ([]catalogue.Resource, error)
	// Owned lists the resources of an organisation that stand in the catalogue.
	Owned(ctx context.Context, q db.Q, org string) ([]catalogue.Resource, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
	Catalogue     Catalogue
	Files         blob.Store
	Sample        bool // the demo: its sample rules hold, and what is made here is invented
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	policy    *identity.Policy
	orgs      Organisations
	catalogue Catalogue
	files     blob.Store
	sample    bool
	rules     Rules
}

// New builds the module; an error when its dated data cannot be read.
func New(d Deps) (*Service, error) {
	rules, err := Shipped()
	if err != nil {
		return nil, err
	}
	if d.Sample {
		rules.Reporting = append(rules.Reporting, rules.Sample...)
	}
	return &Service{db: d.DB, clock: d.Clock, policy: d.Policy, orgs: d.Organisations, catalogue: d.Catalogue, files: d.Files, sample: d.Sample, rules: rules}, nil
}

func (s *Service) today() string { return clock.Day(s.clock.Now()) }

// object is something of an organisation, as the permission table sees it.
func object(org, region string) identity.Object {
	return identity.Object{Parties: map[string]string{SideOwner: org}, Region: region}
}
