package review

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Orders is what review asks of orders.
type Orders interface {
	// Get is an order as the subject may see it.
	Get(ctx context.Context, by identity.Subject, id string) (order.Detail, error)
	// Named is the orders of ids; unknown ones are left out.
	Named(ctx context.Context, q db.Q, ids []string) ([]order.Order, error)
}

// Organisations gives the names of the parties.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Orders        Orders
	Organisations Organisations
}

// Service is the module: its use cases, pages and API.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }

// BuyerRated follows when a provider rated a buyer, or changed what it said.
type BuyerRated struct {
	Order  string `json:"order"`
	Number string `json:"number"`
	Buyer  string `json:"buyer"`
}

// EventName is review.buyer-rated.
func (BuyerRated) EventName() string { return "review.buyer-rated" }

// Replied follows when the buyer replied.
type Replied struct {
	Order    string `json:"order"`
	Number   string `json:"number"`
	Provider string `json:"provider"`
}

// EventName is review.replied.
func (Replied) EventName() string { return "review.replied" }
