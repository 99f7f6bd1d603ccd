package facts

import (
	"context"
	"sync"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Organisations is what facts ask of identity.
type Organisations interface {
	Organisation(ctx context.Context, q db.Q, org string) (identity.Organisation, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	// Named are the organisations with one of the codes, or exactly one of the names.
	Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	RegionName(ctx context.Context, code string) string
}

// Standing is a list that an organisation stands on.
type Standing struct {
	Code, NameZH, NameEN string
	Number, From, To     string
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
	// Standing are the lists an organisation stands on, on a civil day; nil: there are no lists.
	Standing func(ctx context.Context, q db.Q, org, day string) ([]Standing, error)
	Files    blob.Store // evidence
	Sample   bool       // the demo: what is made here is invented
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	keys     []Keys
	related  []relatedRule
	compiled sync.Map // digest of conditions → *rule.Set; a set never changes
}

// New builds the module; an error when its dated data cannot be read.
func New(d Deps) (*Service, error) {
	keys, err := Shipped()
	if err != nil {
		return nil, err
	}
	related, err := relatedRules()
	if err != nil {
		return nil, err
	}
	return &Service{Deps: d, keys: keys, related: related}, nil
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// object is a firm's file as the permission table sees it.
func object(o identity.Organisation) identity.Object {
	return identity.Object{Parties: map[string]string{SideFirm: o.ID}, Region: o.Region}
}

// SideFirm is the organisation that a file belongs to.
const SideFirm = "firm"
