package expert

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Organisations is what expert asks of identity.
type Organisations interface {
	Organisation(ctx context.Context, q db.Q, org string) (identity.Organisation, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	// Named finds organisations by their codes or exact names.
	Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	// Memberships are what a person can act as.
	Memberships(ctx context.Context, q db.Q, person string) ([]identity.Membership, error)
}

// Catalogue is what expert asks of the catalogue.
type Catalogue interface {
	// Any reads resources whatever their state; an unknown id is left out.
	Any(ctx context.Context, q db.Q, ids []string) ([]catalogue.Resource, error)
	Amend(ctx context.Context, tx *db.Tx, sub identity.Subject, resource, verb string, edit func(*catalogue.Resource)) (catalogue.Resource, error)
	Erase(ctx context.Context, tx *db.Tx, sub identity.Subject, resource string) error
	Touch(ctx context.Context, tx *db.Tx, resource string) error
}

// Topic is a field of knowledge by which expertise is proposed from titles.
type Topic struct{ ZH, EN string }

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
	Catalogue     Catalogue
	Topics        []Topic // may be empty: then none is proposed
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	policy    *identity.Policy
	orgs      Organisations
	catalogue Catalogue
	topics    topics
	rules     Rules
}

// New builds the module; an error when its dated data cannot be read.
func New(d Deps) (*Service, error) {
	rules, err := Shipped()
	if err != nil {
		return nil, err
	}
	return &Service{db: d.DB, clock: d.Clock, policy: d.Policy, orgs: d.Organisations, catalogue: d.Catalogue, topics: topicsOf(d.Topics), rules: rules}, nil
}

func (s *Service) today() string { return clock.Day(s.clock.Now()) }

// object is something about a record, as the permission table sees it.
func object(owner, region string) identity.Object {
	return identity.Object{Parties: map[string]string{"owner": owner}, Region: region}
}

// ofFirm is something of an organisation that asks for contact.
func ofFirm(org, region string) identity.Object {
	return identity.Object{Parties: map[string]string{"firm": org}, Region: region}
}
