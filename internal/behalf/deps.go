package behalf

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
)

// Resource is what is booked, as the catalogue knows it.
type Resource = catalogue.Resource

// Catalogue is what behalf asks of the catalogue.
type Catalogue interface {
	// Resource is one live resource; a fault NotFound or Gone when there is none.
	Resource(ctx context.Context, q db.Q, id string) (Resource, error)
}

// Calendars is what behalf asks of the calendars.
type Calendars interface {
	// Week is a week of a resource, to be looked at.
	Week(ctx context.Context, r Resource, inner bool, from string, chosen []string) (ui.BoardOf, error)
	LinkWeeks(b *ui.BoardOf, path string, query url.Values)
}

// Orders is what behalf asks of orders.
type Orders interface {
	Estimate(ctx context.Context, by identity.Subject, req order.PlaceRequest) (order.Estimate, error)
	Place(ctx context.Context, by identity.Subject, req order.PlaceRequest) (order.Order, error)
	Advance(ctx context.Context, tx *db.Tx, by identity.Subject, side, orderID, verb string, req order.VerbRequest) (order.Order, error)
	// BookFields draws what a booking is asked for beside its time.
	BookFields(ctx context.Context, by identity.Subject, r Resource, f *form.Form) (templ.Component, error)
	// PayForm draws a price and the choice of how to pay it.
	PayForm(ctx context.Context, by identity.Subject, e order.Estimate, f *form.Form) (templ.Component, error)
	// Named is the orders of ids.
	Named(ctx context.Context, q db.Q, ids []string) ([]order.Order, error)
}

// People is what behalf asks of identity.
type People interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	// Named are the organisations that have one of the codes, or exactly one of the names.
	Named(ctx context.Context, q db.Q, codes, names []string) ([]identity.Organisation, error)
	// Members are the people of an organisation, the oldest first.
	Members(ctx context.Context, q db.Q, org string) ([]identity.Member, error)
	// Acting is a member as it acts for its organisation.
	Acting(ctx context.Context, q db.Q, m identity.Member) (identity.Subject, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Policy    *identity.Policy
	Catalogue Catalogue
	Calendars Calendars
	Orders    Orders
	People    People
	// Find gives bookable resources by what somebody typed; nil: nothing is found.
	Find func(ctx context.Context, text string) ([]Resource, error)
	// Leads tells whether a person heads a group to which another belongs; nil: there are no groups.
	Leads func(ctx context.Context, q db.Q, head, member string) (bool, error)
	// Heads tells whether a person heads a group with other members.
	Heads func(ctx context.Context, q db.Q, person string) (bool, error)
}

// Service is the module: its use cases, pages and API.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }
