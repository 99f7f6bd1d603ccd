package textindex

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// wordBags is documents by words, row by row: the inverted field turned round.
type wordBags struct {
	start  []int // document d has column[start[d]:start[d+1]]
	column []int32
	freq   []float32
	words  map[uint32]int32 // term of the words field → column
	idf    []float32        // by column
}

// bags takes the most frequent words that stand in at least two documents and at most half of them.
func (x *index) bags(words int) *wordBags {
	f, limit := &x.words, uint32(x.ids.count())
	var order []uint32
	for i := range f.lists {
		if n := f.lists[i].n; n >= 2 && 2*n < limit {
			order = append(order, uint32(i))
		}
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Or(cmp.Compare(f.lists[b].n, f.lists[a].n), cmp.Compare(a, b)) })
	order = order[:min(len(order), words)]
	m := &wordBags{words: make(map[uint32]int32, len(order)), idf: make([]float32, len(order))}
	at := make([]int, limit+1)
	for column, term := range order {
		m.words[term] = int32(column)
		m.idf[column] = float32(math.Log(float64(limit) / float64(f.lists[term].n)))
		f.lists[term].each(limit, func(doc, _ uint32) { at[doc+1]++ })
	}
	for i := 1; i < len(at); i++ {
		at[i] += at[i-1]
	}
	m.start = slices.Clone(at)
	m.column, m.freq = make([]int32, at[limit]), make([]float32, at[limit])
	for column, term := range order {
		f.lists[term].each(limit, func(doc, freq uint32) {
			m.column[at[doc]], m.freq[at[doc]] = int32(column), float32(freq)
			at[doc]++
		})
	}
	return m
}

// postings returns, for every word, the documents of an even sample that have it.
func (m *wordBags) postings(documents int) (start []int, of []int32, by []float64, total float64) {
	docs := len(m.start) - 1
	step := max(1, (docs+documents-1)/documents)
	start, by = make([]int, len(m.idf)+1), make([]float64, len(m.idf))
	for d := 0; d < docs; d += step {
		for _, c := range m.column[m.start[d]:m.start[d+1]] {
			start[c+1]++
		}
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	at := slices.Clone(start)
	of = make([]int32, start[len(m.idf)])
	for d := 0; d < docs; d += step {
		length := float64(m.start[d+1] - m.start[d])
		for _, c := range m.column[m.start[d]:m.start[d+1]] {
			of[at[c]] = int32(d)
			at[c]++
			by[c] += length
			total += length
		}
	}
	return start, of, by, total
}

// company tells which words keep company more often than chance: a sparse matrix words by words of positive
// pointwise mutual information over documents.
type company struct {
	start []int
	cells []cell
}

type cell struct {
	column int32
	value  float32
}

const (
	mostCompany = 400  // the strongest of each word; bounds the matrix at 8·400 bytes a word
	smoothing   = 0.75 // power of a word's frequency: rare words would else seem close to everything
)

func (m *wordBags) company(ctx context.Context, documents int) *company {
	start, of, by, _ := m.postings(documents)
	smooth := 0.0
	for i := range by {
		by[i], smooth = math.Pow(by[i], smoothing), smooth+math.Pow(by[i], smoothing)
	}
	out := &company{start: make([]int, 1, len(m.idf)+1)}
	together := make([]float32, len(m.idf))
	var touched []int32
	var row []cell
	for w := range m.idf {
		if ctx.Err() != nil {
			return nil
		}
		touched, row = touched[:0], row[:0]
		for _, d := range of[start[w]:start[w+1]] {
			for _, c := range m.column[m.start[d]:m.start[d+1]] {
				if together[c] == 0 {
					touched = append(touched, c)
				}
				together[c]++
			}
		}
		own := math.Pow(by[w], 1/smoothing)
		for _, c := range touched {
			if pmi := math.Log(float64(together[c]) / own * smooth / by[c]); pmi > 0 && together[c] >= 2 && int(c) != w {
				row = append(row, cell{c, float32(pmi)})
			}
			together[c] = 0
		}
		if len(row) > mostCompany {
			slices.SortFunc(row, func(a, b cell) int { return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.column, b.column)) })
			row = row[:mostCompany]
		}
		out.cells = append(out.cells, row...)
		out.start = append(out.start, len(out.cells))
	}
	return out
}

// sweeps of the subspace iteration: more change nothing that is measured.
const sweeps = 4

// vectors returns k leading singular vectors, a row of k for each word, weighted by the root of their singular
// values and brought to unit length.
func (a *company) vectors(ctx context.Context, k int) []float32 {
	words := len(a.start) - 1
	q := make([]float32, words*k)
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // any start will do; the same one gives the same vectors
	for i := range q {
		q[i] = float32(r.NormFloat64())
	}
	for range sweeps {
		if ctx.Err() != nil {
			return nil
		}
		orthonormal(q, k)
		q = a.times(q, k)
	}
	strength := orthonormal(q, k)
	for w := range words {
		row := q[w*k:][:k]
		for j := range row {
			row[j] *= float32(math.Sqrt(strength[j] / strength[0]))
		}
		if length := norm(row); length > 0 {
			for j := range row {
				row[j] /= length
			}
		}
	}
	return q
}

// times returns the product of the matrix and q.
func (a *company) times(q []float32, k int) []float32 {
	p := make([]float32, len(q))
	for w := range len(a.start) - 1 {
		to := p[w*k:][:k]
		for _, c := range a.cells[a.start[w]:a.start[w+1]] {
			from := q[int(c.column)*k:][:k]
			for j := range to {
				to[j] += c.value * from[j]
			}
		}
	}
	return p
}

// orthonormal makes the k columns of q orthonormal and returns the lengths they had.
func orthonormal(q []float32, k int) []float64 {
	n := len(q) / k
	columns := make([][]float32, k)
	lengths := make([]float64, k)
	for j := range columns {
		columns[j] = make([]float32, n)
		for i := range n {
			columns[j][i] = q[i*k+j]
		}
		for _, before := range columns[:j] {
			d := dot(before, columns[j])
			for i := range before {
				columns[j][i] -= d * before[i]
			}
		}
		lengths[j] = math.Max(float64(norm(columns[j])), 1e-20)
		for i := range columns[j] {
			columns[j][i] /= float32(lengths[j])
			q[i*k+j] = columns[j][i]
		}
	}
	return lengths
}

func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

func norm(a []float32) float32 { return float32(math.Sqrt(float64(dot(a, a)))) }
