package campus

import (
	"context"
	"net/http"
	"sync"
	"time"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Calendars is what campus asks of the calendars; *booking.Service is one.
type Calendars interface {
	// Queue waits for every unit of a resource, until the transaction ends.
	Queue(ctx context.Context, tx *db.Tx, resource string) error
	// Occupy writes down a time that is taken elsewhere; a fault slot-taken where it is not free here.
	Occupy(ctx context.Context, tx *db.Tx, c booking.Claim) (booking.Booking, error)
	// Release gives back what a holder has.
	Release(ctx context.Context, tx *db.Tx, holder string) error
	// Taken is the active bookings of resources that touch a span.
	Taken(ctx context.Context, q db.Q, resources []string, from, to time.Time) ([]booking.Booking, error)
	// Of is what holders have or had.
	Of(ctx context.Context, q db.Q, holders []string) (map[string]booking.Booking, error)
	// Closures is the times in which a resource cannot be had that have not passed.
	Closures(ctx context.Context, q db.Q, resource string) ([]booking.Closure, error)
}

// Catalogue is what campus asks of the catalogue.
type Catalogue interface {
	// Owned lists the bookable resources of an organisation.
	Owned(ctx context.Context, q db.Q, org string) ([]catalogue.Resource, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Policy    *identity.Policy
	Calendars Calendars
	Catalogue Catalogue
	Client    *http.Client // reaches only where the settings allow
	Plain     bool         // addresses may be http: systems in one's own network
	Address   string       // of the site
	Patience  time.Duration
}

// patience is how long a person who books waits for the other system.
const patience = 3 * time.Second

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	running sync.Map // what is under way in this process
}

// New builds the module.
func New(d Deps) *Service {
	if d.Client == nil {
		d.Client = &http.Client{Timeout: 30 * time.Second}
	}
	if d.Patience == 0 {
		d.Patience = patience
	}
	return &Service{Deps: d}
}
