package textindex

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"slices"
)

// search answers a request whose query is taken apart.
func (e *Engine) search(q *query, r Request) (Result, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	t, ok := e.pool.Get().(*tally)
	if !ok {
		t = &tally{}
	}
	defer e.pool.Put(t)
	t.reset(len(e.index.ids))
	c, err := newCollector(e.index, t, r)
	if err != nil {
		return Result{}, err
	}
	c.screen = e.index.screen(q)
	e.deepen(c, r)
	if len(q.terms)+len(q.pairs) == 0 {
		for doc := range e.index.ids {
			c.take(uint32(doc))
		}
	} else {
		e.rank(t, q, r.Prose)
		need := uint16(math.Ceil(r.Least*float64(q.needed) - 1e-9))
		for _, doc := range t.touched {
			if t.found[doc] >= need {
				c.take(doc)
			}
		}
	}
	return e.result(c, q, r), nil
}

func (e *Engine) result(c *collector, q *query, r Request) Result {
	best := e.arranged(c, q, r)
	out := Result{Total: c.total, Facets: c.counts(r)}
	if r.Offset < len(best) {
		best = best[max(r.Offset, 0):]
	} else {
		best = nil
	}
	out.Hits = make([]Hit, len(best))
	for i, doc := range best {
		out.Hits[i] = Hit{ID: e.index.ids[doc], Score: float64(c.tally.score[doc])}
	}
	if r.Explain {
		e.explain(out.Hits, best, q, r.Prose)
	}
	return out
}

// collector takes the documents that matched, filters and counts them and keeps the best.
type collector struct {
	index  *index
	tally  *tally
	total  int
	keep   int
	order  []order
	best   []uint32 // a heap, worst first
	filter []wanted
	ranges []Range
	facets []facet
	screen screen
}

// wanted is the filter of one column.
type wanted struct {
	name   string
	column *keywords
	ids    map[uint32]bool
}

// order compares two documents by one column.
type order func(a, b uint32) int

func newCollector(x *index, t *tally, r Request) (*collector, error) {
	c := &collector{index: x, tally: t, keep: max(r.Offset, 0) + max(r.Limit, 0), ranges: r.Ranges}
	for name, values := range r.Filters {
		if len(values) == 0 {
			continue
		}
		w := wanted{name: name, column: x.keywords[name], ids: map[uint32]bool{}}
		if w.column == nil {
			w.column = newKeywords(0)
		}
		for _, v := range values {
			if id, ok := w.column.ids[v]; ok {
				w.ids[id] = true
			}
		}
		c.filter = append(c.filter, w)
	}
	for _, name := range r.Facets {
		if column := x.keywords[name]; column != nil {
			c.facets = append(c.facets, newFacet(name, column, c.filter))
		}
	}
	for _, s := range r.Sort {
		o, err := x.order(s)
		if err != nil {
			return nil, err
		}
		c.order = append(c.order, o)
	}
	return c, nil
}

func (x *index) order(s Sort) (order, error) {
	if c := x.numbers[s.Column]; c != nil {
		return orderBy(c, s.Descending), nil
	}
	if c := x.texts[s.Column]; c != nil {
		return orderBy(c, s.Descending), nil
	}
	if len(x.byID) == 0 {
		return func(_, _ uint32) int { return 0 }, nil
	}
	return nil, fmt.Errorf("textindex: no column %q to sort by", s.Column)
}

func orderBy[T int64 | string](c *sorted[T], descending bool) order {
	return func(i, j uint32) int {
		v, has := c.get(i)
		w, have := c.get(j)
		switch {
		case !has && !have:
			return 0
		case !has:
			return 1
		case !have:
			return -1
		case descending:
			return cmp.Compare(w, v)
		}
		return cmp.Compare(v, w)
	}
}

// take filters, counts and keeps one document.
func (c *collector) take(doc uint32) {
	if c.index.dead[doc] || !c.screen.passes(doc) || !c.inRanges(doc) {
		return
	}
	missed := -1 // the one filter it fails
	for i := range c.filter {
		if c.filter[i].has(doc) {
			continue
		}
		if missed >= 0 {
			return
		}
		missed = i
	}
	for i := range c.facets {
		if missed < 0 || c.facets[i].own == missed {
			c.facets[i].count(doc)
		}
	}
	if missed >= 0 {
		return
	}
	c.total++
	switch {
	case c.keep == 0:
	case len(c.best) < c.keep:
		heap.Push(c, doc)
	case c.before(doc, c.best[0]):
		c.best[0] = doc
		heap.Fix(c, 0)
	}
}

func (w *wanted) has(doc uint32) bool {
	for _, v := range w.column.of(doc) {
		if w.ids[v] {
			return true
		}
	}
	return false
}

func (c *collector) inRanges(doc uint32) bool {
	for _, r := range c.ranges {
		column := c.index.numbers[r.Column]
		if column == nil {
			return false
		}
		v, ok := column.get(doc)
		if !ok || r.Min != nil && v < *r.Min || r.Max != nil && v > *r.Max {
			return false
		}
	}
	return true
}

// before reports whether document i comes before j in the answer.
func (c *collector) before(i, j uint32) bool {
	for _, o := range c.order {
		if n := o(i, j); n != 0 {
			return n < 0
		}
	}
	if n := cmp.Compare(c.tally.score[j], c.tally.score[i]); n != 0 {
		return n < 0
	}
	return c.index.ids[i] < c.index.ids[j]
}

// The heap of the best: its root is the worst of them.

// Len is for package heap.
func (c *collector) Len() int { return len(c.best) }

// Less is for package heap.
func (c *collector) Less(i, j int) bool { return c.before(c.best[j], c.best[i]) }

// Swap is for package heap.
func (c *collector) Swap(i, j int) { c.best[i], c.best[j] = c.best[j], c.best[i] }

// Push is for package heap.
func (c *collector) Push(v any) {
	if doc, ok := v.(uint32); ok {
		c.best = append(c.best, doc)
	}
}

// Pop is for package heap.
func (c *collector) Pop() any {
	last := c.best[len(c.best)-1]
	c.best = c.best[:len(c.best)-1]
	return last
}

func (c *collector) ranked() []uint32 {
	slices.SortFunc(c.best, func(i, j uint32) int {
		if c.before(i, j) {
			return -1
		}
		return 1
	})
	return c.best
}
