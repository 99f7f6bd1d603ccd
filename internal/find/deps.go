package find

import (
	"context"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/textindex"
	"qiao/internal/platform/ui"
)

var t = i18n.T

// Organisations gives the names of owners and places.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	RegionPath(code string) string
	RegionName(ctx context.Context, code string) string
}

// Engine takes the approved synonyms.
type Engine interface {
	SetSynonyms(groups []textindex.Synonym) error
}

// Layout places regions in a cartogram; tiles have column, row and the region's code as their label.
type Layout func(root string, codes []string) []ui.Tile

// Deps is what find is built from.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Policy    *identity.Policy
	Catalogue *catalogue.Service
	Orgs      Organisations
	Engine    Engine
	Layout    Layout
	Root      string // region the node serves
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	journal *journal
}

// New builds the module.
func New(d Deps) *Service { return &Service{Deps: d, journal: newJournal(d.Clock)} }

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
