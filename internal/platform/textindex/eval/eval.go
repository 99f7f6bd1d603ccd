// Package eval measures how well the product's own analyser and ranker find things: it indexes a
// collection, runs its queries and prints the usual figures.
//
// A collection is three tab-separated files in UTF-8, each with a header line: documents (id, title,
// text), queries (id, query) and judgements (query_id, doc_id, rel; 0 is not relevant).
package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"qiao/internal/platform/textindex"
)

// Options says what to measure.
type Options struct {
	Docs, Queries, Qrels string // paths
	// Prose ranks with the matcher's treatment of needs in someone's own words; false ranks as search does.
	Prose   bool
	Ranking textindex.Options
	Vectors bool   // train vectors on the documents first
	Scores  string // path to write nDCG@10 of every query to, "" for none
	Against string // path of such a file of another run, to compare with
}

// depth is how far down the list is looked at: Recall@100.
const depth = 100

// Figures are the means over the judged queries.
type Figures struct {
	Documents, Queries int
	NDCG10, Recall100  float64
	MRR                float64 // of the first relevant document among the first ten
	P50, P99           time.Duration

	ids    []string  // of the judged queries
	scores []float64 // nDCG@10 of each
}

// Run measures and prints the figures, one a line.
func Run(ctx context.Context, o Options, w io.Writer) error {
	f, err := Measure(ctx, o)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "documents  %d\nqueries    %d\nnDCG@10    %.4f\nRecall@100 %.4f\nMRR        %.4f\np50        %s\np99        %s\n",
		f.Documents, f.Queries, f.NDCG10, f.Recall100, f.MRR, f.P50.Round(time.Microsecond), f.P99.Round(time.Microsecond))
	if err != nil {
		return fmt.Errorf("print the figures: %w", err)
	}
	if o.Against != "" {
		if err := f.compare(o.Against, w); err != nil {
			return err
		}
	}
	if o.Scores != "" {
		return f.write(o.Scores)
	}
	return nil
}

// Measure indexes the documents, runs every judged query and returns the figures.
func Measure(ctx context.Context, o Options) (Figures, error) {
	c, err := read(o)
	if err != nil {
		return Figures{}, err
	}
	return c.measure(ctx, o)
}

func (c *collection) measure(ctx context.Context, o Options) (Figures, error) {
	engine := textindex.New(textindex.NewAnalyser(), o.Ranking)
	if err := engine.Apply(ctx, textindex.Batch{Put: c.docs}); err != nil {
		return Figures{}, fmt.Errorf("index the documents: %w", err)
	}
	if o.Vectors {
		if err := engine.Train(ctx, textindex.Training{}); err != nil {
			return Figures{}, fmt.Errorf("train vectors: %w", err)
		}
	}
	f := Figures{Documents: engine.Len()}
	var took []time.Duration
	for _, q := range c.queries {
		relevant := c.relevant(q.id)
		if len(relevant) == 0 {
			continue
		}
		begun := time.Now()
		r, err := engine.Search(ctx, textindex.Request{Query: q.text, Prose: o.Prose, Limit: depth})
		took = append(took, time.Since(begun))
		if err != nil {
			return Figures{}, fmt.Errorf("query %s: %w", q.id, err)
		}
		f.add(r.Hits, relevant)
		f.ids = append(f.ids, q.id)
	}
	if f.Queries == 0 {
		return Figures{}, errors.New("no query of the collection has a relevant document: are the ids of the three files the same?")
	}
	f.mean()
	slices.Sort(took)
	f.P50, f.P99 = took[len(took)/2], took[len(took)*99/100]
	return f, nil
}
