package textindex

import "math"

// search answers a request whose query is taken apart.
func (e *Engine) search(q *query, r Request) (Result, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	x := e.index
	t, ok := e.pool.Get().(*tally)
	if !ok {
		t = &tally{}
	}
	defer e.pool.Put(t)
	c, err := newCollector(x, r)
	if err != nil {
		return Result{}, err
	}
	c.screen = x.screen(q)
	c.plain = x.whole() && len(r.Ranges) == 0 && c.screen.only == nil && c.screen.never == nil
	e.deepen(c, r)
	docs := uint32(x.ids.count())
	if len(q.terms)+len(q.pairs) == 0 {
		clear(t.score[:])
		for base := uint32(0); base < docs; base += stretch {
			c.everything(t, base, min(base+stretch, docs))
		}
		return e.result(c, q, r), nil
	}
	need := uint16(min(math.Ceil(r.Least*float64(q.needed)-1e-9), math.MaxUint16))
	t.begin(e, q, r.Prose, need)
	t.windows(docs, need, c.best.bound, func(base uint32) { c.window(t, base, need) })
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
	docs := make([]uint32, len(best))
	for i, b := range best {
		out.Hits[i] = Hit{ID: e.index.ids.id(b.doc), Score: float64(b.score)}
		docs[i] = b.doc
	}
	if r.Explain {
		e.explain(out.Hits, docs, q, r.Prose)
	}
	return out
}
