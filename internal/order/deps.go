package order

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/contract"
	"qiao/internal/identity"
	"qiao/internal/invoice"
	"qiao/internal/milestone"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/workday"
	"qiao/internal/voucher"
)

// Resource is what is ordered, as the catalogue knows it.
type Resource = catalogue.Resource

// Tariff is one price line of a resource.
type Tariff = catalogue.PriceLine

// Catalogue is what order asks of the catalogue.
type Catalogue interface {
	// Resource is one live resource; a fault NotFound or Gone when there is none.
	Resource(ctx context.Context, q db.Q, id string) (Resource, error)
	// Resources are those of ids that are live.
	Resources(ctx context.Context, q db.Q, ids []string) ([]Resource, error)
}

// Organisations gives the names of the parties.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Vouchers is what order asks of the voucher ledger. What takes a tx happens in the order's own
// transaction: both or neither.
type Vouchers interface {
	// Wallet lists what a firm may pay with, a pocket a programme.
	Wallet(ctx context.Context, q db.Q, firm string) ([]voucher.Pocket, error)
	// Divide divides a price into what programmes pay, now or later, and the firm's own; it changes nothing.
	Divide(ctx context.Context, q db.Q, r voucher.DivideRequest) (voucher.Division, error)
	// Hold puts the voucher's part aside for an order; a fault voucher-too-little when it is not there.
	Hold(ctx context.Context, tx *db.Tx, r voucher.HoldRequest) (string, error)
	// Release gives back what is held of a programme for an order.
	Release(ctx context.Context, tx *db.Tx, order, programme, key string) error
	// Use counts what was held for an order as spent.
	// Unpaid tells whether a programme that pays the provider of an order still owes its part.
	Unpaid(ctx context.Context, q db.Q, order string) (bool, error)
	Use(ctx context.Context, tx *db.Tx, order, programme string, amount money.Fen, key string) error
	// Kept is how much is held or used for each of the orders, as the ledger sees it.
	Kept(ctx context.Context, q db.Q, orders []string) (map[string]money.Fen, error)
}

// Calendar knows working days; platform/workday fills it.
type Calendar interface {
	// Entry is the special entry of a civil day (a public holiday, a make-up working day), if it has one.
	Entry(day string) (workday.Entry, bool)
	// Add is the n-th working day after a civil day.
	Add(from string, n int) (due string, days []string, provisional bool, err error)
}

// Deps is what order is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Catalogue     Catalogue
	Booking       *booking.Service
	Contracts     *contract.Service
	Invoices      *invoice.Service
	Milestones    *milestone.Service
	Organisations Organisations
	Vouchers      Vouchers
	Calendar      Calendar
	Blobs         blob.Store
	// Proof draws the certificates that covered a provider's resource on the civil day of a report; nil: not shown.
	Proof func(ctx context.Context, provider, resource, day string) (templ.Component, error)
	// Prices are the price plans; nil: the catalogue's price lines only.
	Prices Prices
	// Funds are the cards and prepaid accounts; nil: none.
	Funds Funds
	// Gates are the conditions that must be in hand; nil: none.
	Gates Gates
	// Behalf tells whether the subject may book a resource for somebody else; nil: nobody may.
	Behalf func(ctx context.Context, q db.Q, by identity.Subject, r Resource) (bool, error)
	// Panels are what modules above show of an order on its page, below its content.
	Panels []Panel
}

// Panel draws something of a module above on the page of an order, as the reader may see it; nil: nothing to show.
type Panel func(ctx context.Context, by identity.Subject, d Detail) (templ.Component, error)

// Service is the module: its use cases, pages and API.
type Service struct {
	db         *db.DB
	clock      clock.Clock
	policy     *identity.Policy
	catalogue  Catalogue
	booking    *booking.Service
	contracts  *contract.Service
	invoices   *invoice.Service
	milestones *milestone.Service
	orgs       Organisations
	vouchers   Vouchers
	calendar   Calendar
	blobs      blob.Store
	proof      func(ctx context.Context, provider, resource, day string) (templ.Component, error)
	behalf     func(ctx context.Context, q db.Q, by identity.Subject, r Resource) (bool, error)
	panels     []Panel
	prices     Prices
	funds      Funds
	gates      Gates
	kinds      kinds.Set
	zone       *time.Location
}

// New builds the module.
func New(d Deps) *Service {
	return &Service{
		db: d.DB, clock: d.Clock, policy: d.Policy, catalogue: d.Catalogue, booking: d.Booking, contracts: d.Contracts, invoices: d.Invoices, milestones: d.Milestones, orgs: d.Organisations,
		vouchers: d.Vouchers, calendar: d.Calendar, blobs: d.Blobs, proof: d.Proof, behalf: d.Behalf, panels: d.Panels, prices: d.Prices, funds: d.Funds, gates: d.Gates, kinds: kinds.All(), zone: clock.Zone(),
	}
}

// today is the civil day it is now.
func (s *Service) today() string { return clock.Day(s.clock.Now()) }
