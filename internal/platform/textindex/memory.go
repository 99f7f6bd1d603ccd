package textindex

import "unsafe"

// Part is a part of an index and what it takes in memory.
type Part struct {
	Name  string
	Bytes int
}

// mapEntry is what a Go map takes beside a key and its value, with the room it keeps free: measured.
const mapEntry = 12

// Memory lists what the index takes, part by part. It is reckoned from lengths and capacities; what the runtime rounds
// up comes on top.
func (e *Engine) Memory() []Part {
	e.mu.RLock()
	defer e.mu.RUnlock()
	x := e.index
	out := []Part{
		{"names of the documents", cap(x.ids.packed)*16 + cap(x.ids.table)*4},
		{"digests and tombstones", cap(x.digest)*8 + cap(x.dead)},
	}
	for _, f := range []struct {
		name string
		*field
	}{{"words", &x.words}, {"pairs", &x.pairs}, {"title words", &x.titles}} {
		data, heads, leaps, dense := 0, cap(f.lists)*int(unsafe.Sizeof(postings{})), 0, 0
		for i := range f.lists {
			p := &f.lists[i]
			data += cap(p.data)
			if m := p.more; m != nil {
				m.mu.Lock()
				leaps += int(unsafe.Sizeof(*m)) + 8*cap(m.skips)
				dense += 8 * (cap(m.bits) + cap(m.many))
				m.mu.Unlock()
			}
		}
		terms := cap(f.terms.text) + 4*(cap(f.terms.ends)+cap(f.terms.table))
		out = append(out, Part{f.name + ": postings", data}, Part{f.name + ": list heads and leaps", heads + leaps}, Part{f.name + ": bits of dense lists", dense},
			Part{f.name + ": dictionary", terms}, Part{f.name + ": lengths", 4 * cap(f.length)})
	}
	for name, c := range x.keywords {
		n := 2*cap(c.small) + 4*cap(c.large) + 8*cap(c.own)
		for _, s := range c.names {
			n += 2*(len(s)+16) + 4 + mapEntry
		}
		for _, s := range c.sets {
			n += 24 + 8*cap(s) + 16 + 4 + mapEntry
		}
		out = append(out, Part{"column " + name, n})
	}
	for name, c := range x.numbers {
		out = append(out, Part{"column " + name, 9 * cap(c.values)})
	}
	for name, c := range x.texts {
		n := 17 * cap(c.values)
		for _, s := range c.values {
			n += len(s)
		}
		out = append(out, Part{"column " + name, n})
	}
	return append(out, e.names.memory())
}

// memory is what the names take.
func (n *names) memory() Part {
	n.mu.RLock()
	defer n.mu.RUnlock()
	size := cap(n.shown) + cap(n.folded) + cap(n.full) + cap(n.first) + len(n.entries)*(20+12+mapEntry)
	for w := range n.words {
		size += 2*len(w) + 16 + 3*(24+mapEntry)
	}
	return Part{"names for suggestions and corrections", size}
}
