package usage

import (
	"context"
	"time"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Resource is an instrument, as the catalogue knows it.
type Resource = catalogue.Resource

// Orders is what usage asks of orders.
type Orders interface {
	// Read is an order with its runs.
	Read(ctx context.Context, q db.Q, orderID string) (order.Order, []order.Run, error)
}

// Catalogue is what usage asks of the catalogue.
type Catalogue interface {
	// Resources are those of ids that are live.
	Resources(ctx context.Context, q db.Q, ids []string) ([]Resource, error)
	// EachBookable hands fn the bookable resources, some at a time.
	EachBookable(ctx context.Context, q db.Q, most int, fn func([]Resource) error) error
}

// Calendars is what usage asks of booking.
type Calendars interface {
	// Plan gathers the opening hours and closures of a resource between two instants.
	Plan(ctx context.Context, q db.Q, r Resource, from, to time.Time) (booking.Plan, error)
	// OpenTimes is what resources could give in a span.
	OpenTimes(ctx context.Context, q db.Q, resources []Resource, span booking.Span) (map[string]booking.OpenTime, error)
}

// Organisations gives the names of owners and users.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Deps is what usage is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Orders        Orders
	Catalogue     Catalogue
	Booking       Calendars
	Organisations Organisations
	// Missed tells whether nobody came to a booking.
	Missed func(ctx context.Context, q db.Q, orderID string) (bool, error)
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	kinds kinds.Set
}

// New builds the module.
func New(d Deps) *Service { return &Service{d, kinds.All()} }
