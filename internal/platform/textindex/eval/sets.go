package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"qiao/internal/platform/textindex"
)

// Plain is the ranking the product's own is measured against: exact BM25 of dictionary words and, weighing as much, of
// character pairs, with the usual constants for Chinese and for English; no titles, every word of a query.
func Plain() textindex.Options {
	return textindex.Options{
		Pairs: 1, Titles: -1, Whole: true, Plain: true,
		Laws: [2]textindex.Law{{K1: 1.2, B: 0.75, Rarity: 1}, {K1: 0.9, B: 0.4, Rarity: 1}},
	}
}

// Sets measures every collection in a folder (a folder each, with docs.tsv, queries.tsv and qrels.tsv) three ways: by the
// plain ranking, by the product's, and by the product's with vectors. It prints a row each: nDCG@10, and the
// difference to the column before with its paired t, of all queries and of each half of them.
func Sets(ctx context.Context, folder string, o Options, w io.Writer) error {
	found, err := filepath.Glob(filepath.Join(folder, "*", "queries.tsv"))
	if err != nil || len(found) == 0 {
		return fmt.Errorf("find collections in %s: %w", folder, errors.Join(err, os.ErrNotExist))
	}
	_, err = fmt.Fprint(w, "| collection | documents | queries | plain | product | difference, t | half 0 | half 1 | with vectors | difference, t | half 0 | half 1 |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	if err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	for _, queries := range found {
		at := filepath.Dir(queries)
		o.Docs, o.Queries, o.Qrels = filepath.Join(at, "docs.tsv"), queries, filepath.Join(at, "qrels.tsv")
		if err := set(ctx, filepath.Base(at), o, w); err != nil {
			return fmt.Errorf("measure %s: %w", filepath.Base(at), err)
		}
	}
	return nil
}

func set(ctx context.Context, name string, o Options, w io.Writer) error {
	c, err := read(o)
	if err != nil {
		return err
	}
	plain, words, vectors := o, o, o
	plain.Ranking, plain.Vectors, words.Vectors, vectors.Vectors = Plain(), false, false, true
	var f [3]Figures
	for i, o := range []Options{plain, words, vectors} {
		if f[i], err = c.measure(ctx, o); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "| %s | %d | %d | %.4f | %.4f | %s | %.4f | %s |\n", name, f[0].Documents, f[0].Queries, f[0].NDCG10, f[1].NDCG10, f[1].beside(f[0]), f[2].NDCG10, f[2].beside(f[1]))
	if err != nil {
		return fmt.Errorf("print a row: %w", err)
	}
	return nil
}

// beside is the difference to another run, of all queries and of each half.
func (f *Figures) beside(other Figures) string {
	all, halves := f.differences(other.byQuery())
	out := ""
	for i, diffs := range [][]float64{all, halves[0], halves[1]} {
		if i > 0 {
			out += " | "
		}
		mean, t := paired(diffs)
		out += fmt.Sprintf("%+.4f, t %.1f", mean, t)
	}
	return out
}
