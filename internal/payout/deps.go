package payout

import (
	"context"
	"fmt"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/id"
	"qiao/internal/voucher"
)

var t = i18n.T

// Organisations is what payout asks of identity.
type Organisations interface {
	Organisation(ctx context.Context, q db.Q, org string) (identity.Organisation, error)
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	People(ctx context.Context, q db.Q, org string, roles ...string) ([]identity.PersonRef, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	Region(ctx context.Context, q db.Q, code string) (identity.Region, error)
}

// Orders is what payout asks of orders, to name them in statements.
type Orders interface {
	// Named gives numbers and invoices of orders; an unknown order is left out.
	Named(ctx context.Context, q db.Q, orders []string) (map[string]Named, error)
}

// Named is an order as a statement names it.
type Named struct {
	Number   string
	Invoices []string // their numbers
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Vouchers      *voucher.Service
	Organisations Organisations
	Orders        Orders // nil: statements give ids only
	Files         blob.Store
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	zone     *time.Location // of civil days
	policy   *identity.Policy
	vouchers *voucher.Service
	orgs     Organisations
	orders   Orders
	files    blob.Store
	shipped  []Shipped
	rules    []Rules
}

// New builds the module; an error when the data that ships with it cannot be read.
func New(d Deps) (*Service, error) {
	s := &Service{db: d.DB, clock: d.Clock, zone: clock.Zone(), policy: d.Policy, vouchers: d.Vouchers, orgs: d.Organisations, orders: d.Orders, files: d.Files}
	var err error
	if s.shipped, err = ShippedLayouts(); err != nil {
		return nil, fmt.Errorf("payout: %w", err)
	}
	if s.rules, err = ShippedRules(); err != nil {
		return nil, fmt.Errorf("payout: %w", err)
	}
	return s, nil
}

// today is the civil day in the region's zone.
func (s *Service) today() string { return s.clock.Now().In(s.zone).Format(clock.DateLayout) }

// requestID is the id of what a request makes: the same request gives the same id.
func requestID(kind string, by identity.Subject, key string) string {
	if key == "" {
		return id.New()
	}
	return id.From("payout."+kind, by.Person, by.Org, key)
}

// funderObject is an object of the permission table: a funder's own, in the funder's region.
func funderObject(funder, region string) identity.Object {
	return identity.Object{Parties: map[string]string{SideFunder: funder}, Region: region}
}

// payeeObject is what belongs to a payee.
func payeeObject(payee, region string) identity.Object {
	return identity.Object{Parties: map[string]string{SideOwner: payee}, Region: region}
}
