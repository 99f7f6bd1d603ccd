package catalogue

import (
	"context"
	"sync/atomic"
	"time"

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
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
	RegionPath(code string) string                      // in Chinese
	RegionName(ctx context.Context, code string) string // in the reader's language
}

// Index is the search index that the catalogue feeds and asks; *textindex.Engine is one.
type Index interface {
	Apply(ctx context.Context, b textindex.Batch) error
	Search(ctx context.Context, r textindex.Request) (textindex.Result, error)
	Suggest(ctx context.Context, r textindex.SuggestRequest) ([]textindex.Suggestion, error)
	Digests() map[string]uint64
}

// Institutions lists organisations that stand in the index beside the resources, by id after one id, at most limit.
type Institutions func(ctx context.Context, q db.Q, after string, limit int) ([]identity.Organisation, error)

// FreeOn lists the resources with at least one free slot on a civil day.
type FreeOn func(ctx context.Context, q db.Q, day string) ([]string, error)

// Free is when a resource can be had: the first free start, and the civil days with a free slot, in order.
type Free struct {
	Start time.Time
	Days  []string
}

// Horizon tells when resources can be had within the coming days, by id; it is asked for all that can be booked.
type Horizon func(ctx context.Context, q db.Q, rs []Resource, days int) (map[string]Free, error)

// Centre is the place of a region's seat in degrees; false where none is known.
type Centre func(code string) (lat, lng float64, known bool)

// Asked is a search somebody made.
type Asked struct {
	Visitor string // tells one session from another; must not be kept
	Text    string // as typed
	Facets  []string
	Total   int // things found
}

// Watch is told what is searched for and what is opened. A watcher never holds up a page: it has no error to give.
type Watch interface {
	// Asked notes a search; links of its result carry the mark it gives.
	Asked(ctx context.Context, a Asked) (mark string)
	// Opened notes that a resource was looked at; from is the mark and place its link carried, empty for other ways.
	Opened(ctx context.Context, visitor string, r Resource, from string)
}

// Slot is a part of a page that a higher module draws for a resource; a nil component is left out.
type Slot func(ctx context.Context, r Resource) (templ.Component, error)

// Aliases are all names of some organisations, by organisation: they are found by each.
type Aliases func(ctx context.Context, q db.Q, orgs []string) (map[string][]string, error)

// Strips draws the availability strips of several cards at once, by resource id.
type Strips func(ctx context.Context, rs []Resource) (map[string]templ.Component, error)

// Deps is what the catalogue is built from. Every function may be nil: then the page does without.
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
	Watch        Watch   // may be nil
	Horizon      Horizon // sorting by the next free slot and counting free days; nil: neither
	Centre       Centre  // sorting by distance; nil: not possible
	Strips       Strips  // on cards
	Booking      Slot    // on a resource's page: how to book or order it
	// Certificates are the kinds of certificates that hold now, by resource and organisation; CertificateNames names a kind.
	// Both may be nil.
	Certificates     func(ctx context.Context, q db.Q, ids []string) (map[string][]string, error)
	CertificateNames func(kind string) (zh, en string)
	Extra            Slot // on a resource's page, below the facts
	Twins            Slot // on the page where one is edited: that it may be there already
	Aliases          Aliases
	Bar              Bar // people who want no record; nil: nobody is asked
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	kinds   kinds.Set
	horizon horizon
	whole   whole
	term    func(region, day string) CheckTerm
	terms   atomic.Pointer[[]CheckTerm] // those that ship and those that regions have set
}

// New builds the module.
func New(d Deps) *Service {
	s := &Service{Deps: d, kinds: kinds.All()}
	shipped := CheckTerms()
	s.terms.Store(&shipped)
	s.term = func(region, day string) CheckTerm { return TermOf(*s.terms.Load(), region, day) }
	if d.Index != nil {
		s.Index = stamped{d.Index, &s.whole.changes}
	}
	return s
}

// Kinds describes every kind of resource.
func (s *Service) Kinds() kinds.Set { return s.kinds }

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
