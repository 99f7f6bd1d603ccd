package series

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/workday"
)

// Resource is what is booked, as the catalogue knows it.
type Resource = catalogue.Resource

// Catalogue is what series asks of the catalogue.
type Catalogue interface {
	// Resource is one live resource; a fault NotFound or Gone when there is none.
	Resource(ctx context.Context, q db.Q, id string) (Resource, error)
	// Resources are those of ids that are live.
	Resources(ctx context.Context, q db.Q, ids []string) ([]Resource, error)
}

// Orders is what series asks of orders. What takes a tx happens in series' own transaction.
type Orders interface {
	Prepare(ctx context.Context, q db.Q, by identity.Subject, orderID string, req order.PlaceRequest) (order.Draft, error)
	PlaceAll(ctx context.Context, tx *db.Tx, drafts []order.Draft) ([]order.Order, error)
	AskAll(ctx context.Context, drafts []order.Draft) (order.Asked, error)
	AskMoves(ctx context.Context, list []order.Each) (order.Asked, error)
	Forget(ctx context.Context, a order.Asked)
	DoAll(ctx context.Context, tx *db.Tx, by identity.Subject, verb string, list []order.Each) ([]order.Order, error)
	Room(ctx context.Context, q db.Q, r Resource, buyer string) (int64, bool, error)
	Named(ctx context.Context, q db.Q, ids []string) ([]order.Order, error)
	FeeNow(ctx context.Context, q db.Q, o order.Order) (money.Fen, error)
	BookFields(ctx context.Context, by identity.Subject, r Resource, f *form.Form) (templ.Component, error)
	GateFields(ctx context.Context, by identity.Subject, list []Resource, f *form.Form) (templ.Component, error)
	PayFields(ctx context.Context, by identity.Subject, drafts []order.Draft, f *form.Form) (templ.Component, error)
}

// Calendars is what series asks of the calendars.
type Calendars interface {
	Plan(ctx context.Context, q db.Q, r Resource, from, to time.Time) (booking.Plan, error)
	Plans(ctx context.Context, q db.Q, resources []Resource, from, to time.Time) (map[string]booking.Plan, error)
	Of(ctx context.Context, q db.Q, holders []string) (map[string]booking.Booking, error)
}

// Holidays knows the public holidays; platform/workday fills it.
type Holidays interface {
	// Entry is the special entry of a civil day (a public holiday, a make-up working day), if it has one.
	Entry(day string) (workday.Entry, bool)
}

// Organisations gives the names of the parties.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Deps is what series is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Catalogue     Catalogue
	Orders        Orders
	Calendars     Calendars
	Holidays      Holidays
	Organisations Organisations
	// Pool is what somebody may put a composite booking together from: the resources named, and those beside them.
	Pool func(ctx context.Context, by identity.Subject, with []string) ([]Resource, error)
}

// Service is the module: its use cases, pages and API.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }

// today is the civil day it is now.
func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// off tells whether a civil day is a public holiday.
func (s *Service) off(day string) bool {
	e, special := s.Holidays.Entry(day)
	return special && e.Off
}
