package textindex

import (
	"cmp"
	"slices"
)

// Synonym is a group of words that mean one thing: found by one, a document is found by the others too.
type Synonym struct {
	Words []string
	// OneWay: the first word is also answered by the others (narrower ones), but not they by it or by each other.
	OneWay bool
}

// SetSynonyms replaces the groups. They work at query time and below the word that was typed, so a change
// needs no rebuild. A word of a group is found only as a whole: all its parts in a document.
func (e *Engine) SetSynonyms(groups []Synonym) error {
	if err := e.analyser.Ready(); err != nil {
		return err
	}
	s := &synonyms{}
	for _, g := range groups {
		if err := s.add(e.analyser, g); err != nil {
			return err
		}
	}
	e.synonyms.Store(s)
	e.names.addWords(e.analyser, s.words())
	return nil
}

// synonymWeight is what a document that has only a synonym gets of what the word itself would have given.
const synonymWeight = 0.6

type synonyms struct {
	groups []synonymGroup
}

type synonymGroup struct {
	words  []synonymWord
	oneWay bool
}

type synonymWord struct {
	text  string
	units []unit
	query *query
}

func (s *synonyms) add(a *Analyser, g Synonym) error {
	group := synonymGroup{oneWay: g.OneWay}
	for _, w := range g.Words {
		u := a.units(w)
		q, err := a.parse(w)
		if err != nil {
			return err
		}
		if len(u) > 0 && len(q.pairs) > 0 {
			group.words = append(group.words, synonymWord{w, u, q})
		}
	}
	if len(group.words) > 1 {
		s.groups = append(s.groups, group)
	}
	return nil
}

func (s *synonyms) words() []string {
	var out []string
	for _, g := range s.groups {
		for _, w := range g.words {
			out = append(out, w.text)
		}
	}
	return out
}

// mention is a name in a query that has synonyms.
type mention struct {
	from, to int // bytes of the query
	others   []synonymWord

	needs  []string // terms of the pairs field that the name itself needs
	all    int      // its terms
	inside []int    // words of the query it is made of

	own, other []uint32 // documents that have the name; those that have only a synonym
	titled     []uint32 // of the latter, those that have it in their title
	weight     float64  // inverse document frequency of all of them
}

// longestSynonyms is the query, in bytes, up to which synonyms are looked for; the matcher has its own.
const longestSynonyms = 600

// in finds the names in a text, the longer ones first; a name inside another is part of it.
func (s *synonyms) in(a *Analyser, text string) []mention {
	if s == nil || len(text) > longestSynonyms {
		return nil
	}
	units := a.units(text)
	var out []mention
	for gi := range s.groups {
		g := &s.groups[gi]
		for wi := range g.words {
			if g.oneWay && wi > 0 {
				break
			}
			for _, at := range places(units, g.words[wi].units) {
				others := slices.Concat(g.words[:wi], g.words[wi+1:])
				out = append(out, mention{from: units[at[0]].from, to: units[at[1]-1].to, others: others})
			}
		}
	}
	out = longest(out)
	for i := range out {
		s.narrower(a, &out[i], text[out[i].from:out[i].to])
	}
	return out
}

// longest keeps, of mentions that overlap, the longest, and makes one of those of one place.
func longest(all []mention) []mention {
	slices.SortStableFunc(all, func(a, b mention) int {
		return cmp.Or(cmp.Compare(b.to-b.from, a.to-a.from), cmp.Compare(a.from, b.from))
	})
	var out []mention
next:
	for _, m := range all {
		for i := range out {
			switch {
			case out[i].from == m.from && out[i].to == m.to:
				out[i].others = append(out[i].others, m.others...)
				continue next
			case m.from < out[i].to && out[i].from < m.to:
				continue next
			}
		}
		out = append(out, m)
	}
	return out
}

// narrower adds the other words of groups that have a word with the name inside: a document found as SEM is
// one of 扫描电镜, which has 电镜 in it.
func (s *synonyms) narrower(a *Analyser, m *mention, name string) {
	want := a.units(name)
	known := func(text string) bool {
		return slices.ContainsFunc(m.others, func(w synonymWord) bool { return w.text == text })
	}
	for _, g := range s.groups {
		if !slices.ContainsFunc(g.words, func(w synonymWord) bool { return len(w.units) > len(want) && len(places(w.units, want)) > 0 }) {
			continue
		}
		for i, w := range g.words {
			if (!g.oneWay || i == 0 || len(places(g.words[0].units, want)) > 0) && len(places(w.units, want)) == 0 && !known(w.text) {
				m.others = append(m.others, w)
			}
		}
	}
}

// mentioned returns the mention that bytes from..to of the query lie in.
func (q *query) mentioned(from, to int) *mention {
	for i := range q.mentions {
		if m := &q.mentions[i]; m.from <= from && to <= m.to {
			return m
		}
	}
	return nil
}

// take notes a term that lies in the mention.
func (m *mention) take(term string, word int, needed bool) {
	if needed && !slices.Contains(m.needs, term) {
		m.needs = append(m.needs, term)
	}
	if word >= 0 && !slices.Contains(m.inside, word) {
		m.inside = append(m.inside, word)
	}
	m.all++
}

// mentions credits the documents that have a name with all it needs, and scores those that have only a
// synonym. The caller holds the read lock.
func (x *index) mentions(t *tally, q *query, o Options) {
	law := o.Laws[q.law()]
	for i := range q.mentions {
		m := &q.mentions[i]
		x.resolve(m, law)
		idf := m.weight * synonymWeight * float64(m.all)
		x.give(t, m.own, &x.words, &t.once[0], law.scorer(&x.words, 0), uint16(len(m.needs)))
		x.give(t, m.other, &x.words, &t.once[0], law.scorer(&x.words, idf*(1+o.Pairs)/2), uint16(len(m.needs)))
		x.give(t, m.titled, &x.titles, &t.once[2], law.scorer(&x.titles, idf*o.Titles/2), 0)
	}
}

// resolve finds the documents of a mention.
func (x *index) resolve(m *mention, law Law) {
	m.own = x.pairs.having(m.needs)
	has := x.bits()
	for _, doc := range m.own {
		has[doc/64] |= 1 << (doc % 64)
	}
	live := 0
	for _, doc := range m.own {
		if !x.dead[doc] {
			live++
		}
	}
	titled := x.bits()
	m.other, m.titled = nil, nil
	for _, w := range m.others {
		for _, doc := range x.pairs.having(w.query.all()) {
			if has[doc/64]&(1<<(doc%64)) == 0 {
				has[doc/64] |= 1 << (doc % 64)
				m.other = append(m.other, doc)
				if !x.dead[doc] {
					live++
				}
			}
		}
	}
	other := x.bits()
	for _, doc := range m.other {
		other[doc/64] |= 1 << (doc % 64)
	}
	for _, w := range m.others {
		terms := make([]string, len(w.query.terms))
		for i, t := range w.query.terms {
			terms[i] = t.term
		}
		for _, doc := range x.titles.having(terms) {
			if at, bit := doc/64, uint64(1)<<(doc%64); other[at]&bit != 0 && titled[at]&bit == 0 {
				titled[at] |= bit
				m.titled = append(m.titled, doc)
			}
		}
	}
	slices.Sort(m.other)
	slices.Sort(m.titled)
	m.weight = law.rare(float64(live), float64(x.ids.live))
}

// give adds one occurrence of a term to the score of documents.
func (x *index) give(t *tally, docs []uint32, f *field, once *[onces]float32, s scorer, step uint16) {
	var p postings
	for _, doc := range docs {
		p.add(doc, 1)
	}
	t.cursors = append(t.cursors, cursor{data: p.encoded(), skips: p.skips(), n: p.n, length: f.length, once: once, scorer: s, step: step})
}

// explain notes the words of a mention in the hits that have a synonym of it.
func (m *mention) explain(at map[uint32]int, found []findings) {
	for doc, i := range at {
		if _, ok := slices.BinarySearch(m.other, doc); !ok {
			continue
		}
		for _, w := range m.inside {
			found[i].of(w, m.weight*synonymWeight).own = true
		}
	}
}
