package catalogue

import (
	"context"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"qiao/internal/platform/textindex"
)

// stamped is the index with a count of its changes, so that what was counted of the whole catalogue is known to hold.
type stamped struct {
	Index
	changes *atomic.Uint64
}

// Apply changes the index. It counts before and after, so that no count begun in between is taken for a later one.
func (x stamped) Apply(ctx context.Context, b textindex.Batch) error {
	x.changes.Add(1)
	defer x.changes.Add(1)
	return x.Index.Apply(ctx, b)
}

// whole remembers the facets of the catalogue as it is, which is what most visitors see first: as long as nothing in the
// index changes, they are counted and named once.
type whole struct {
	changes atomic.Uint64

	mu     sync.Mutex
	at     uint64
	facets map[string][]FacetValue
}

// asks tells whether a request asks for the whole catalogue.
func (q Query) asksForAll(req textindex.Request) bool {
	plain := q.Sort == SortRelevance || q.Sort == SortNewest || q.Sort == SortPrice || q.Sort == SortDear
	return plain && strings.TrimSpace(q.Text) == "" && q.OrgNamed == "" && len(req.Filters) == 0 && len(req.Ranges) == 0
}

// known are the remembered facets, and the count of changes at which new ones must be remembered.
func (w *whole) known() (map[string][]FacetValue, uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.changes.Load()
	if w.facets == nil || w.at != now {
		return nil, now
	}
	return maps.Clone(w.facets), now
}

// keep remembers facets that were counted since a count of changes.
func (w *whole) keep(facets map[string][]FacetValue, at uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.facets, w.at = maps.Clone(facets), at
}
