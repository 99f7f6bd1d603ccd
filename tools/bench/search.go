package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"qiao/data"
	"qiao/internal/demo/synthetic"
	"qiao/internal/platform/textindex"
)

// facetColumns are the facets of the catalogue's result page.
func facetColumns() []string { return []string{"kind", "region", "class", "org", "voucher"} }

const topK = 20

// query is one request of the bench.
type query struct {
	text   string
	all    bool // AND
	filter map[string][]string
}

func (q query) request() textindex.Request {
	r := textindex.Request{Query: q.text, Prose: !q.all, Filters: q.filter, Facets: facetColumns(), FacetLimit: 30, Limit: topK}
	if q.all {
		r.Least = 1
	}
	return r
}

// searchBench is a collection with its queries.
type searchBench struct {
	corpus   synthetic.Corpus
	analyser *textindex.Analyser
	and, or  []query
}

func newSearchBench(docs int) (*searchBench, error) {
	words, err := synthetic.New()
	if err != nil {
		return nil, err
	}
	b := &searchBench{analyser: textindex.NewAnalyser(), corpus: synthetic.Corpus{Words: words, Seed: 7, Organisations: 2400}}
	rows, err := data.Regions()
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.Current && (r.Level == data.City || r.Code == "310000") && r.Code >= "310000" && r.Code < "350000" {
			b.corpus.Cities = append(b.corpus.Cities, r.Code)
		}
	}
	if err := b.analyser.Ready(); err != nil {
		return nil, err
	}
	chance := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // a seed is wanted
	for range 600 {
		if err := b.ask(chance, docs, 1+chance.IntN(3), true); err != nil {
			return nil, err
		}
	}
	for range 300 {
		if err := b.ask(chance, docs, 10+chance.IntN(31), false); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// ask makes a query of n words that stand in documents: short ones in the same, long ones in as many as it takes.
func (b *searchBench) ask(chance *rand.Rand, docs, n int, all bool) error {
	q := query{all: all}
	var picked []string
	for len(picked) < n {
		d := b.corpus.Document(chance.IntN(docs))
		words, err := b.analyser.Words(d.Title + "\n" + d.Text)
		if err != nil {
			return err
		}
		words = slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < 2 || w[0] < 0x80 || b.analyser.Hollow(w) })
		if all {
			picked = picked[:0]
		}
		for range min(n-len(picked), len(words)) {
			picked = append(picked, words[chance.IntN(len(words))])
		}
	}
	q.text = strings.Join(picked, " ")
	if chance.IntN(4) > 0 {
		q.filter = map[string][]string{"kind": {[]string{"service", "expert", "instrument"}[chance.IntN(3)]}}
		if chance.IntN(2) == 0 {
			q.filter = map[string][]string{"region": {b.corpus.Cities[chance.IntN(len(b.corpus.Cities))]}}
		}
	}
	if all {
		b.and = append(b.and, q)
	} else {
		b.or = append(b.or, q)
	}
	return nil
}

// clock reads a processor clock: of this thread, or of the process with its collector and helpers.
func clock(which int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(which, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// costs are processor times of single queries on their thread, and of all of them in the process.
type costs struct {
	each  []time.Duration
	total time.Duration
}

func (c costs) at(share float64) time.Duration {
	s := slices.Sorted(slices.Values(c.each))
	return s[min(int(share*float64(len(s))), len(s)-1)]
}

func (c costs) mean() time.Duration { return c.total / time.Duration(max(len(c.each), 1)) }

func (c costs) String() string {
	return fmt.Sprintf("%s / %s / %s", ms(c.at(.5)), ms(c.at(.99)), ms(c.mean()))
}

func ms(d time.Duration) string { return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond)) }

// measure runs every query once to warm up and once to measure.
func measure(queries []query, run func(query) error) (costs, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, q := range queries {
		if err := run(q); err != nil {
			return costs{}, err
		}
	}
	runtime.GC()
	c := costs{each: make([]time.Duration, 0, len(queries))}
	began := clock(unix.CLOCK_PROCESS_CPUTIME_ID)
	for _, q := range queries {
		from := clock(unix.CLOCK_THREAD_CPUTIME_ID)
		if err := run(q); err != nil {
			return costs{}, err
		}
		c.each = append(c.each, clock(unix.CLOCK_THREAD_CPUTIME_ID)-from)
	}
	c.total = clock(unix.CLOCK_PROCESS_CPUTIME_ID) - began
	return c, nil
}

func (b *searchBench) both(e *textindex.Engine) (and, or costs, err error) {
	run := func(q query) error {
		_, err := e.Search(context.Background(), q.request())
		return err
	}
	if and, err = measure(b.and, run); err == nil {
		or, err = measure(b.or, run)
	}
	return and, or, err
}

// build indexes documents [from, to) and returns the processor time it took, without that of making them.
func (b *searchBench) build(ctx context.Context, e *textindex.Engine, from, to int) (time.Duration, error) {
	var spent time.Duration
	for at := from; at < to; at += 4096 {
		docs := make([]textindex.Document, 0, 4096)
		for n := at; n < min(at+4096, to); n++ {
			docs = append(docs, b.corpus.Document(n))
		}
		began := clock(unix.CLOCK_PROCESS_CPUTIME_ID)
		if err := e.Apply(ctx, textindex.Batch{Put: docs}); err != nil {
			return 0, err
		}
		spent += clock(unix.CLOCK_PROCESS_CPUTIME_ID) - began
	}
	return spent, nil
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "?"
	}
	return strings.Join(strings.Fields(string(b))[:1], "")
}

func benchSearch(ctx context.Context, dir string, o options) error {
	b, err := newSearchBench(o.docs)
	if err != nil {
		return err
	}
	fmt.Printf("\nSearch: %d documents, %d AND and %d OR queries, %d CPUs, load %s at the start\n\n", o.docs, len(b.and), len(b.or), runtime.NumCPU(), load())
	fmt.Println("| what | figure | reference in the same run | how |")
	fmt.Println("|---|---|---|---|")
	empty := heap()
	e := textindex.New(b.analyser, textindex.Options{})
	first, err := b.build(ctx, e, 0, o.docs/4)
	if err != nil {
		return err
	}
	smallAnd, smallOr, err := b.both(e)
	if err != nil {
		return err
	}
	rest, err := b.build(ctx, e, o.docs/4, o.docs)
	if err != nil {
		return err
	}
	row("index built", fmt.Sprintf("%.0f documents per CPU second", float64(o.docs)/(first+rest).Seconds()), "≥ 15,000", "analysis and collector included")
	and, or, err := b.both(e)
	if err != nil {
		return err
	}
	row("AND, 1–3 words, facets, filters: CPU p50 / p99 / mean", and.String(), "", "load "+load())
	row("OR, 10–40 words, facets, filters: CPU p50 / p99 / mean", or.String(), "", "")
	all := costs{each: append(slices.Clone(and.each), or.each...), total: and.total + or.total}
	row("all 900: CPU p50 / p99 / mean", all.String(), "p50 ≤ 1.5 ms, p99 ≤ 15 ms", "")
	row("four times the documents: p99 AND, OR", fmt.Sprintf("%.1f×, %.1f×", float64(and.at(.99))/float64(smallAnd.at(.99)), float64(or.at(.99))/float64(smallOr.at(.99))), "≤ 5×", "")
	row("heap a document", fmt.Sprintf("%.0f bytes", float64(heap()-empty)/float64(o.docs)), "≤ 600", "HeapAlloc after two collections, after the queries, without the dictionary of words")
	parts := e.Memory()
	slices.SortFunc(parts, func(a, b textindex.Part) int { return b.Bytes - a.Bytes })
	for _, p := range parts {
		if p.Bytes >= o.docs {
			row("- of it "+p.Name, fmt.Sprintf("%.0f bytes a document", float64(p.Bytes)/float64(o.docs)), "", "")
		}
	}
	if err := b.snapshots(ctx, e, dir); err != nil || !o.rivals {
		return err
	}
	return b.rivals(ctx, dir, o.docs, [2]costs{and, or})
}

// snapshots measures save, load, and how long an update takes to be found.
func (b *searchBench) snapshots(ctx context.Context, e *textindex.Engine, dir string) error {
	path := filepath.Join(dir, "search.idx")
	began := time.Now()
	if err := e.Save(path, "1"); err != nil {
		return err
	}
	saved := time.Since(began)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	row("snapshot saved", ms(saved), "", fmt.Sprintf("wall, %.0f MB", float64(info.Size())/1e6))
	again := textindex.New(b.analyser, textindex.Options{})
	began, cpu := time.Now(), clock(unix.CLOCK_PROCESS_CPUTIME_ID)
	if _, err := again.Load(path); err != nil {
		return err
	}
	row("snapshot loaded", ms(time.Since(began)), "< 2 s", "wall; CPU "+ms(clock(unix.CLOCK_PROCESS_CPUTIME_ID)-cpu))
	runtime.LockOSThread() // its clock is read
	defer runtime.UnlockOSThread()
	var updates []time.Duration
	for n := range 200 {
		d := b.corpus.Document(n)
		d.Title += fmt.Sprint(" 更新", n)
		began := clock(unix.CLOCK_THREAD_CPUTIME_ID)
		if err := again.Apply(ctx, textindex.Batch{Put: []textindex.Document{d}}); err != nil {
			return err
		}
		updates = append(updates, clock(unix.CLOCK_THREAD_CPUTIME_ID)-began)
	}
	row("one document replaced and visible", ms(costs{each: updates}.at(.5))+" / "+ms(costs{each: updates}.at(.99)), "≤ 1 s from the commit", "CPU p50 / p99 in the index")
	return nil
}
