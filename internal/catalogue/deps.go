package catalogue

import (
	"context"

	"github.com/a-h/templ"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/textindex"
)

// Organisations is what the catalogue asks of identity.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	RegionPath(code string) string                      // in Chinese
	RegionName(ctx context.Context, code string) string // in the reader's language
}

// Index is the search index that the catalogue feeds and asks; *textindex.Engine is one.
type Index interface {
	Apply(ctx context.Context, b textindex.Batch) error
	Search(ctx context.Context, r textindex.Request) (textindex.Result, error)
	Digests() map[string]uint64
}

// Institutions lists organisations that stand in the index beside the resources, by id after one id, at most limit.
type Institutions func(ctx context.Context, q db.Q, after string, limit int) ([]identity.Organisation, error)

// FreeOn lists the resources with at least one free slot on a civil day.
type FreeOn func(ctx context.Context, q db.Q, day string) ([]string, error)

// Slot is a part of a page that a higher module draws for a resource; a nil component is left out.
type Slot func(ctx context.Context, r Resource) (templ.Component, error)

// Strips draws the availability strips of several cards at once, by resource id.
type Strips func(ctx context.Context, rs []Resource) (map[string]templ.Component, error)

// Deps is what the catalogue is built from. Institutions, FreeOn, Strips, Booking and Extra may be nil.
type Deps struct {
	DB           *db.DB
	Clock        clock.Clock
	Policy       *identity.Policy
	Orgs         Organisations
	Index        Index
	Blobs        blob.Store // uploaded import files
	Node         string     // name of this node, the first part of every origin
	Root         string     // region the node serves, six digits
	Address      string     // public address without a slash at its end, for identifiers in exports
	Institutions Institutions
	FreeOn       FreeOn
	Strips       Strips // on cards
	Booking      Slot   // on a resource's page: how to book or order it
	Extra        Slot   // on a resource's page, below the facts
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	kinds kinds.Set
}

// New builds the module.
func New(d Deps) *Service { return &Service{Deps: d, kinds: kinds.All()} }

// Kinds describes every kind of resource.
func (s *Service) Kinds() kinds.Set { return s.kinds }

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
