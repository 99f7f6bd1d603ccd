package gate

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Catalogue is what gate asks of the catalogue.
type Catalogue interface {
	// Resource is one live resource.
	Resource(ctx context.Context, q db.Q, id string) (catalogue.Resource, error)
	// Owned lists the bookable resources of an organisation.
	Owned(ctx context.Context, q db.Q, org string) ([]catalogue.Resource, error)
}

// People is what gate asks of identity.
type People interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Policy    *identity.Policy
	Catalogue Catalogue
	People    People
	Files     blob.Store
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	law law
}

// New builds the module.
func New(d Deps) (*Service, error) {
	l, err := readLaw()
	return &Service{d, l}, err
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// object is a paper as the permission table sees it.
func object(p Paper) identity.Object {
	return identity.Object{Parties: map[string]string{Holder: p.Org, Provider: p.Provider}, Region: p.Region}
}
