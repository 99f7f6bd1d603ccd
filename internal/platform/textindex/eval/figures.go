package eval

import (
	"math"
	"slices"

	"qiao/internal/platform/textindex"
)

// add takes in the answer to one query. The gain of a document judged r is 2^r − 1, discounted by the
// logarithm of its place.
func (f *Figures) add(hits []textindex.Hit, relevant map[string]int) {
	ideal := make([]int, 0, len(relevant))
	for _, r := range relevant {
		ideal = append(ideal, r)
	}
	slices.SortFunc(ideal, func(a, b int) int { return b - a })
	best := 0.0
	for i, r := range ideal[:min(10, len(ideal))] {
		best += gain(r, i)
	}
	got, found, first := 0.0, 0, 0
	for i, h := range hits {
		r := relevant[h.ID]
		if r <= 0 {
			continue
		}
		found++
		if i < 10 {
			got += gain(r, i)
			if first == 0 {
				first = i + 1
			}
		}
	}
	f.Queries++
	f.NDCG10 += got / best
	f.scores = append(f.scores, got/best)
	f.Recall100 += float64(found) / float64(len(relevant))
	if first > 0 {
		f.MRR += 1 / float64(first)
	}
}

func gain(r, place int) float64 {
	return (math.Pow(2, float64(r)) - 1) / math.Log2(float64(place+2))
}

func (f *Figures) mean() {
	n := float64(f.Queries)
	f.NDCG10, f.Recall100, f.MRR = f.NDCG10/n, f.Recall100/n, f.MRR/n
}
