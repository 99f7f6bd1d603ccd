package textindex

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// words of the generated texts: few, so that they meet.
var vocabulary = []string{"扫描", "电子显微镜", "显微镜", "涂层", "检测", "，", "质谱", "仪", "SEM-5000X", "coating", "coatings", "600 MHz", "的", " "}

func drawText(t *rapid.T, name string) string {
	s := ""
	for _, w := range rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 8).Draw(t, name) {
		s += w
	}
	return s
}

func drawDocument(t *rapid.T, id string) Document {
	d := Document{ID: id, Title: drawText(t, "title"), Text: drawText(t, "text"),
		Keywords: map[string][]string{"kind": rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 2).Draw(t, "kind")}}
	if rapid.Bool().Draw(t, "priced") {
		d.Numbers = map[string]int64{"price": rapid.Int64Range(-3, 3).Draw(t, "price")}
	}
	return d
}

// bags of a document in the three fields, made the slow way.
type bags struct{ words, pairs, titles map[string]int }

func bagsOf(t testing.TB, d Document) bags {
	b := bags{map[string]int{}, map[string]int{}, map[string]int{}}
	a := analyser(t)
	err := a.with(func(sc *scratch) error {
		take := func(k token) {
			if k.kind&kindWord != 0 {
				b.words[string(k.term)]++
			}
			if k.kind&kindPair != 0 {
				b.pairs[string(k.term)]++
			}
		}
		if err := a.analyse(d.Title, sc, func(k token) {
			take(k)
			if k.kind&kindWord != 0 {
				b.titles[string(k.term)]++
			}
		}); err != nil {
			return err
		}
		return a.analyse(d.Text, sc, take)
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bruteForce computes BM25 from its definition, by the law for Chinese queries or the one for others.
func bruteForce(docs []bags, field func(bags) map[string]int, terms map[string]int, chinese bool) []float64 {
	k1, b, rarity := 1.1, 0.6, 1.0
	if chinese {
		k1, b, rarity = 1.0, 0.75, 1.4
	}
	total, filled := 0, 0
	length := make([]int, len(docs))
	for i, d := range docs {
		for _, n := range field(d) {
			length[i] += n
		}
		if total += length[i]; length[i] > 0 {
			filled++
		}
	}
	scores := make([]float64, len(docs))
	for term, freq := range terms {
		df := 0
		for _, d := range docs {
			if field(d)[term] > 0 {
				df++
			}
		}
		idf := math.Pow(math.Log(1+(float64(len(docs))-float64(df)+0.5)/(float64(df)+0.5)), rarity)
		for i, d := range docs {
			tf := float64(field(d)[term])
			norm := k1 * (1 - b + b*float64(length[i])/(float64(total)/float64(max(filled, 1))))
			if tf > 0 {
				scores[i] += float64(freq) * idf * tf * (k1 + 1) / (tf + norm)
			}
		}
	}
	return scores
}

// TestSearchIsBM25: after any history of puts, replacements and deletions the engine scores, orders,
// counts and filters as the definition says, before and after compaction and a snapshot.
func TestSearchIsBM25(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		e := New(analyser(t), Options{})
		live := map[string]Document{}
		for range rapid.IntRange(1, 4).Draw(rt, "batches") {
			var b Batch
			for _, n := range rapid.SliceOfN(rapid.IntRange(0, 6), 0, 3).Draw(rt, "delete") {
				b.Delete = append(b.Delete, fmt.Sprint(n))
				delete(live, fmt.Sprint(n))
			}
			for _, n := range rapid.SliceOfN(rapid.IntRange(0, 6), 0, 5).Draw(rt, "put") {
				d := drawDocument(rt, fmt.Sprint(n))
				b.Put = append(b.Put, d)
				live[d.ID] = d
			}
			if err := e.Apply(t.Context(), b); err != nil {
				rt.Fatal(err)
			}
		}
		query := drawText(rt, "query")
		kinds := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "d"}), 0, 2).Draw(rt, "kinds")
		compare(t, rt, e, live, query, kinds)
		path := filepath.Join(folder, "snapshot")
		if err := e.Save(path, "42"); err != nil {
			rt.Fatal(err)
		}
		compare(t, rt, e, live, query, kinds)
		again := New(analyser(t), Options{})
		if position, err := again.Load(path); err != nil || position != "42" {
			rt.Fatal(position, err)
		}
		compare(t, rt, again, live, query, kinds)
		more := drawDocument(rt, "more")
		live[more.ID] = more
		if err := again.Apply(t.Context(), Batch{Put: []Document{more}}); err != nil {
			rt.Fatal(err)
		}
		compare(t, rt, again, live, query, kinds)
	})
}

// saying are the bags of a query without 的, if it has three other words.
func saying(t testing.TB, query string, words []string) bags {
	q := bagsOf(t, Document{Text: query})
	rest := 0
	for _, w := range words {
		if !analyser(t).Hollow(w) {
			rest++
		}
	}
	if rest >= 3 {
		for _, w := range words {
			if analyser(t).Hollow(w) {
				delete(q.words, w)
				for i, r := range []rune(w) {
					delete(q.pairs, string(r))
					delete(q.pairs, string([]rune(w)[i:min(i+2, len([]rune(w)))]))
				}
			}
		}
	}
	return q
}

func compare(t testing.TB, rt *rapid.T, e *Engine, live map[string]Document, query string, kinds []string) {
	ids := make([]string, 0, len(live))
	for id, d := range live {
		ids = append(ids, id)
		if got, ok := e.Digest(id); !ok || got != d.Digest() {
			rt.Fatalf("digest of %s: %x %v", id, got, ok)
		}
	}
	slices.Sort(ids)
	if e.Len() != len(live) || len(e.Digests()) != len(live) {
		rt.Fatalf("%d documents, want %d", e.Len(), len(live))
	}
	docs := make([]bags, len(ids))
	for i, id := range ids {
		docs[i] = bagsOf(t, live[id])
	}
	parsed, err := analyser(t).parse(query)
	if err != nil {
		rt.Fatal(err)
	}
	q, zh := saying(t, query, parsed.words), parsed.han >= parsed.other
	words := bruteForce(docs, func(b bags) map[string]int { return b.words }, q.words, zh)
	pairs := bruteForce(docs, func(b bags) map[string]int { return b.pairs }, q.pairs, zh)
	titles := bruteForce(docs, func(b bags) map[string]int { return b.titles }, q.words, zh)
	named := map[string]int{}
	for _, m := range parsed.models {
		named[m.term]++
	}
	models := bruteForce(docs, func(b bags) map[string]int { return b.titles }, named, zh)
	want := map[string]float64{}
	facet := map[string]int{}
	for i, id := range ids {
		score := words[i] + DefaultPairs*pairs[i] + DefaultTitles*titles[i] + modelBoost*models[i]
		if score == 0 && len(q.words) > 0 {
			continue
		}
		has := slices.Compact(slices.Sorted(slices.Values(live[id].Keywords["kind"])))
		for _, k := range has {
			facet[k]++
		}
		if len(kinds) == 0 || slices.ContainsFunc(has, func(k string) bool { return slices.Contains(kinds, k) }) {
			want[id] = score
		}
	}
	r, err := e.Search(t.Context(), Request{Query: query, Filters: map[string][]string{"kind": kinds}, Facets: []string{"kind"}, Limit: 20})
	if err != nil {
		rt.Fatal(err)
	}
	check(rt, r, want, facet)
}

func check(rt *rapid.T, r Result, want map[string]float64, facet map[string]int) {
	if r.Total != len(want) || len(r.Hits) != len(want) {
		rt.Fatalf("%d hits of %d, want %d", len(r.Hits), r.Total, len(want))
	}
	for _, h := range r.Hits {
		if math.Abs(h.Score-want[h.ID]) > 1e-4*(1+want[h.ID]) {
			rt.Fatalf("score of %s is %v, want %v", h.ID, h.Score, want[h.ID])
		}
	}
	if !slices.IsSortedFunc(r.Hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) }) {
		rt.Fatalf("not in order: %v", r.Hits)
	}
	for _, c := range r.Facets["kind"] {
		if facet[c.Value] != c.Count {
			rt.Fatalf("facet %v, want %v", c, facet)
		}
		delete(facet, c.Value)
	}
	if len(facet) > 0 {
		rt.Fatalf("facets not counted: %v", facet)
	}
}
