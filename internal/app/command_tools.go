package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"qiao/internal/platform/config"
	"qiao/internal/platform/textindex/eval"
	"qiao/internal/platform/workday"
)

func runClock(_ context.Context, args []string, s Streams) (int, error) {
	if helpAsked(args) {
		args = []string{"due", "--help"}
	}
	if len(args) == 0 || args[0] != "due" {
		return exitUsage, errors.New("say what to count: qiao clock due --received DATE --days N")
	}
	c, err := workday.China()
	if err != nil {
		return exitFinding, fmt.Errorf("read the calendar: %w", err)
	}
	if err := workday.Run(c, args[1:], s.Out); err != nil {
		return wrongUse(err)
	}
	return exitDone, nil
}

// helpAsked tells whether help is wanted with a command that expects a word first.
func helpAsked(args []string) bool {
	return len(args) > 0 && slices.Contains([]string{"-h", "-help", "--help"}, args[0])
}

func runEval(ctx context.Context, args []string, s Streams) (int, error) {
	if helpAsked(args) {
		args = []string{"search", "--help"}
	}
	if len(args) == 0 || args[0] != "search" && args[0] != "match" {
		return exitUsage, errors.New("say what to measure: qiao eval search|match --queries Q.tsv --docs D.tsv --qrels R.tsv")
	}
	f := bare("eval")
	o := eval.Options{Prose: args[0] == "match"}
	sets := f.String("sets", "", "a folder of collections, each with docs.tsv, queries.tsv and qrels.tsv: one table of all")
	f.StringVar(&o.Docs, "docs", "", "documents: id, title, text")
	f.StringVar(&o.Queries, "queries", "", "queries: id, query")
	f.StringVar(&o.Qrels, "qrels", "", "judgements: query_id, doc_id, rel")
	f.BoolVar(&o.Vectors, "vectors", false, "train vectors on the documents first")
	f.StringVar(&o.Scores, "scores", "", "write the nDCG@10 of every query to this file")
	f.StringVar(&o.Against, "against", "", "compare with the scores of another run, paired t")
	if _, err := parseMixed(f, args[1:], s.Env); err != nil {
		return wrongUse(err)
	}
	if *sets != "" {
		if err := eval.Sets(ctx, *sets, o, s.Out); err != nil {
			return exitFinding, fmt.Errorf("measure the collections: %w", err)
		}
		return exitDone, nil
	}
	if o.Docs == "" || o.Queries == "" || o.Qrels == "" {
		return exitUsage, errors.New("give all three files (--queries, --docs, --qrels) or a folder of collections (--sets)")
	}
	if err := eval.Run(ctx, o, s.Out); err != nil {
		return exitFinding, err
	}
	return exitDone, nil
}

func runSeed(ctx context.Context, args []string, s Streams) (int, error) {
	var cfg config.Config
	f := flags("seed", &cfg)
	scale := f.String("scale", "1000", "delta, nation, or how many instruments")
	seed := f.Int64("seed", 1, "the same seed gives the same data")
	if _, err := parseMixed(f, args, s.Env); err != nil {
		return wrongUse(err)
	}
	q := url.Values{"scale": {*scale}, "seed": {strconv.FormatInt(*seed, 10)}}
	return ask(ctx, cfg, s, http.MethodPost, "/seed?"+q.Encode(), nil)
}
