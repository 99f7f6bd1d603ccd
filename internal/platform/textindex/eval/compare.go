package eval

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"os"
	"strconv"
)

// write keeps the score of every query, a line each: id, tab, nDCG@10.
func (f *Figures) write(path string) error {
	var b bytes.Buffer
	b.WriteString("query\tndcg\n")
	for i, id := range f.ids {
		fmt.Fprintf(&b, "%s\t%.6f\n", id, f.scores[i])
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the scores: %w", err)
	}
	return nil
}

// compare prints the difference to another run and its paired t, over all queries and over each half by the
// hash of their ids, so that what is tuned on one half can be reported on the other.
func (f *Figures) compare(path string, w io.Writer) error {
	other := map[string]float64{}
	err := table(path, 2, func(row []string) error {
		score, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			return fmt.Errorf("score %q is not a number", row[1])
		}
		other[row[0]] = score
		return nil
	})
	if err != nil {
		return err
	}
	all, halves := f.differences(other)
	if len(all) == 0 {
		return errors.New("the two runs have no query in common")
	}
	for _, part := range []struct {
		name  string
		diffs []float64
	}{{"against", all}, {"half 0", halves[0]}, {"half 1", halves[1]}} {
		mean, t := paired(part.diffs)
		if _, err := fmt.Fprintf(w, "%-10s %+.4f, paired t %.2f, %d queries\n", part.name, mean, t, len(part.diffs)); err != nil {
			return fmt.Errorf("print the comparison: %w", err)
		}
	}
	return nil
}

// differences are those of the queries that another run has too: of all, and of each half.
func (f *Figures) differences(other map[string]float64) (all []float64, halves [2][]float64) {
	for i, id := range f.ids {
		before, ok := other[id]
		if !ok {
			continue
		}
		d := f.scores[i] - before
		all = append(all, d)
		halves[half(id)] = append(halves[half(id)], d)
	}
	return all, halves
}

// byQuery are the scores by query.
func (f *Figures) byQuery() map[string]float64 {
	out := make(map[string]float64, len(f.ids))
	for i, id := range f.ids {
		out[id] = f.scores[i]
	}
	return out
}

// half is 0 or 1 by the hash of an id.
func half(id string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash never fails
	return int(h.Sum32() >> 7 & 1)
}

// paired is the mean of differences and Student's t of it; t is 0 when there is nothing to tell apart.
func paired(diffs []float64) (mean, t float64) {
	n := float64(len(diffs))
	if n == 0 {
		return 0, 0
	}
	for _, d := range diffs {
		mean += d / n
	}
	squares := 0.0
	for _, d := range diffs {
		squares += (d - mean) * (d - mean)
	}
	if n < 2 || squares == 0 {
		return mean, 0
	}
	return mean, mean / math.Sqrt(squares/(n-1)/n)
}
