package textindex

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// TestReadersSeeWholeDocuments: while one writer replaces, deletes and compacts and another goroutine
// saves, every answer is complete: the document that always matches is there exactly once.
func TestReadersSeeWholeDocuments(t *testing.T) {
	e := engineWith(t, instruments())
	path := filepath.Join(t.TempDir(), "index")
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
				r, err := e.Search(t.Context(), Request{Query: "透射电子显微镜", Least: 1, Limit: 5, Facets: []string{"kind"}, Explain: true})
				if err != nil || r.Total != 1 || r.Hits[0].ID != "tem" {
					t.Errorf("%+v %v", r, err)
					return
				}
			}
		})
	}
	for i := range 60 {
		tem := instruments()[1]
		tem.Text += fmt.Sprint(" 第", i, "版")
		b := Batch{Put: []Document{tem, {ID: fmt.Sprint("x", i), Title: "气相色谱"}}, Delete: []string{fmt.Sprint("x", i-3)}}
		if err := e.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 {
			e.Compact()
		}
		if i%20 == 0 {
			if err := e.Save(path, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(done)
	readers.Wait()
}

func TestManyReplacementsAreCompacted(t *testing.T) {
	e := New(analyser(t), Options{})
	for round := range 4 {
		var b Batch
		for i := range 300 {
			b.Put = append(b.Put, Document{ID: fmt.Sprint(i), Title: fmt.Sprint("涂层 ", round, " ", i)})
		}
		if err := e.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if e.Len() != 300 || e.index.ids.count() > 600 {
		t.Errorf("%d documents in %d places", e.Len(), e.index.ids.count())
	}
	if err := e.Apply(t.Context(), Batch{Put: []Document{{Title: "no name"}}}); err == nil {
		t.Error("a document without an ID was accepted")
	}
}

// TestSearchesAtOnceAfterALoad: the places to jump to are found by the first search that asks, beside others, and a list
// that grows before anyone has asked is as good as one that was never saved.
func TestSearchesAtOnceAfterALoad(t *testing.T) {
	docs := make([]Document, 3000)
	for i := range docs {
		docs[i] = Document{ID: fmt.Sprint(i), Title: []string{"涂层检测", "质谱仪", "显微镜"}[i%3], Text: fmt.Sprintf("样品%d coating 检测", i%700)}
	}
	kept := engineWith(t, docs[:2000])
	path := t.TempDir() + "/s"
	if err := kept.Save(path, "1"); err != nil {
		t.Fatal(err)
	}
	again := New(analyser(t), Options{})
	if _, err := again.Load(path); err != nil {
		t.Fatal(err)
	}
	ask := Request{Query: "coating 涂层 检测 样品", Least: 1, Limit: 30}
	for _, part := range [][]Document{nil, docs[2000:]} {
		for _, e := range []*Engine{kept, again} {
			if err := e.Apply(t.Context(), Batch{Put: part}); err != nil {
				t.Fatal(err)
			}
		}
		want, err := kept.Search(t.Context(), ask)
		if err != nil || want.Total == 0 {
			t.Fatal(want.Total, err)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if got, err := again.Search(t.Context(), ask); err != nil || got.Total != want.Total || !slices.EqualFunc(got.Hits, want.Hits, func(a, b Hit) bool { return a.ID == b.ID }) {
					t.Errorf("%d found, want %d (%v)", got.Total, want.Total, err)
				}
			})
		}
		all.Wait()
	}
}
