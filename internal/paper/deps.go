package paper

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/seal"
)

// Orders is what paper asks of orders.
type Orders interface {
	// Get is an order as the subject may see it.
	Get(ctx context.Context, by identity.Subject, id string) (order.Detail, error)
	// Reported is the order of a number with its reports, for proving copies.
	Reported(ctx context.Context, q db.Q, number string) (order.Detail, error)
	// ReportOf is the number of the order that a file is a report of; empty where it is none.
	ReportOf(ctx context.Context, q db.Q, sha256 string) (string, error)
}

// Invoices is what paper asks of invoices.
type Invoices interface {
	// Of is the invoices of an order.
	Of(ctx context.Context, q db.Q, order string) ([]invoice.Invoice, error)
	// Payments are what was received for an order.
	Payments(ctx context.Context, q db.Q, order string) ([]invoice.Payment, error)
}

// Organisations names the parties.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Orders        Orders
	Invoices      Invoices
	Organisations Organisations
	Key           seal.Key // of the node: signs reports when they are submitted
	Address       string   // of the site, for the codes on prints
}

// Service is the module: its pages and prints.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }
