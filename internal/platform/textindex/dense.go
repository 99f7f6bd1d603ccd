package textindex

import "sync"

// more is what a list of more than skipEvery documents has beside its data.
type more struct {
	mu     sync.Mutex // several searches may ask at once for what follows
	skips  []skip
	unread bool // the skips are not found yet

	bits []uint64   // of the documents; empty until asked for
	many []uint64   // of those that have the term more than once
	top  [2]float32 // the most that one unit of weight gives a document by either law, at a mean length of mean
	mean float64
	upTo cursor // where bits and top end
	read uint32 // how many documents that is
}

// denseShare is the share of the documents from which a list counts as dense: its documents are also kept as bits,
// once a search has asked for them. Such a list costs a quarter of a byte a document, and there are few.
const denseShare = 12

// dense returns the documents of a long list as bits and what its documents get at most by a law, per unit of weight.
// The caller holds the engine's lock.
func (p *postings) dense(f *field, by laws, law int) (bits, many []uint64, top float32) {
	docs := uint32(len(f.length))
	if p.more == nil || p.n < docs/denseShare {
		return nil, nil, 0
	}
	m := p.more
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mean == 0 {
		m.mean = f.average()
	}
	if m.read < p.n || len(m.bits) < int(docs/64+1) {
		m.follow(p, f, by, docs)
	}
	// A shorter mean length than then makes every part smaller, a longer one larger by no more than this.
	return m.bits, m.many, m.top[law] * float32(max(1, f.average()/m.mean)) * roundingUp
}

// roundingUp makes up for the rounding of sums, so that a bound stays one.
const roundingUp = 1.0001

// follow brings bits and top to the end of the list.
func (m *more) follow(p *postings, f *field, by laws, docs uint32) {
	for len(m.bits) < int(docs/64+1) { // no search holds the old bits: the index has changed since
		m.bits, m.many = append(m.bits, 0), append(m.many, 0)
	}
	var flat, slope [2]float32
	for i, l := range by {
		flat[i], slope[i] = l.shape(m.mean)
	}
	c := &m.upTo
	c.data = p.encoded()
	for m.read < p.n {
		if c.read(); c.next >= docs {
			break
		}
		m.read++
		m.bits[c.next/64] |= 1 << (c.next % 64)
		if c.freq > 1 {
			m.many[c.next/64] |= 1 << (c.next % 64)
		}
		tf := float32(c.freq)
		for i := range m.top {
			m.top[i] = max(m.top[i], tf/(tf+flat[i]+slope[i]*float32(f.length[c.next])))
		}
	}
}
