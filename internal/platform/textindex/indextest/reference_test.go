package indextest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"qiao/internal/platform/textindex"
	"qiao/internal/platform/textindex/dict"
)

// reference answers from the definitions, by looking at every document: the second index that the suite runs for,
// and what the engine is compared with.
type reference struct {
	analyser *textindex.Analyser
	mu       sync.Mutex
	docs     map[string]textindex.Document
}

func (x *reference) Apply(_ context.Context, b textindex.Batch) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, id := range b.Delete {
		delete(x.docs, id)
	}
	for _, d := range b.Put {
		if d.ID == "" {
			return errors.New("no ID")
		}
		x.docs[d.ID] = d
	}
	return nil
}

func (x *reference) Digests() map[string]uint64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := map[string]uint64{}
	for id, d := range x.docs {
		out[id] = d.Digest()
	}
	return out
}

// count counts terms.
func count(terms []string) map[string]int {
	out := map[string]int{}
	for _, t := range terms {
		out[t]++
	}
	return out
}

// bm25 is the score of every document for one field, by the law for Chinese queries or by that for others.
func bm25(docs map[string]map[string]int, query map[string]int, chinese bool) map[string]float64 {
	k1, b, rarity := 1.1, 0.6, 1.0
	if chinese {
		k1, b, rarity = 1.0, 0.75, 1.4
	}
	length, total, filled := map[string]int{}, 0, 0
	for id, terms := range docs {
		for _, n := range terms {
			length[id] += n
		}
		if total += length[id]; length[id] > 0 {
			filled++
		}
	}
	out := map[string]float64{}
	for term, times := range query {
		n := 0.0
		for _, terms := range docs {
			if terms[term] > 0 {
				n++
			}
		}
		idf := math.Pow(math.Log(1+(float64(len(docs))-n+0.5)/(n+0.5)), rarity)
		for id, terms := range docs {
			if tf := float64(terms[term]); tf > 0 {
				out[id] += float64(times) * idf * tf * (k1 + 1) / (tf + k1*(1-b+b*float64(length[id])*float64(filled)/float64(total)))
			}
		}
	}
	return out
}

// score is the score of every document, and how many of the query's pairs it has.
func (x *reference) score(query string) (score map[string]float64, pairs map[string]int, needed int, err error) {
	asked, err := x.analyser.Terms(query)
	chinese := strings.ContainsFunc(query, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	words, two, titles := map[string]map[string]int{}, map[string]map[string]int{}, map[string]map[string]int{}
	for id, d := range x.docs {
		title, err1 := x.analyser.Terms(d.Title)
		text, err2 := x.analyser.Terms(d.Text)
		err = errors.Join(err, err1, err2)
		words[id], two[id], titles[id] = count(append(slices.Clone(title.Words), text.Words...)), count(append(slices.Clone(title.Pairs), text.Pairs...)), count(title.Words)
	}
	score, pairs = bm25(words, count(asked.Words), chinese), map[string]int{}
	for id, s := range bm25(two, count(asked.Pairs), chinese) {
		score[id] += s * textindex.DefaultPairs
	}
	for id, s := range bm25(titles, count(asked.Words), chinese) {
		score[id] += s * textindex.DefaultTitles
	}
	need := count(asked.Pairs)
	for id := range two {
		for p := range need {
			if two[id][p] > 0 {
				pairs[id]++
			}
		}
	}
	return score, pairs, len(need), err
}

func (x *reference) Search(_ context.Context, r textindex.Request) (textindex.Result, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var out textindex.Result
	for _, s := range r.Sort {
		if len(x.docs) > 0 && !x.has(s.Column) {
			return out, fmt.Errorf("no column %q", s.Column)
		}
	}
	score, pairs, needed, err := x.score(r.Query)
	if err != nil {
		return out, err
	}
	var found []textindex.Document
	for id, d := range x.docs {
		_, any := score[id]
		if inRanges(d, r.Ranges) && (needed == 0 || any && float64(pairs[id]) >= r.Least*float64(needed)) {
			found = append(found, d)
		}
	}
	hits := kept(found, r.Filters)
	slices.SortFunc(hits, func(a, b textindex.Document) int {
		for _, s := range r.Sort {
			s2 := a
			s2.ID = b.ID // ties are for later
			if n := compare(s2, b, s); n != 0 {
				return n
			}
		}
		return cmp.Or(cmp.Compare(score[b.ID], score[a.ID]), cmp.Compare(a.ID, b.ID))
	})
	out.Total = len(hits)
	for _, d := range hits[min(r.Offset, len(hits)):min(r.Offset+r.Limit, len(hits))] {
		out.Hits = append(out.Hits, textindex.Hit{ID: d.ID, Score: score[d.ID]})
	}
	out.Facets = x.facets(found, r)
	return out, nil
}

func (x *reference) has(column string) bool {
	for _, d := range x.docs {
		if _, ok := d.Numbers[column]; ok {
			return true
		}
		if _, ok := d.Sorts[column]; ok {
			return true
		}
	}
	return false
}

func inRanges(d textindex.Document, ranges []textindex.Range) bool {
	for _, r := range ranges {
		if v, ok := d.Numbers[r.Column]; !ok || r.Min != nil && v < *r.Min || r.Max != nil && v > *r.Max {
			return false
		}
	}
	return true
}

func (x *reference) facets(found []textindex.Document, r textindex.Request) map[string][]textindex.Count {
	out := map[string][]textindex.Count{}
	for _, column := range r.Facets {
		others := maps.Clone(r.Filters)
		delete(others, column)
		n := map[string]int{}
		for _, d := range kept(found, others) {
			for _, v := range distinct(d.Keywords[column]) {
				n[v]++
			}
		}
		for v, times := range n {
			out[column] = append(out[column], textindex.Count{Value: v, Count: times})
		}
		slices.SortFunc(out[column], func(a, b textindex.Count) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		if r.FacetLimit > 0 && len(out[column]) > r.FacetLimit {
			var kept []textindex.Count
			for i, c := range out[column] {
				if i < r.FacetLimit || slices.Contains(r.Filters[column], c.Value) {
					kept = append(kept, c)
				}
			}
			out[column] = kept
		}
	}
	return out
}

var analyser = textindex.NewAnalyser()

func newEngine(*testing.T) Index { return textindex.New(analyser, textindex.Options{Plain: true}) }

func newReference(*testing.T) Index {
	return &reference{analyser: analyser, docs: map[string]textindex.Document{}}
}

func TestEngine(t *testing.T) { Exercise(t, newEngine) }

func TestReference(t *testing.T) { Exercise(t, newReference) }

// chineseWords are words of two characters that say something, from all over the dictionary.
func chineseWords(t *testing.T) []string {
	var out []string
	n := 0
	err := dict.Words(func(w []byte, freq uint64, function bool) {
		if len(w) == 6 && freq > 1000 && !function && !analyser.Hollow(string(w)) {
			if terms, err := analyser.Terms(string(w)); err != nil || len(terms.Words) != 1 {
				return // cut in two
			}
			if n++; n%20 == 0 {
				out = append(out, string(w))
			}
		}
	})
	if err != nil || len(out) < 100 {
		t.Fatalf("%d words, %v", len(out), err)
	}
	return out
}

// latinWords are made up.
func latinWords() []string {
	var out []string
	for _, a := range []string{"ba", "do", "fu", "ki", "lo", "mu", "na", "po", "ru", "to"} {
		for _, b := range []string{"bar", "dok", "gum", "lon", "mok", "nub", "pog", "rak", "tam", "vom"} {
			out = append(out, a+b, b+a+"x")
		}
	}
	return out
}

// TestEngineIsTheReference: with enough documents for long lists, leaps, dense lists and several windows, after
// replacements and deletions, the engine answers as the reference does, in Chinese and in letters.
func TestEngineIsTheReference(t *testing.T) {
	t.Run("Chinese", func(t *testing.T) { isTheReference(t, chineseWords(t)) })
	t.Run("letters", func(t *testing.T) { isTheReference(t, latinWords()) })
}

func isTheReference(t *testing.T, vocabulary []string) {
	const docs = 2500
	chance := rand.New(rand.NewPCG(3, 4))
	zipf := rand.NewZipf(chance, 1.2, 3, 300)
	word := func() string { return vocabulary[int(zipf.Uint64())%len(vocabulary)] }
	words := func(n int) string {
		out := make([]string, n)
		for i := range out {
			out[i] = word()
		}
		return strings.Join(out, "，")
	}
	engine, want := newEngine(t), newReference(t)
	both := func(b textindex.Batch) {
		if err := errors.Join(engine.Apply(t.Context(), b), want.Apply(t.Context(), b)); err != nil {
			t.Fatal(err)
		}
	}
	list := Documents(docs)
	for i := range list {
		list[i].Title, list[i].Text = words(2), words(4+chance.IntN(20))
	}
	both(textindex.Batch{Put: list})
	for round := range 3 {
		for range 10 {
			r := textindex.Request{Query: words(1 + chance.IntN(14)), Limit: 30, Facets: []string{"kind", "region"}, Least: []float64{0, 0, 0.5, 1}[chance.IntN(4)]}
			if chance.IntN(2) == 0 {
				r.Filters = map[string][]string{"kind": {"service", "expert"}}
			}
			got, expected := ask(t, engine, r), ask(t, want, r)
			Same(t, got, expected)
			for _, column := range r.Facets {
				counted := slices.DeleteFunc(got.Facets[column], func(c textindex.Count) bool { return c.Count == 0 })
				if !slices.Equal(counted, expected.Facets[column]) {
					t.Fatalf("round %d, %+v: %s is %v, want %v", round, r, column, got.Facets[column], expected.Facets[column])
				}
			}
		}
		var b textindex.Batch
		for range 200 {
			i := chance.IntN(docs)
			if chance.IntN(2) == 0 {
				b.Delete = append(b.Delete, list[i].ID)
			} else {
				list[i].Text = words(10)
				b.Put = append(b.Put, list[i])
			}
		}
		both(b)
	}
}
