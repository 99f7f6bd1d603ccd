package textindex

import (
	"cmp"
	"math/bits"
	"slices"
)

// stretch is how many documents are scored together: their scores stay in the processor's first cache.
const stretch = 2048

// onces is the length up to which the score of one occurrence is looked up.
const onces = 256

// few is the number of documents of a window up to which each is looked up in a list, not the list run through.
const few = 6

// tally is the working memory of one search.
type tally struct {
	score [stretch]float32
	hope  [stretch]float32 // the most a document can get
	found [stretch]uint16  // needed pairs found
	seen  [stretch / 64]uint64

	cursors []cursor
	leads   int // the first cursors: every document that counts stands in one of their lists
	once    [3][onces]float32
}

// scorer gives the part of BM25 that one term of one field adds to a document.
type scorer struct {
	weight, flat, slope float32
}

func (x *index) scorer(l Law, f *field, p *postings, weight float64) scorer {
	return l.scorer(f, weight*l.rare(float64(x.documents(p)), float64(x.ids.live)))
}

func (s scorer) of(freq, length uint32) float32 {
	tf := float32(freq)
	return s.weight * tf / (tf + s.flat + s.slope*float32(length))
}

// begin makes cursors for a query and orders them: need is what a document must have of the steps.
func (t *tally) begin(e *Engine, q *query, prose bool, need uint16) {
	x := e.index
	law := e.options.Laws[q.law()]
	t.cursors = t.cursors[:0]
	for i, f := range []*field{&x.words, &x.pairs, &x.titles} {
		s := law.scorer(f, 1/(law.K1+1))
		for l := range t.once[i] {
			t.once[i][l] = s.of(1, uint32(l))
		}
	}
	in := [3]reading{{e, &x.words, &t.once[0], q, prose}, {e, &x.pairs, &t.once[1], q, prose}, {e, &x.titles, &t.once[2], q, prose}}
	t.terms(in[0], q.terms, 1)
	t.terms(in[1], q.pairs, e.options.Pairs)
	t.terms(in[2], q.terms, e.options.Titles)
	t.terms(in[2], q.models, modelBoost)
	x.mentions(t, q, e.options)
	t.order(need)
}

// reading is one field in a search.
type reading struct {
	engine *Engine
	field  *field
	once   *[onces]float32
	query  *query
	prose  bool
}

// terms adds a cursor for each term that the field has.
func (t *tally) terms(in reading, terms []queryTerm, boost float64) {
	if boost <= 0 {
		return
	}
	f, laws := in.field, in.engine.options.Laws
	law := in.query.law()
	for i := range terms {
		p := f.list(terms[i].term)
		if p == nil {
			continue
		}
		c := cursor{data: p.encoded(), skips: p.skips(), n: p.n, length: f.length, once: in.once,
			scorer: in.engine.index.scorer(laws[law], f, p, boost*in.query.weight(terms[i].freq, in.prose))}
		if terms[i].needed {
			c.step = 1
		}
		c.bits, c.many, c.top = p.dense(f, laws, law)
		c.top *= c.weight
		t.cursors = append(t.cursors, c)
	}
}

// order puts first the shortest lists that all together hold every document with need steps, then the other
// lists with steps, then those that only score.
func (t *tally) order(need uint16) {
	for i := range t.cursors {
		t.cursors[i].start()
	}
	t.leads = len(t.cursors)
	if need == 0 {
		slices.SortStableFunc(t.cursors, func(a, b cursor) int { return cmp.Compare(a.rank(), b.rank()) })
		for i := len(t.cursors) - 1; i >= 0; i-- {
			t.cursors[i].behind = t.cursors[i].top
			if i+1 < len(t.cursors) {
				t.cursors[i].behind += t.cursors[i+1].behind
			}
		}
		return
	}
	slices.SortStableFunc(t.cursors, func(a, b cursor) int {
		if (a.step > 0) != (b.step > 0) {
			return cmp.Compare(b.step, a.step)
		}
		if a.step == 0 {
			return 0
		}
		return cmp.Compare(a.n, b.n)
	})
	behind := uint16(0)
	t.leads = 0
	for i := len(t.cursors) - 1; i >= 0; i-- {
		c := &t.cursors[i]
		c.left = behind
		if behind += c.step; behind >= need && c.step > 0 {
			t.leads = i + 1
			break
		}
	}
}

// windows scores the documents window by window and hands each window to yield. bound is the score a document must
// reach to be among the best so far; what cannot reach it may be handed over with less than its score.
func (t *tally) windows(docs uint32, need uint16, bound func() float32, yield func(base uint32)) {
	for base := uint32(0); base < docs; base += stretch {
		if need > 0 { // from the first document that may count
			first := nobody
			for i := range t.cursors[:t.leads] {
				c := &t.cursors[i]
				c.seek(base)
				first = min(first, c.next)
			}
			if first >= docs {
				return
			}
			base = first / stretch * stretch
		}
		end := min(base+stretch, docs)
		clear(t.score[:])
		clear(t.found[:])
		clear(t.seen[:])
		if need == 0 {
			t.either(base, end, bound())
			yield(base)
			continue
		}
		for i := range t.cursors[:t.leads] {
			t.cursors[i].run(t, base, end, true)
		}
		if t.others(base, end, need) {
			yield(base)
		}
	}
}

// either scores what has any term. The dense lists that together cannot bring a document up to bound come last: their
// documents are seen by their bits, and only those are looked up that the other lists have brought near.
func (t *tally) either(base, end uint32, bound float32) {
	first := len(t.cursors) // of the lists that wait
	for first > 0 && t.cursors[first-1].bits != nil && t.cursors[first-1].behind < bound {
		first--
	}
	for i := range t.cursors[:first] {
		c := &t.cursors[i]
		c.seek(base)
		c.run(t, base, end, true)
	}
	if first == len(t.cursors) {
		return
	}
	waiting := t.cursors[first:]
	all := t.seen
	for i := range waiting {
		c := &waiting[i]
		for w, set := range c.bits[base/64 : min(int(base/64)+stretch/64, len(c.bits))] {
			all[w] |= set
		}
	}
	if t.drop(&t.score, bound-waiting[0].behind) {
		t.hope = t.score
		for i := range waiting {
			waiting[i].promise(t, base)
		}
		if t.drop(&t.hope, bound) {
			for i := range waiting {
				waiting[i].look(t, base)
			}
		}
	}
	t.seen = all
}

// drop forgets the documents that have less than least of what. It answers false when none is left.
func (t *tally) drop(what *[stretch]float32, least float32) bool {
	left := uint64(0)
	for w, set := range t.seen {
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			if what[i] < least {
				t.seen[w] &^= 1 << (i % 64)
			}
		}
		left |= t.seen[w]
	}
	return left != 0
}

// others scores what the leading lists have found by the other lists. It answers false when nothing is left.
func (t *tally) others(base, end uint32, need uint16) bool {
	rest := t.cursors[t.leads:]
	for i := range rest {
		c := &rest[i]
		at, n := t.few()
		switch {
		case n == 0:
			return false
		case n <= few:
			for _, i := range at[:n] {
				c.pick(t, base, base+i)
			}
		case c.bits != nil:
			c.look(t, base)
		default:
			c.seek(base)
			c.run(t, base, end, false)
		}
		if c.step > 0 {
			t.prune(need, c.left)
		}
	}
	return true
}

// few lists the seen documents of the window, if there are few.
func (t *tally) few() (at [few]uint32, n int) {
	for w, set := range t.seen {
		for ; set != 0; set &= set - 1 {
			if n == few {
				return at, few + 1
			}
			at[n] = uint32(w*64 + bits.TrailingZeros64(set))
			n++
		}
	}
	return at, n
}

// prune forgets the documents that cannot have need steps any more, with left to come.
func (t *tally) prune(need, left uint16) {
	for w, set := range t.seen {
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			if t.found[i]+left < need {
				t.seen[w] &^= 1 << (i % 64)
			}
		}
	}
}
