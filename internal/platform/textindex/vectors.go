package textindex

import (
	"context"
	"math"
)

// Training bounds the vectors an Engine makes of its own documents; zero values are the measured defaults.
type Training struct {
	Documents int // at most so many, taken evenly, are learnt from; 0 means 50,000
	Words     int // the most frequent; 0 means 20,000
	Dimension int // 0 means 128
	Most      int // a larger index gets no vectors, and loses those it had; 0 means 100,000
}

func (t Training) withDefaults() Training {
	for _, d := range []struct {
		value *int
		to    int
	}{{&t.Documents, 50_000}, {&t.Words, 20_000}, {&t.Dimension, 128}, {&t.Most, 100_000}} {
		if *d.value <= 0 {
			*d.value = d.to
		}
	}
	return t
}

// vectors are what training made of one state of the index.
type vectors struct {
	index *index // its documents' numbers are the rows of doc
	dim   int
	words map[string]int32 // a word's row in word
	word  []float32        // times the word's inverse document frequency
	doc   []int8           // a row for each document there was
}

// Train learns from the documents held which words go together and gives every document a vector, so that
// searches of several words prefer what is about the same among what has the words (see vectorWeight). It reads
// the index while searches go on and takes seconds; call it in the background, and again when much has changed:
// documents that came later are ranked by their words alone.
//
// It costs Dimension bytes a document and about 10 MB for the words, and while it runs some 150 MB more. That is
// for an index of up to Training.Most documents; a larger one goes without.
func (e *Engine) Train(ctx context.Context, t Training) error {
	t = t.withDefaults()
	e.mu.RLock()
	x := e.index
	if x.ids.count() == 0 || x.ids.count() > t.Most {
		e.mu.RUnlock()
		e.vectors.Store(nil)
		return nil
	}
	m := x.bags(t.Words)
	known := make(map[string]int32, len(m.words))
	for id, column := range m.words {
		known[string(x.words.terms.term(id))] = column
	}
	e.mu.RUnlock()
	k := min(t.Dimension, len(m.idf))
	if k == 0 {
		return nil
	}
	v := &vectors{index: x, dim: k, words: known}
	if together := m.company(ctx, t.Documents); together != nil {
		v.word = together.vectors(ctx, k)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for c, idf := range m.idf {
		row := v.word[c*k:][:k]
		for j := range row {
			row[j] *= idf
		}
	}
	v.doc = m.documents(v.word, k)
	e.vectors.Store(v)
	return nil
}

// dampening is how slowly further occurrences of a word come to add nothing to a document's vector.
const dampening = 1.2

// documents sums up the words of each document, dampened as in BM25.
func (m *wordBags) documents(word []float32, k int) []int8 {
	docs := len(m.start) - 1
	out := make([]int8, docs*k)
	sum := make([]float32, k)
	for d := range docs {
		clear(sum)
		for i := m.start[d]; i < m.start[d+1]; i++ {
			w := m.freq[i] * (dampening + 1) / (m.freq[i] + dampening)
			for j, f := range word[int(m.column[i])*k:][:k] {
				sum[j] += w * f
			}
		}
		quantise(sum, out[d*k:][:k])
	}
	return out
}

// quantise brings a vector to whole numbers up to 127; its length is not kept.
func quantise(v []float32, to []int8) {
	top := float32(0)
	for _, f := range v {
		top = max(top, f, -f)
	}
	for j, f := range v {
		if top > 0 {
			to[j] = int8(math.RoundToEven(float64(f / top * 127)))
		}
	}
}

// How vectors take part. Tuned on one half of the queries of the collections in docs/performance.md, by hash of
// their ids.
const (
	vectorWeight = 0.6 // of the cosine, against the best score by words
	vectorTerms  = 10  // from so many terms in the query on; a shorter one says too little, so they weigh less
	vectorClear  = 0.9 // a first document ahead of the second by this much is the one looked for, and stays
	vectorDepth  = 1000
)

// deepen makes the collector keep as many as vectors may put in another order.
func (e *Engine) deepen(c *collector, r Request) {
	if v := e.vectors.Load(); v != nil && v.index == e.index && len(r.Sort) == 0 && c.best.keep > 0 {
		c.best.keep = max(c.best.keep, vectorDepth)
	}
}

// arranged returns the best documents in their order, at most as many as were asked for.
func (e *Engine) arranged(c *collector, q *query, r Request) []entry {
	best := c.best.ranked()
	if v := e.vectors.Load(); v != nil && v.index == e.index && len(r.Sort) == 0 && len(best) > 1 {
		v.mix(c, q, best)
	}
	return best[:min(len(best), max(r.Offset, 0)+max(r.Limit, 0))]
}

// mix adds to each score how near the document is to the query.
func (v *vectors) mix(c *collector, q *query, best []entry) {
	asked := v.of(q)
	if asked == nil {
		return
	}
	first, top := &best[0], best[0].score
	ahead := best[1].score < vectorClear*top
	weight := top * vectorWeight * float32(min(1, float64(len(q.terms))/vectorTerms))
	most := float32(0)
	for i := range best {
		best[i].score += weight * v.nearness(asked, best[i].doc)
		most = max(most, best[i].score)
	}
	if ahead {
		first.score = math.Nextafter32(most, most+1)
	}
	c.best.sort()
}

// of is the vector of a query, of unit length; nil when it has no word that is known.
func (v *vectors) of(q *query) []float32 {
	sum := make([]float32, v.dim)
	for _, t := range q.terms {
		if row, known := v.words[t.term]; known {
			for j, f := range v.word[int(row)*v.dim:][:v.dim] {
				sum[j] += float32(t.freq) * f
			}
		}
	}
	length := norm(sum)
	if length == 0 {
		return nil
	}
	for j := range sum {
		sum[j] /= length
	}
	return sum
}

// nearness is the cosine of a query and a document, 0 for a document that came after the training.
func (v *vectors) nearness(asked []float32, doc uint32) float32 {
	if (int(doc)+1)*v.dim > len(v.doc) {
		return 0
	}
	product, square := float32(0), float32(0)
	for j, b := range v.doc[int(doc)*v.dim:][:v.dim] {
		f := float32(b)
		product += asked[j] * f
		square += f * f
	}
	if square == 0 {
		return 0
	}
	return product / float32(math.Sqrt(float64(square)))
}

// follow keeps the vectors when the index is replaced by itself without its dead documents.
func (e *Engine) follow(compacted *index) {
	v := e.vectors.Load()
	if v == nil || v.index != e.index {
		return
	}
	next := &vectors{index: compacted, dim: v.dim, words: v.words, word: v.word}
	for doc := range len(v.doc) / v.dim {
		if !e.index.dead[doc] {
			next.doc = append(next.doc, v.doc[doc*v.dim:][:v.dim]...)
		}
	}
	e.vectors.Store(next)
}
