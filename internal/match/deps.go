package match

import (
	"context"
	"fmt"
	"sync"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/textindex"
)

// Suppliers is where candidates come from; app fills it from the catalogue (see SupplyOf).
type Suppliers interface {
	// Supplies are those of ids that are live in the catalogue; the others are left out.
	Supplies(ctx context.Context, q db.Q, ids []string) ([]Supply, error)
	// After lists live supplies of all kinds in the order of their ids, those after one id, at most limit.
	After(ctx context.Context, q db.Q, after string, limit int) ([]Supply, error)
	// Owned lists the live supplies of an organisation that may answer a need.
	Owned(ctx context.Context, q db.Q, org string) ([]Supply, error)
}

// Slots tells when resources are free; app fills it from order. It may be nil.
type Slots interface {
	// NextFree gives for each resource the first civil day with a free slot, for those that have one soon.
	NextFree(ctx context.Context, q db.Q, resources []string) (map[string]string, error)
}

// Regions is what matching asks of identity about places.
type Regions interface {
	// RegionPath is the whole name: 浙江省 嘉兴市 南湖区.
	RegionPath(code string) string
	// Places lists provinces, cities and counties by name.
	Places(ctx context.Context, q db.Q) ([]Place, error)
}

// Organisations gives the names of firms and owners.
type Organisations interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
}

// Deps is what match is built from. Slots may be nil.
type Deps struct {
	DB            *db.DB
	Clock         clock.Clock
	Policy        *identity.Policy
	Analyser      *textindex.Analyser
	Index         *Index
	Suppliers     Suppliers
	Slots         Slots
	Regions       Regions
	Organisations Organisations
}

// Service is the module: its use cases, pages and API.
type Service struct {
	Deps
	names func() (synonyms, error)
}

// New builds the module.
func New(d Deps) *Service {
	s := &Service{Deps: d}
	s.names = sync.OnceValues(func() (synonyms, error) { return synonymsOf(d.Analyser) })
	return s
}

func synonymsOf(a *textindex.Analyser) (synonyms, error) {
	var failed error
	out := readSynonyms(synonymText, func(text string) string {
		folded, err := a.Fold(text)
		if err != nil {
			failed = err
		}
		return folded
	})
	if failed != nil {
		return nil, fmt.Errorf("read the synonyms: %w", failed)
	}
	return out, nil
}

func (s *Service) today() string { return clock.Day(s.Clock.Now()) }
