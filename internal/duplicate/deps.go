package duplicate

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
)

var t = i18n.T

// Catalogue is what duplicate asks of the catalogue.
type Catalogue interface {
	Kinds() kinds.Set
	LiveAfter(ctx context.Context, q db.Q, after string, limit int) ([]catalogue.Resource, error)
	Whatever(ctx context.Context, q db.Q, ids []string) (map[string]catalogue.Resource, error)
	Differences(a, b catalogue.Resource) []catalogue.Change
	Tell(ctx context.Context, k kinds.Kind, part string, v any) string
	RevisionsOf(ctx context.Context, q db.Q, resource string) ([]catalogue.Revision, error)
	Merge(ctx context.Context, tx *db.Tx, sub identity.Subject, m catalogue.Merging) (catalogue.Merged, error)
	Unmerge(ctx context.Context, tx *db.Tx, sub identity.Subject, merge string) ([]catalogue.Difference, error)
	HandOver(ctx context.Context, tx *db.Tx, sub identity.Subject, from, to string, ids []string) ([]string, error)
}

// Organisations is what duplicate asks of identity.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Everyone(ctx context.Context, q db.Q, after string, limit int) ([]identity.Organisation, error)
	TakeOver(ctx context.Context, tx *db.Tx, sub identity.Subject, public, registered string) (string, error)
	GiveBack(ctx context.Context, tx *db.Tx, sub identity.Subject, merge string) ([]string, error)
	RegionName(ctx context.Context, code string) string
}

// Orders counts the orders of resources; app fills it from order. It may be nil.
type Orders interface {
	CountOf(ctx context.Context, q db.Q, resources []string) (map[string]int64, error)
}

// Deps is what the module is built from. Orders may be nil.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Catalogue     Catalogue
	Organisations Organisations
	Orders        Orders
	Acronyms      func(ror string) []string // short names that the register of institutions knows; may be nil
}

// Service is the module: its use cases, pages and API.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
