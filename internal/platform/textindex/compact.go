package textindex

// compactIfWorth drops the dead documents when they are more than a fifth. Readers go on meanwhile.
func (e *Engine) compactIfWorth() {
	x := e.index
	if dead := x.ids.count() - x.ids.live; dead > 256 && dead*5 > x.ids.count() {
		y := x.compacted()
		e.follow(y)
		e.swap(y)
	}
}

// Compact drops what deleted and replaced documents left behind.
func (e *Engine) Compact() {
	e.writing.Lock()
	defer e.writing.Unlock()
	if !e.index.whole() {
		y := e.index.compacted()
		e.follow(y)
		e.swap(y)
	}
}

func (e *Engine) swap(x *index) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.index = x
}

// compacted returns the index without its dead documents. Only the writer may call it.
func (x *index) compacted() *index {
	y := newIndex()
	to := make([]uint32, x.ids.count()) // new number, one more; 0 is dead
	for doc := range to {
		if x.dead[doc] {
			continue
		}
		to[doc] = y.ids.add(x.ids.id(uint32(doc))) + 1
		y.digest = append(y.digest, x.digest[doc])
		y.dead = append(y.dead, false)
	}
	y.words, y.pairs, y.titles = x.words.compacted(to), x.pairs.compacted(to), x.titles.compacted(to)
	for name, c := range x.keywords {
		d := newKeywords(0)
		for doc, n := range to {
			if n == 0 {
				continue
			}
			id := x.ids.id(uint32(doc))
			d.add(id, c.texts(uint32(doc), id))
		}
		y.keywords[name] = d
	}
	for name, c := range x.numbers {
		y.numbers[name] = c.compacted(to)
	}
	for name, c := range x.texts {
		y.texts[name] = c.compacted(to)
	}
	return y
}

func (f *field) compacted(to []uint32) field {
	g := newField()
	for i := range f.lists {
		var p postings
		f.lists[i].each(uint32(len(to)), func(doc, freq uint32) {
			if to[doc] > 0 {
				p.add(to[doc]-1, freq)
			}
		})
		if p.n > 0 {
			g.terms.add(f.terms.term(uint32(i)))
			g.lists = append(g.lists, p)
		}
	}
	for doc, n := range to {
		if n > 0 {
			g.length = append(g.length, f.length[doc])
			g.count(f.length[doc], 1)
		}
	}
	return g
}

func (c *sorted[T]) compacted(to []uint32) *sorted[T] {
	d := &sorted[T]{}
	for doc, n := range to {
		if v, ok := c.get(uint32(doc)); ok && n > 0 {
			d.put(int(n-1), v)
		}
	}
	return d
}
