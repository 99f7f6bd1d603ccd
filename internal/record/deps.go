package record

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Organisations is what record asks of identity.
type Organisations interface {
	Organisation(ctx context.Context, q db.Q, id string) (identity.Organisation, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	// Named are the organisations that have one of the codes or exactly one of the names.
	Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error)
}

// Catalogue is what record asks of the catalogue.
type Catalogue interface {
	// Owned are the resources of an organisation that stand.
	Owned(ctx context.Context, q db.Q, org string) ([]catalogue.Resource, error)
	// Any are resources by id in whatever state.
	Any(ctx context.Context, q db.Q, ids []string) ([]catalogue.Resource, error)
}

// Served is an order that was done, as a service record needs it.
type Served struct {
	Number   string // of the order
	Provider string
	Buyer    string
	Region   string
	Person   string // who placed it
	Entry           // Resource, Start and End, Hours, Samples, Fee, papers; User is filled here
	Counts   bool   // it is confirmed: it counts
	Invented bool
}

// Orders is what record asks of orders; app fills it.
type Orders interface {
	Served(ctx context.Context, q db.Q, order string) (Served, error)
}

// Invoices is the node's register of invoice numbers, in which each belongs to one case.
type Invoices interface {
	TakeAll(ctx context.Context, tx *db.Tx, by identity.Subject, uses []invoice.Use) ([]*fault.Error, error)
	Free(ctx context.Context, tx *db.Tx, object string) error
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Organisations Organisations
	Catalogue     Catalogue
	Orders        Orders
	Files         blob.Store
	Invoices      Invoices // nil: numbers are not compared beyond the owner's own records
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	national national
	proposer *columns.Proposer
}

// New builds the module.
func New(d Deps) (*Service, error) {
	n, err := readNational()
	if err != nil {
		return nil, err
	}
	s := &Service{Deps: d, national: n}
	s.proposer = columns.New(kinds.Set{kindOf(s.format())})
	return s, nil
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// format is the national format that holds today.
func (s *Service) format() Format { return s.national.on(s.today()) }

// object is a record as the permission table sees it.
func object(owner, region string) identity.Object {
	return identity.Object{Parties: map[string]string{Owner: owner}, Region: region}
}
