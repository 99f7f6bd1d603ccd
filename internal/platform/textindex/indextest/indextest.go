//i18n:data words that the suite's records are made of

// Package indextest holds what every search index must do that the program can work with: the embedded engine, and
// whatever takes its place at national size. Exercise runs it.
package indextest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"qiao/internal/platform/textindex"
)

// Index is what is tested: the program's view of a search index.
type Index interface {
	Apply(ctx context.Context, b textindex.Batch) error
	Search(ctx context.Context, r textindex.Request) (textindex.Result, error)
	Digests() map[string]uint64
}

// Exercise runs the suite; open gives an empty index.
func Exercise(t *testing.T, open func(t *testing.T) Index) {
	t.Helper()
	for _, one := range []struct {
		name string
		run  func(*testing.T, Index)
	}{
		{"an empty index answers", empty}, {"put, replace, delete", history}, {"filters are OR within and AND across", filters},
		{"facets count what their own filter leaves out", facets}, {"ranges", ranges}, {"sorting, ties and pages", sorting},
		{"least", least}, {"deletions rank as if built anew", anew}, {"readers beside a writer", concurrent},
	} {
		t.Run(one.name, func(t *testing.T) { one.run(t, open(t)) })
	}
}

// Documents are a small catalogue: n records with few different words, so that they meet.
func Documents(n int) []textindex.Document {
	things, materials := []string{"扫描电子显微镜", "质谱仪", "涂层检测", "拉伸试验", "X-ray diffractometer"}, []string{"铝合金", "复合材料", "轴承", "土壤", "coatings"}
	out := make([]textindex.Document, n)
	for i := range out {
		id := fmt.Sprintf("0190%04x-0000-7000-8000-%012x", i, i*i)
		if i%7 == 0 {
			id = fmt.Sprint("no-uuid-", i)
		}
		province := fmt.Sprintf("%d0000", 31+i%3)
		d := textindex.Document{ID: id, Title: things[i%len(things)] + fmt.Sprintf(" M-%d", 100+i%11), Text: "用于" + materials[i/2%len(materials)] + "的" + things[i/3%len(things)],
			Keywords: map[string][]string{"id": {id}, "kind": {[]string{"instrument", "service", "expert"}[i%3]}, "region": {province, fmt.Sprintf("%s%02d00", province[:2], i%5)}},
			Numbers:  map[string]int64{"updated": int64(i * 37 % 101)}, Sorts: map[string]string{"name": fmt.Sprintf("%03d", i*53%97)}}
		if i%4 > 0 {
			d.Numbers["price"] = int64(i % 9 * 1000)
		}
		out[i] = d
	}
	return out
}

func put(t *testing.T, x Index, docs ...textindex.Document) {
	t.Helper()
	if err := x.Apply(t.Context(), textindex.Batch{Put: docs}); err != nil {
		t.Fatal(err)
	}
}

func ask(t *testing.T, x Index, r textindex.Request) textindex.Result {
	t.Helper()
	out, err := x.Search(t.Context(), r)
	if err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	return out
}

func ids(r textindex.Result) []string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.ID)
	}
	return out
}

// holds checks the digests against the documents that should be there.
func holds(t *testing.T, x Index, docs []textindex.Document) {
	t.Helper()
	want := map[string]uint64{}
	for _, d := range docs {
		want[d.ID] = d.Digest()
	}
	if got := x.Digests(); !maps.Equal(got, want) {
		t.Errorf("%d digests, want the %d of the documents", len(got), len(want))
	}
	if r := ask(t, x, textindex.Request{}); r.Total != len(want) {
		t.Errorf("%d documents, want %d", r.Total, len(want))
	}
}

func empty(t *testing.T, x Index) {
	r := ask(t, x, textindex.Request{Query: "电镜", Limit: 5, Facets: []string{"kind"}, Filters: map[string][]string{"kind": {"service"}},
		Sort: []textindex.Sort{{Column: "price"}}})
	if r.Total != 0 || len(r.Hits) != 0 {
		t.Errorf("%+v", r)
	}
	if err := x.Apply(t.Context(), textindex.Batch{Delete: []string{"nobody"}}); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
	holds(t, x, nil)
}

func history(t *testing.T, x Index) {
	docs := Documents(40)
	put(t, x, docs...)
	holds(t, x, docs)
	put(t, x, docs...) // once more: nothing changes
	holds(t, x, docs)
	docs[3].Title, docs[3].Keywords["kind"] = "独一无二的离心机", []string{"service"}
	put(t, x, docs[3])
	holds(t, x, docs)
	if got := ids(ask(t, x, textindex.Request{Query: "离心机", Limit: 9})); !slices.Equal(got, []string{docs[3].ID}) {
		t.Errorf("found %v by its new title", got)
	}
	if err := x.Apply(t.Context(), textindex.Batch{Delete: []string{docs[3].ID, docs[4].ID, docs[5].ID}, Put: docs[5:6]}); err != nil {
		t.Fatal(err)
	}
	left := append(slices.Clone(docs[:3]), docs[5:]...) // deletions come first
	holds(t, x, left)
	if r := ask(t, x, textindex.Request{Query: "离心机", Limit: 9, Least: 1}); r.Total != 0 {
		t.Errorf("a deleted document is found: %+v", r.Hits)
	}
	if err := x.Apply(t.Context(), textindex.Batch{Put: []textindex.Document{{Title: "no name"}}}); err == nil {
		t.Error("a document without an ID was accepted")
	}
}

// kept are the documents whose columns have one of the values, for each column.
func kept(docs []textindex.Document, filter map[string][]string) []textindex.Document {
	return slices.DeleteFunc(slices.Clone(docs), func(d textindex.Document) bool {
		for column, values := range filter {
			if len(values) > 0 && !slices.ContainsFunc(d.Keywords[column], func(v string) bool { return slices.Contains(values, v) }) {
				return true
			}
		}
		return false
	})
}

func someFilters(docs []textindex.Document) []map[string][]string {
	return []map[string][]string{
		nil, {"kind": {"service"}}, {"kind": {"service", "expert"}}, {"region": {"310000"}}, {"region": {"310000", "320100"}, "kind": {"instrument"}},
		{"kind": {"no such"}}, {"absent": {"x"}}, {"kind": nil}, {"id": {docs[0].ID, docs[8].ID, docs[9].ID, "nobody"}},
		{"id": {docs[8].ID, docs[9].ID}, "kind": {"instrument", "service", "expert"}, "region": {"310000", "320000", "330000"}},
	}
}

func filters(t *testing.T, x Index) {
	docs := Documents(60)
	put(t, x, docs...)
	for _, f := range someFilters(docs) {
		want := kept(docs, f)
		r := ask(t, x, textindex.Request{Filters: f, Limit: 100})
		got := ids(r)
		slices.Sort(got)
		var names []string
		for _, d := range want {
			names = append(names, d.ID)
		}
		slices.Sort(names)
		if r.Total != len(want) || !slices.Equal(got, names) {
			t.Errorf("%v: %d %v, want %v", f, r.Total, got, names)
		}
	}
}

func facets(t *testing.T, x Index) {
	docs := Documents(90)
	put(t, x, docs...)
	for _, f := range someFilters(docs) {
		r := ask(t, x, textindex.Request{Filters: f, Facets: []string{"kind", "region", "absent"}})
		for _, column := range []string{"kind", "region"} {
			others := maps.Clone(f)
			delete(others, column)
			want := map[string]int{}
			for _, d := range kept(docs, others) {
				for _, v := range distinct(d.Keywords[column]) {
					want[v]++
				}
			}
			got := map[string]int{}
			for i, c := range r.Facets[column] {
				if c.Count > 0 {
					got[c.Value] = c.Count
				}
				if i > 0 && r.Facets[column][i-1].Count < c.Count {
					t.Errorf("%v: %s is not ordered by count: %v", f, column, r.Facets[column])
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("%v: %s is %v, want %v", f, column, got, want)
			}
		}
	}
	r := ask(t, x, textindex.Request{Facets: []string{"region"}, FacetLimit: 2, Filters: map[string][]string{"region": {"310400"}}})
	if n := len(r.Facets["region"]); n < 2 || n > 3 || !slices.ContainsFunc(r.Facets["region"], func(c textindex.Count) bool { return c.Value == "310400" }) {
		t.Errorf("two values and the wanted one: %v", r.Facets["region"])
	}
}

// distinct: a value given twice counts once.
func distinct(values []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

func ranges(t *testing.T, x Index) {
	docs := Documents(60)
	put(t, x, docs...)
	low, high := int64(2000), int64(5000)
	for _, r := range []textindex.Range{{Column: "price"}, {Column: "price", Min: &low}, {Column: "price", Max: &high}, {Column: "price", Min: &low, Max: &high}, {Column: "absent"}} {
		want := 0
		for _, d := range docs {
			if v, ok := d.Numbers[r.Column]; ok && (r.Min == nil || v >= *r.Min) && (r.Max == nil || v <= *r.Max) {
				want++
			}
		}
		if got := ask(t, x, textindex.Request{Ranges: []textindex.Range{r}}).Total; got != want {
			t.Errorf("%+v: %d, want %d", r, got, want)
		}
	}
}

func sorting(t *testing.T, x Index) {
	docs := Documents(60)
	put(t, x, docs...)
	for _, s := range []textindex.Sort{{Column: "price"}, {Column: "price", Descending: true}, {Column: "name"}, {Column: "updated", Descending: true}} {
		want := slices.Clone(docs)
		slices.SortStableFunc(want, func(a, b textindex.Document) int { return compare(a, b, s) })
		var all []string
		for _, d := range want {
			all = append(all, d.ID)
		}
		var got []string
		for from := 0; from < len(docs)+7; from += 7 {
			got = append(got, ids(ask(t, x, textindex.Request{Sort: []textindex.Sort{s}, Offset: from, Limit: 7}))...)
		}
		if !slices.Equal(got, all) {
			t.Errorf("%+v in pages: %v, want %v", s, got, all)
		}
	}
	if _, err := x.Search(t.Context(), textindex.Request{Sort: []textindex.Sort{{Column: "absent"}}, Limit: 1}); err == nil {
		t.Error("a column that does not exist was sorted by")
	}
	whole := ids(ask(t, x, textindex.Request{Query: "显微镜 复合材料", Limit: 60}))
	var pages []string
	for from := 0; from < 60; from += 9 {
		pages = append(pages, ids(ask(t, x, textindex.Request{Query: "显微镜 复合材料", Offset: from, Limit: 9}))...)
	}
	if !slices.Equal(whole, pages) {
		t.Errorf("pages by score: %v, want %v", pages, whole)
	}
}

// compare orders as the index must: missing values last, ties by ID.
func compare(a, b textindex.Document, s textindex.Sort) int {
	n := 0
	v, has := a.Numbers[s.Column]
	w, have := b.Numbers[s.Column]
	if name, ok := a.Sorts[s.Column]; ok {
		n = compareValues(name, b.Sorts[s.Column])
	} else if has && have {
		n = compareValues(v, w)
	} else if has != have {
		if has {
			return -1
		}
		return 1
	}
	if s.Descending {
		n = -n
	}
	if n == 0 {
		n = compareValues(a.ID, b.ID)
	}
	return n
}

func compareValues[T int64 | string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func least(t *testing.T, x Index) {
	put(t, x, textindex.Document{ID: "both", Title: "轴承疲劳试验"}, textindex.Document{ID: "one", Title: "轴承"}, textindex.Document{ID: "none", Title: "土壤"})
	if got := ids(ask(t, x, textindex.Request{Query: "轴承 疲劳", Least: 1, Limit: 9})); !slices.Equal(got, []string{"both"}) {
		t.Errorf("every word: %v", got)
	}
	if got := ids(ask(t, x, textindex.Request{Query: "轴承 疲劳", Limit: 9})); !slices.Equal(got, []string{"both", "one"}) {
		t.Errorf("any word, best first: %v", got)
	}
}

// anew compares an index with a history to what its scores are without one: a replaced or deleted document must leave no
// trace in them.
func anew(t *testing.T, x Index) {
	docs := Documents(60)
	put(t, x, docs[:30]...)
	before := ask(t, x, textindex.Request{Query: "质谱仪 土壤 coatings", Limit: 60})
	put(t, x, docs[30:]...)
	changed := docs[2]
	changed.Text += " 质谱仪 质谱仪"
	put(t, x, changed)
	put(t, x, docs[2])
	var gone []string
	for _, d := range docs[30:] {
		gone = append(gone, d.ID)
	}
	if err := x.Apply(t.Context(), textindex.Batch{Delete: gone}); err != nil {
		t.Fatal(err)
	}
	after := ask(t, x, textindex.Request{Query: "质谱仪 土壤 coatings", Limit: 60})
	Same(t, after, before)
}

// Same checks that two answers have the same documents in the same order with the same scores, but for rounding.
func Same(t *testing.T, got, want textindex.Result) {
	t.Helper()
	if got.Total != want.Total || len(got.Hits) != len(want.Hits) {
		t.Fatalf("%d hits of %d, want %d of %d", len(got.Hits), got.Total, len(want.Hits), want.Total)
	}
	scores := map[string]float64{}
	for _, h := range want.Hits {
		scores[h.ID] = h.Score
	}
	for i, h := range got.Hits {
		w := want.Hits[i]
		if s, ok := scores[h.ID]; !ok || differ(h.Score, s) || differ(h.Score, w.Score) {
			t.Fatalf("place %d: %s %v, want %s %v", i, h.ID, h.Score, w.ID, w.Score)
		}
	}
}

func differ(a, b float64) bool { return a-b > 1e-4*(1+b) || b-a > 1e-4*(1+b) }

// concurrent: while a writer replaces a document, every reader finds it exactly once.
func concurrent(t *testing.T, x Index) {
	docs := Documents(50)
	put(t, x, docs...)
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := x.Search(context.Background(), textindex.Request{Filters: map[string][]string{"id": {docs[5].ID}}, Limit: 2, Facets: []string{"kind"}})
				if err != nil || r.Total != 1 || len(r.Hits) != 1 || r.Hits[0].ID != docs[5].ID {
					t.Errorf("%+v %v", r, err)
					return
				}
			}
		})
	}
	for i := range 40 {
		d := docs[5]
		d.Text += fmt.Sprint(" 第", i, "版")
		put(t, x, d)
	}
	close(done)
	readers.Wait()
}
