package booking

import (
	"context"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/workday"
)

// Resource is what is booked, as the catalogue knows it.
type Resource = catalogue.Resource

// Opening is one stretch of a resource's week.
type Opening = catalogue.Opening

// Catalogue is what booking asks of the catalogue.
type Catalogue interface {
	// Resource is one live resource; a fault NotFound or Gone when there is none.
	Resource(ctx context.Context, q db.Q, id string) (Resource, error)
	// Resources are those of ids that are live.
	Resources(ctx context.Context, q db.Q, ids []string) ([]Resource, error)
	// HoursOf is the weekly opening hours of resources, by id.
	HoursOf(ctx context.Context, q db.Q, rs []Resource) (map[string][]Opening, error)
	// Owned lists the bookable resources of an organisation.
	Owned(ctx context.Context, q db.Q, org string) ([]Resource, error)
}

// Calendar knows working days; platform/workday fills it.
type Calendar interface {
	// Entry is the special entry of a civil day (a public holiday, a make-up working day), if it has one.
	Entry(day string) (workday.Entry, bool)
}

// Holder is who has booked, as the owner's calendar shows it.
type Holder struct {
	Label string // what people say aloud: "DD3304-20261121-0007"
	Name  string // whose it is
	Link  string
	Tone  ui.Tone
	Move  string // address of the form by which the owner puts it to another time; empty: it cannot
}

// Deps is what booking is built from.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Policy    *identity.Policy
	Catalogue Catalogue
	Calendar  Calendar
	// Holders says who holds bookings; a holder it does not know is left out.
	Holders func(ctx context.Context, q db.Q, holders []string) (map[string]Holder, error)
	// Outside are calendars of other systems that have a say in a resource; nil: none.
	Outside Outside
	// Freed is told in the same transaction that time of a resource became free, before anybody else can take it; nil: nobody waits.
	Freed func(ctx context.Context, tx *db.Tx, resource string) error
}

// Outside are calendars of other systems that some resources stand in, too. What takes a tx happens in the booking's own
// transaction; Ask goes over the network and never runs inside one.
type Outside interface {
	// Ask asks for a stretch before an order books it, and gives a ticket; empty where nobody has to be asked. A fault
	// slot-taken, or another that says why it is not to be had.
	Ask(ctx context.Context, c Claim) (ticket string, err error)
	// Forget gives back what a ticket stands for, when no booking came of it.
	Forget(ctx context.Context, ticket string)
	// Took follows when a holder took a stretch; a fault when the other side had to be asked and was not.
	Took(ctx context.Context, tx *db.Tx, b Booking) error
	// Freed follows when a holder gave a stretch back.
	Freed(ctx context.Context, tx *db.Tx, b Booking) error
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	policy    *identity.Policy
	catalogue Catalogue
	calendar  Calendar
	holders   func(ctx context.Context, q db.Q, holders []string) (map[string]Holder, error)
	outside   Outside
	freed     func(ctx context.Context, tx *db.Tx, resource string) error
	zone      *time.Location
}

// New builds the module.
func New(d Deps) *Service {
	return &Service{db: d.DB, clock: d.Clock, policy: d.Policy, catalogue: d.Catalogue, calendar: d.Calendar, holders: d.Holders, outside: d.Outside, freed: d.Freed, zone: clock.Zone()}
}

// today is the civil day it is now.
func (s *Service) today() string { return clock.Day(s.clock.Now()) }
