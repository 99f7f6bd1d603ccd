package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	blevequery "github.com/blevesearch/bleve/v2/search/query"
	"golang.org/x/sys/unix"
	_ "modernc.org/sqlite" // the driver of FTS5

	"qiao/internal/platform/textindex"
)

// rival is another engine, fed with the terms of ours: words, pairs and title words, each joined by spaces.
type rival interface {
	add(docs []textindex.Document, terms []rivalTerms) error
	search(ctx context.Context, q query) error
	Close() error
}

// rivalTerms are the terms of one document.
type rivalTerms struct{ words, pairs, titles string }

func (b *searchBench) terms(d textindex.Document) (rivalTerms, error) {
	title, err := b.analyser.Terms(d.Title)
	if err != nil {
		return rivalTerms{}, err
	}
	text, err := b.analyser.Terms(d.Text)
	return rivalTerms{
		words: strings.Join(append(title.Words, text.Words...), " "), pairs: strings.Join(append(title.Pairs, text.Pairs...), " "),
		titles: strings.Join(title.Words, " "),
	}, err
}

// rivals measures the other engines one after the other.
func (b *searchBench) rivals(ctx context.Context, dir string, docs int, ours [2]costs) error {
	for _, one := range []struct {
		name string
		open func() (rival, error)
	}{
		{"SQLite FTS5", func() (rival, error) { return newFTS(ctx, b, dir) }},
		{"bleve v2.6.1", func() (rival, error) { return newBleve(b, dir) }},
	} {
		r, err := one.open()
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		if err := errors.Join(b.beside(ctx, r, one.name, docs, ours), r.Close()); err != nil {
			return err
		}
	}
	return nil
}

// beside measures a rival on the same documents and queries. Of the OR queries it asks every n-th only: they take it long.
func (b *searchBench) beside(ctx context.Context, r rival, name string, docs int, ours [2]costs) error {
	began := clock(unix.CLOCK_PROCESS_CPUTIME_ID)
	var making time.Duration
	for at := 0; at < docs; at += 4096 {
		from := clock(unix.CLOCK_PROCESS_CPUTIME_ID)
		var list []textindex.Document
		var terms []rivalTerms
		for n := at; n < min(at+4096, docs); n++ {
			d := b.corpus.Document(n)
			t, err := b.terms(d)
			if err != nil {
				return err
			}
			list, terms = append(list, d), append(terms, t)
		}
		making += clock(unix.CLOCK_PROCESS_CPUTIME_ID) - from
		if err := r.add(list, terms); err != nil {
			return fmt.Errorf("%s: add: %w", name, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	spent := clock(unix.CLOCK_PROCESS_CPUTIME_ID) - began - making
	row(name+": index built", fmt.Sprintf("%.0f documents per CPU second", float64(docs)/spent.Seconds()), "", "without making the terms")
	for i, part := range []struct {
		name    string
		queries []query
		every   int
	}{{"AND", b.and, 4}, {"OR", b.or, 15}} {
		var some []query
		for n := 0; n < len(part.queries); n += part.every {
			some = append(some, part.queries[n])
		}
		c, err := measure(some, func(q query) error { return r.search(ctx, q) })
		if err != nil {
			return fmt.Errorf("%s: search: %w", name, err)
		}
		of := costs{}
		for n := 0; n < len(part.queries); n += part.every {
			of.each = append(of.each, ours[i].each[n])
			of.total += ours[i].each[n]
		}
		want := ""
		if part.name == "OR" {
			want = map[string]string{"bleve v2.6.1": "≥ 40×", "SQLite FTS5": "≥ 20×"}[name]
		}
		row(fmt.Sprintf("%s: %s with facets, %d of the queries: CPU p50 / p99 / mean", name, part.name, len(some)), c.String(),
			"ours, the same queries: "+of.String(), fmt.Sprintf("**%.0f×** (means) %s", float64(c.mean())/float64(of.mean()), want))
	}
	return nil
}

// bleveRival is bleve as lean as it goes: nothing stored, no term vectors or doc values of texts.
type bleveRival struct {
	index bleve.Index
	bench *searchBench
}

func newBleve(b *searchBench, dir string) (rival, error) {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("terms", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, err
	}
	doc := bleve.NewDocumentStaticMapping()
	for _, f := range []string{"words", "pairs", "titles"} {
		text := bleve.NewTextFieldMapping()
		text.Analyzer, text.Store, text.IncludeTermVectors, text.IncludeInAll, text.DocValues = "terms", false, false, false, false
		doc.AddFieldMappingsAt(f, text)
	}
	for _, f := range facetColumns() {
		k := bleve.NewKeywordFieldMapping()
		k.Store, k.IncludeTermVectors, k.IncludeInAll, k.DocValues = false, false, false, true
		doc.AddFieldMappingsAt(f, k)
	}
	m.DefaultMapping = doc
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	m.ScoringModel = "bm25"
	var _ mapping.IndexMapping = m
	index, err := bleve.New(filepath.Join(dir, "bleve"), m)
	return &bleveRival{index, b}, err
}

func (r *bleveRival) Close() error { return r.index.Close() }

func (r *bleveRival) add(docs []textindex.Document, terms []rivalTerms) error {
	batch := r.index.NewBatch()
	for i, d := range docs {
		fields := map[string]any{"words": terms[i].words, "pairs": terms[i].pairs, "titles": terms[i].titles}
		for _, f := range facetColumns() {
			fields[f] = d.Keywords[f]
		}
		if err := batch.Index(d.ID, fields); err != nil {
			return err
		}
	}
	return r.index.Batch(batch)
}

func (r *bleveRival) search(ctx context.Context, q query) error {
	t, err := r.bench.analyser.Terms(q.text)
	if err != nil {
		return err
	}
	var text []blevequery.Query
	add := func(field string, boost float64, terms []string) {
		for _, s := range slices.Compact(slices.Sorted(slices.Values(terms))) {
			one := bleve.NewTermQuery(s)
			one.SetField(field)
			one.SetBoost(boost)
			text = append(text, one)
		}
	}
	add("pairs", textindex.DefaultPairs, t.Pairs)
	var whole blevequery.Query
	if q.all { // ours scores words and title words, too; here only what decides
		whole = bleve.NewConjunctionQuery(text...)
	} else {
		add("words", 1, t.Words)
		add("titles", textindex.DefaultTitles, t.Words)
		whole = bleve.NewDisjunctionQuery(text...)
	}
	for column, values := range q.filter {
		one := bleve.NewTermQuery(values[0])
		one.SetField(column)
		whole = bleve.NewConjunctionQuery(whole, one)
	}
	req := bleve.NewSearchRequestOptions(whole, topK, 0, false)
	for _, f := range facetColumns() {
		req.AddFacet(f, bleve.NewFacetRequest(f, 30))
	}
	_, err = r.index.SearchInContext(ctx, req)
	return err
}

// ftsRival is SQLite's FTS5 without content and places of words, the facets counted from a table of numbers.
type ftsRival struct {
	db     *sql.DB
	conn   *sql.Conn
	bench  *searchBench
	values map[string]int
	rows   int
}

func newFTS(ctx context.Context, b *searchBench, dir string) (rival, error) {
	db, err := sql.Open("sqlite", filepath.Join(dir, "fts.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=cache_size(-400000)&_pragma=temp_store(memory)")
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	r := &ftsRival{db: db, conn: conn, bench: b, values: map[string]int{}}
	for _, s := range []string{
		`CREATE VIRTUAL TABLE ft USING fts5(words, pairs, titles, content='', detail=column, tokenize="unicode61 tokenchars '-._/+'")`,
		`CREATE TABLE doc (id INTEGER PRIMARY KEY, kind INT, province INT, city INT, district INT, class INT, org INT, voucher INT)`,
	} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return nil, errors.Join(err, r.Close())
		}
	}
	return r, nil
}

func (r *ftsRival) Close() error { return errors.Join(r.conn.Close(), r.db.Close()) }

func (r *ftsRival) number(values []string, i int) int {
	if i < 0 || i >= len(values) {
		return 0
	}
	n, ok := r.values[values[i]]
	if !ok {
		n = len(r.values) + 1
		r.values[values[i]] = n
	}
	return n
}

func (r *ftsRival) add(docs []textindex.Document, terms []rivalTerms) error {
	ctx := context.Background()
	tx, err := r.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := r.insert(ctx, tx, docs, terms); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (r *ftsRival) insert(ctx context.Context, tx *sql.Tx, docs []textindex.Document, terms []rivalTerms) (err error) {
	text, err := tx.PrepareContext(ctx, `INSERT INTO ft (rowid, words, pairs, titles) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, text.Close()) }()
	numbers, err := tx.PrepareContext(ctx, `INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, numbers.Close()) }()
	for i, d := range docs {
		r.rows++
		k := d.Keywords
		_, err1 := text.ExecContext(ctx, r.rows, terms[i].words, terms[i].pairs, terms[i].titles)
		_, err2 := numbers.ExecContext(ctx, r.rows, r.number(k["kind"], 0), r.number(k["region"], 0), r.number(k["region"], 1), r.number(k["region"], 2),
			r.number(k["class"], len(k["class"])-1), r.number(k["org"], 0), r.number(k["voucher"], 0))
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
	}
	return nil
}

func (r *ftsRival) search(ctx context.Context, q query) error {
	t, err := r.bench.analyser.Terms(q.text)
	if err != nil {
		return err
	}
	quoted := func(terms []string, by string) string {
		var out []string
		for _, s := range slices.Compact(slices.Sorted(slices.Values(terms))) {
			out = append(out, `"`+strings.ReplaceAll(s, `"`, `""`)+`"`)
		}
		return strings.Join(out, by)
	}
	match := "pairs : (" + quoted(t.Pairs, " AND ") + ")"
	if !q.all {
		match = "pairs : (" + quoted(t.Pairs, " OR ") + ") OR {words titles} : (" + quoted(t.Words, " OR ") + ")"
	}
	where := ""
	args := []any{match}
	for column, values := range q.filter {
		if column == "region" {
			column = "city"
		}
		where = " AND doc." + column + " = ?"
		args = append(args, r.values[values[0]])
	}
	exec := func(s string, args ...any) error {
		_, err := r.conn.ExecContext(ctx, s, args...)
		return err
	}
	err = exec(`CREATE TEMP TABLE m AS SELECT doc.*, bm25(ft, 1, 0.75, 0.5) AS score FROM ft JOIN doc ON doc.id = ft.rowid WHERE ft MATCH ?`+where, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", match, err)
	}
	for _, s := range []string{
		`SELECT id, score FROM m ORDER BY score LIMIT 20`, `SELECT kind, count(*) FROM m GROUP BY 1`, `SELECT district, count(*) FROM m GROUP BY 1`,
		`SELECT class, count(*) FROM m GROUP BY 1`, `SELECT org, count(*) FROM m GROUP BY 1`, `SELECT voucher, count(*) FROM m GROUP BY 1`,
	} {
		if err := r.read(ctx, s); err != nil {
			return err
		}
	}
	return exec(`DROP TABLE m`)
}

func (r *ftsRival) read(ctx context.Context, s string) (err error) {
	rows, err := r.conn.QueryContext(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var key int
	var n float64
	for rows.Next() {
		if err := rows.Scan(&key, &n); err != nil {
			return err
		}
	}
	return rows.Err()
}
