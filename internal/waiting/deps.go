package waiting

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
)

// Resource is what is waited for, as the catalogue knows it.
type Resource = catalogue.Resource

// Catalogue is what waiting asks of the catalogue.
type Catalogue interface {
	// Resource is one live resource; a fault NotFound or Gone when there is none.
	Resource(ctx context.Context, q db.Q, id string) (Resource, error)
	// Owned lists the bookable resources of an organisation.
	Owned(ctx context.Context, q db.Q, org string) ([]Resource, error)
}

// Calendars is what waiting asks of the calendars; booking fills it.
type Calendars interface {
	Plan(ctx context.Context, q db.Q, r Resource, from, to time.Time) (booking.Plan, error)
	Reserve(ctx context.Context, tx *db.Tx, c booking.Claim, plan booking.Plan) (booking.Booking, error)
	// Release gives back what an offer holds; who waits is served.
	Release(ctx context.Context, tx *db.Tx, holder string) error
	// Queue waits for every unit of a resource: what changes its queue waits here.
	Queue(ctx context.Context, tx *db.Tx, resource string) error
	Held(ctx context.Context, q db.Q, kind string) (map[string]booking.Booking, error)
	RuleOf(ctx context.Context, q db.Q, resource string) (booking.Rule, error)
	// Yield ends an offer's hold for something that takes its time over in the same transaction.
	Yield(ctx context.Context, tx *db.Tx, resource, offer string) error
}

// Orders is what waiting asks of orders.
type Orders interface {
	// Expect is what an order would cost at a time that need not be free, with every other rule checked.
	Expect(ctx context.Context, by identity.Subject, req order.PlaceRequest) (order.Estimate, error)
	Place(ctx context.Context, by identity.Subject, req order.PlaceRequest) (order.Order, error)
	// PayForm draws a price and the choice of how to pay it.
	PayForm(ctx context.Context, by identity.Subject, e order.Estimate, f *form.Form) (templ.Component, error)
	// Named is the orders of ids.
	Named(ctx context.Context, q db.Q, ids []string) ([]order.Order, error)
	// Read is an order with its runs, whoever looks.
	Read(ctx context.Context, q db.Q, id string) (order.Order, []order.Run, error)
	// Advance takes an order one step further for a side, in the caller's transaction.
	Advance(ctx context.Context, tx *db.Tx, by identity.Subject, side, id, verb string, req order.VerbRequest) (order.Order, error)
	// Again is the request by which an order was placed.
	Again(ctx context.Context, q db.Q, o order.Order) (order.PlaceRequest, error)
	// PriceAt is what a booking would cost at another time.
	// FeeOf is the fee of a late cancellation, or of not coming, that an order still asks for; 0: none.
	FeeOf(ctx context.Context, q db.Q, id string) (money.Fen, error)
	// MissFee is what not coming costs a booking now; 0 where its price plan does not charge for it.
	MissFee(ctx context.Context, q db.Q, o order.Order) (money.Fen, error)
	PriceAt(ctx context.Context, q db.Q, o order.Order, from, to time.Time) (money.Fen, error)
	// AskMoves asks the other systems in whose calendars bookings stand before they are put to another time; Forget gives back
	// what was granted when they were not.
	AskMoves(ctx context.Context, list []order.Each) (order.Asked, error)
	Forget(ctx context.Context, a order.Asked)
}

// People is what waiting asks of identity.
type People interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
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
	// Declared is what was declared with an order, by kind of condition; nil: nothing is asked.
	Declared func(ctx context.Context, q db.Q, order string) (map[string]string, error)
	// Like finds instruments like one, of its class, that can be booked; nil: none.
	Like func(ctx context.Context, resource, class string, limit int) ([]Resource, error)
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	rules []Rule // the platform's own
}

// New builds the module.
func New(d Deps) (*Service, error) {
	rules, err := dated.Read[Rule](rulesJSON)
	return &Service{d, rules}, err
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }

// The sides of a place and of an offer.
const (
	Buyer    = "buyer"
	Provider = "provider"
	System   = "system"
)

func (w Wait) object() identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: w.Buyer, Provider: w.Owner}, Region: w.Region}
}

func (o Offer) object() identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: o.Buyer, Provider: o.Provider}, Region: o.Region}
}
