package textindex

import (
	"cmp"
	"slices"
)

// finding is what explain knows of one query word in one document.
type finding struct {
	Match
	own   bool // the word itself was found
	pairs int  // how many of its pairs were found
}

// explain fills Matched: which words of the query stand in each hit, and what they gave to its score. A
// word stands in a hit when the hit has it as a word, or has all its pairs (the hit's words were cut
// elsewhere: 显微镜 inside 电子显微镜).
func (e *Engine) explain(hits []Hit, docs []uint32, q *query, prose bool) {
	x := e.index
	at := make(map[uint32]int, len(docs))
	found := make([]findings, len(docs))
	for i, doc := range docs {
		at[doc] = i
		found[i] = findings{}
	}
	law := e.options.Laws[q.law()]
	ordered := slices.Sorted(slices.Values(docs))
	look := func(f *field, terms []queryTerm, boost float64, note func(*finding)) {
		for _, t := range terms {
			p := f.list(t.term)
			if p == nil || len(t.words) == 0 {
				continue
			}
			s := x.scorer(law, f, p, boost*q.weight(t.freq, prose))
			c := cursor{data: p.encoded(), skips: p.skips()}
			c.start()
			for _, doc := range ordered {
				if c.seek(doc); c.next != doc {
					continue
				}
				share := float64(s.of(c.freq, f.length[doc])) / float64(len(t.words))
				for _, w := range t.words {
					note(found[at[doc]].of(w, share))
				}
			}
		}
	}
	look(&x.words, q.terms, 1, func(f *finding) { f.own = true })
	look(&x.titles, q.terms, e.options.Titles, func(f *finding) { f.Title = true })
	look(&x.pairs, q.pairs, e.options.Pairs, func(f *finding) { f.pairs++ })
	for _, m := range q.mentions {
		m.explain(at, found)
	}
	pairs := q.pairsOf()
	for i := range hits {
		hits[i].Matched = found[i].matches(q, pairs, e.analyser.Hollow)
	}
}

type findings map[int]*finding

// of adds to the score of word w and returns what is known of it.
func (fs findings) of(w int, score float64) *finding {
	f := fs[w]
	if f == nil {
		f = &finding{}
		fs[w] = f
	}
	f.Score += score
	return f
}

// pairsOf counts the distinct pairs of each word.
func (q *query) pairsOf() []int {
	n := make([]int, len(q.words))
	for _, t := range q.pairs {
		for _, w := range t.words {
			n[w]++
		}
	}
	return n
}

func (fs findings) matches(q *query, pairs []int, hollow func(string) bool) []Match {
	out := make([]Match, 0, len(fs))
	for w, f := range fs {
		if hollow(q.words[w]) || !f.own && (f.pairs == 0 || f.pairs < pairs[w]) {
			continue
		}
		f.Word = q.words[w]
		out = append(out, f.Match)
	}
	slices.SortFunc(out, func(i, j Match) int {
		return cmp.Or(cmp.Compare(j.Score, i.Score), cmp.Compare(i.Word, j.Word))
	})
	return out
}

// Term is a word of a query and how many documents have it.
type Term struct {
	Word      string // as it stands in the query
	Documents int
}

// Terms returns the words of a query that say something, each once and in order.
func (e *Engine) Terms(query string) ([]Term, error) {
	q, err := e.analyser.parse(query)
	if err != nil {
		return nil, err
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	out := make([]Term, len(q.words))
	for _, t := range q.terms {
		n := 0
		if p := e.index.words.list(t.term); p != nil {
			n = int(e.index.documents(p))
		}
		for _, w := range t.words {
			out[w] = Term{q.words[w], max(n, out[w].Documents)}
		}
	}
	return slices.DeleteFunc(out, func(t Term) bool { return t.Word == "" || e.analyser.Hollow(t.Word) }), nil
}
