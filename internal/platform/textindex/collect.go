package textindex

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// collector takes the documents that matched, filters and counts them and keeps the best.
type collector struct {
	index  *index
	total  int
	best   best
	filter []wanted
	ranges []Range
	facets []facet
	screen screen

	plain  bool       // every document is there, and nothing but filters is asked of it
	fits   []uint32   // of the window at hand: what passes every filter
	misses [][]uint32 // what passes every filter but this one
}

// order compares two documents by one column.
type order func(a, b uint32) int

func newCollector(x *index, r Request) (*collector, error) {
	c := &collector{index: x, ranges: r.Ranges, filter: x.filters(r)}
	c.best = best{index: x, keep: max(r.Offset, 0) + max(r.Limit, 0)}
	c.misses = make([][]uint32, len(c.filter))
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
		c.best.order = append(c.best.order, o)
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
	if x.ids.live == 0 {
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

// everything takes all documents of a window, without a score.
func (c *collector) everything(t *tally, base, end uint32) {
	for doc := base; doc < end; doc++ {
		c.sift(doc)
	}
	c.flush(t, base)
}

// window takes the documents of a window that have what is needed.
func (c *collector) window(t *tally, base uint32, need uint16) {
	for w, set := range t.seen {
		for ; set != 0; set &= set - 1 {
			i := uint32(w*64 + bits.TrailingZeros64(set))
			if t.found[i] >= need {
				c.sift(base + i)
			}
		}
	}
	c.flush(t, base)
}

// passes reports whether a document is there and passes the ranges and marks of the request.
func (c *collector) passes(doc uint32) bool {
	return !c.index.dead[doc] && c.screen.passes(doc) && c.inRanges(doc)
}

// fit reports whether a document passes everything, the filters too.
func (c *collector) fit(doc uint32) bool {
	return c.passes(doc) && !slices.ContainsFunc(c.filter, func(w wanted) bool { return !w.has(doc) })
}

// sift puts a document among those that fit or miss one filter only.
func (c *collector) sift(doc uint32) {
	if !c.plain && !c.passes(doc) {
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
	if missed < 0 {
		c.fits = append(c.fits, doc)
	} else {
		c.misses[missed] = append(c.misses[missed], doc)
	}
}

// flush counts and keeps what was sifted.
func (c *collector) flush(t *tally, base uint32) {
	for i := range c.facets {
		f := &c.facets[i]
		f.count(c.fits)
		if f.filter >= 0 {
			f.count(c.misses[f.filter])
		}
	}
	c.total += len(c.fits)
	if c.best.keep > 0 {
		for _, doc := range c.fits {
			c.best.take(entry{doc, t.score[doc-base]})
		}
	}
	c.fits = c.fits[:0]
	for i := range c.misses {
		c.misses[i] = c.misses[i][:0]
	}
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

// entry is a document with its score.
type entry struct {
	doc   uint32
	score float32
}

// best keeps the first of all documents taken: a heap whose root is the last of them.
type best struct {
	index *index
	keep  int
	order []order
	heap  []entry
}

// before reports whether a comes before b in the answer.
func (k *best) before(a, b entry) bool {
	for _, o := range k.order {
		if n := o(a.doc, b.doc); n != 0 {
			return n < 0
		}
	}
	if a.score != b.score {
		return a.score > b.score
	}
	return k.index.ids.compare(a.doc, b.doc) < 0
}

// bound is the score below which nothing is kept any more.
func (k *best) bound() float32 {
	switch {
	case k.keep == 0:
		return math.MaxFloat32
	case len(k.order) > 0 || len(k.heap) < k.keep:
		return 0
	}
	return k.heap[0].score
}

func (k *best) take(e entry) {
	if len(k.heap) < k.keep {
		k.heap = append(k.heap, e)
		for i := len(k.heap) - 1; i > 0; {
			up := (i - 1) / 2
			if !k.before(k.heap[up], k.heap[i]) {
				return
			}
			k.heap[up], k.heap[i] = k.heap[i], k.heap[up]
			i = up
		}
		return
	}
	if len(k.order) == 0 && e.score < k.heap[0].score || !k.before(e, k.heap[0]) {
		return
	}
	k.heap[0] = e
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(k.heap) {
			return
		}
		if down+1 < len(k.heap) && k.before(k.heap[down], k.heap[down+1]) {
			down++
		}
		if !k.before(k.heap[i], k.heap[down]) {
			return
		}
		k.heap[i], k.heap[down] = k.heap[down], k.heap[i]
		i = down
	}
}

// ranked is what was kept, the first document first; nothing more can be taken.
func (k *best) ranked() []entry {
	k.sort()
	return k.heap
}

func (k *best) sort() {
	slices.SortFunc(k.heap, func(a, b entry) int {
		if k.before(a, b) {
			return -1
		}
		return 1
	})
}
