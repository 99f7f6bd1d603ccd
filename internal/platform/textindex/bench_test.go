package textindex

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// manyDocuments makes n documents of 60 to 200 characters from a vocabulary with the long tail of real
// text; the same n always gives the same ones.
func manyDocuments(n int) []Document {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.1, 8, 3000)
	han := func() string {
		s := ""
		for range 2 + r.IntN(2) {
			s += string(rune(0x4E00 + (zipf.Uint64()*2654435761)%6000))
		}
		return s
	}
	out := make([]Document, n)
	for i := range out {
		text := ""
		for range 25 + r.IntN(40) {
			text += han()
		}
		out[i] = Document{ID: fmt.Sprint(i), Title: han() + han() + fmt.Sprintf(" M-%d", r.IntN(5000)), Text: text,
			Keywords: map[string][]string{"kind": {fmt.Sprint(i % 5)}, "region": {fmt.Sprint(i % 40)}, "org": {fmt.Sprint(r.IntN(400))}}}
	}
	return out
}

func BenchmarkApply(b *testing.B) {
	docs := manyDocuments(b.N)
	e := New(analyser(b), Options{})
	b.ResetTimer()
	if err := e.Apply(b.Context(), Batch{Put: docs}); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkSearch(b *testing.B) {
	docs := manyDocuments(50_000)
	e := engineWith(b, docs)
	b.ResetTimer()
	for i := range b.N {
		r := Request{Query: docs[i*7919%len(docs)].Title, Limit: 20, Facets: []string{"kind", "region", "org"}, FacetLimit: 10}
		if _, err := e.Search(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDictionary(b *testing.B) {
	for range b.N {
		if err := NewAnalyser().Ready(); err != nil {
			b.Fatal(err)
		}
	}
}
