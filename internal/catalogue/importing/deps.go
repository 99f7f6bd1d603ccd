package importing

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Deps is what the module is built from.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Policy    *identity.Policy
	Orgs      catalogue.Organisations
	Catalogue *catalogue.Service
	Blobs     blob.Store
	Orders    Orders // may be nil
	MaxFile   int64  // bytes of an upload; 0: DefaultMaxFile
}

// Orders counts the orders of resources; app fills it from order.
type Orders interface {
	CountOf(ctx context.Context, q db.Q, resources []string) (map[string]int64, error)
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	kinds    kinds.Set
	proposer *columns.Proposer
	wake     chan struct{} // an import waits for the worker
}

// New builds the module.
func New(d Deps) *Service {
	if d.MaxFile <= 0 {
		d.MaxFile = DefaultMaxFile
	}
	return &Service{Deps: d, kinds: d.Catalogue.Kinds(), proposer: columns.New(d.Catalogue.Kinds()), wake: make(chan struct{}, 1)}
}

// Verify finds nothing: what an import leaves is the catalogue's, which verifies itself.
func (s *Service) Verify(context.Context, db.Q) ([]verify.Finding, error) { return nil, nil }
