package textindex

import "sync"

// graves knows which documents are dead, in the order of their death, and remembers for each list that was
// asked for how many of them stand in it.
type graves struct {
	list []uint32 // guarded by the engine's lock

	mu   sync.Mutex
	seen map[*postings]burial
}

// burial is what is known of one list: n of the first upTo dead documents stand in it.
type burial struct{ upTo, n int }

// documents is the number of live documents that have the term.
func (x *index) documents(p *postings) uint32 {
	if x.whole() {
		return p.n
	}
	g := x.buried
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.seen[p]
	if fresh := len(g.list) - known.upTo; fresh*skipEvery/2 > int(p.n) { // cheaper to go through the list
		known.n = 0
		p.each(uint32(len(x.dead)), func(doc, _ uint32) {
			if x.dead[doc] {
				known.n++
			}
		})
	} else {
		for _, doc := range g.list[known.upTo:] {
			if c := (cursor{data: p.encoded(), skips: p.skips()}); p.has(&c, doc) {
				known.n++
			}
		}
	}
	known.upTo = len(g.list)
	if g.seen == nil {
		g.seen = map[*postings]burial{}
	}
	g.seen[p] = known
	return p.n - uint32(known.n)
}

// has reports whether a document, dead or not, stands in the list; c is a cursor of it.
func (p *postings) has(c *cursor, doc uint32) bool {
	if doc > p.last {
		return false
	}
	c.start()
	c.seek(doc)
	return c.next == doc
}
