package textindex

import (
	"fmt"
	"path/filepath"
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
