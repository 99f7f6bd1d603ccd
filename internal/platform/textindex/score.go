package textindex

import (
	"encoding/binary"
	"math"
)

// BM25's constants (see doc.go).
const (
	k1 = 1.2
	b  = 0.75
)

// tally is the working memory of one search, one place for each document.
type tally struct {
	score   []float32
	found   []uint16 // needed pairs found
	seen    []bool
	touched []uint32 // documents with a score, in order of first touch
}

func (t *tally) reset(docs int) {
	for _, d := range t.touched {
		t.score[d], t.found[d], t.seen[d] = 0, 0, false
	}
	t.touched = t.touched[:0]
	if len(t.score) < docs {
		size := docs + docs/8
		t.score, t.found, t.seen = make([]float32, size), make([]uint16, size), make([]bool, size)
	}
}

// documents is the number of live documents that have the term.
func (x *index) documents(p *postings) uint32 {
	if x.whole() {
		return p.n
	}
	n := uint32(0)
	p.each(uint32(len(x.dead)), func(doc, _ uint32) {
		if !x.dead[doc] {
			n++
		}
	})
	return n
}

// scorer gives the part of BM25 that one term of one field adds to a document.
type scorer struct {
	weight, flat, slope float32
}

func (x *index) scorer(f *field, p *postings, weight float64) scorer {
	n := float64(x.documents(p))
	idf := math.Log(1 + (float64(len(x.byID))-n+0.5)/(n+0.5))
	return scorer{float32(weight * idf * (k1 + 1)), float32(k1 * (1 - b)), float32(k1 * b / f.average())}
}

func (s scorer) of(freq, length uint32) float32 {
	tf := float32(freq)
	return s.weight * tf / (tf + s.flat + s.slope*float32(length))
}

// tally adds the scores of terms in f. Dead documents get a score too; collect leaves them out.
func (x *index) tally(t *tally, f *field, terms []queryTerm, q *query, prose bool, boost float64) {
	for i := range terms {
		p := f.list(terms[i].term)
		if p == nil {
			continue
		}
		s := x.scorer(f, p, boost*q.weight(terms[i].freq, prose))
		step := uint16(0)
		if terms[i].needed {
			step = 1
		}
		t.add(p.data, f.length, s, step)
	}
}

// add walks a postings list (see postings.each) and scores its documents. It is written out because this is
// where a search spends its time.
func (t *tally) add(data []byte, length []uint32, s scorer, step uint16) {
	doc := uint32(0)
	for i := 0; i < len(data); {
		gap, n := uint64(data[i]), 1
		if gap >= 0x80 {
			gap, n = binary.Uvarint(data[i:])
		}
		if i += n; n <= 0 {
			return
		}
		freq := uint64(1)
		if gap&1 != 0 {
			if freq, n = uvarint(data[i:]); n <= 0 {
				return
			}
			i += n
		}
		if doc += uint32(gap >> 1); doc >= uint32(len(length)) {
			return
		}
		if !t.seen[doc] {
			t.seen[doc] = true
			t.touched = append(t.touched, doc)
		}
		t.score[doc] += s.of(uint32(freq), length[doc])
		t.found[doc] += step
	}
}

// rank scores every document that shares a term with the query.
func (e *Engine) rank(t *tally, q *query, prose bool) {
	x := e.index
	x.tally(t, &x.words, q.terms, q, prose, 1)
	x.tally(t, &x.pairs, q.pairs, q, prose, e.options.Pairs)
	x.tally(t, &x.titles, q.terms, q, prose, e.options.Titles)
	x.tally(t, &x.titles, q.models, q, prose, modelBoost)
	x.mentions(t, q, e.options)
}
