package textindex

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestWhatSaysNothingIsLeftOut: among enough other words a word that only joins or asks neither scores nor is asked for.
func TestWhatSaysNothingIsLeftOut(t *testing.T) {
	e := engineWith(t, nil)
	tests := []struct{ query, terms string }{
		{"如何检测涂层的厚度", "检测 涂层 厚度"},
		{"涂层的厚度", "涂层 的 厚度"}, // too short to be sure
		{"How can the wear of thin coatings be measured?", "wear thin coat measur"},
		{"how to measure", "how measur"},
		{"CAN bus protocol analysers", "can bu protocol analys"},
		{"can总线协议分析仪器", "can 总线 协议 分析仪器"},
	}
	for _, tt := range tests {
		q, err := e.understand(tt.query, false)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, term := range q.terms {
			got = append(got, term.term)
		}
		if strings.Join(got, " ") != tt.terms {
			t.Errorf("%s: %v, want %s", tt.query, got, tt.terms)
		}
		for _, p := range q.pairs {
			if p.needed && slices.ContainsFunc(p.words, func(w int) bool { return q.words[w] == "can" || q.words[w] == "How" }) && !strings.Contains(tt.terms, p.term) {
				t.Errorf("%s: %s is still asked for", tt.query, p.term)
			}
		}
	}
	whole := New(analyser(t), Options{Whole: true})
	if q, err := whole.understand(tests[0].query, false); err != nil || len(q.terms) != 5 {
		t.Errorf("a whole query has %d words: %v", len(q.terms), err)
	}
}

// TestRankingByLaw: what the laws are for. Each query has a first hit that the older ranking (k1 = 1.2, b = 0.75, every
// word scored) puts second.
func TestRankingByLaw(t *testing.T) {
	older := Law{K1: 1.2, B: 0.75, Rarity: 1}
	tests := []struct {
		query string
		docs  []Document // the first is to be found first
	}{
		{"如何测量薄膜的应力与厚度", []Document{
			{ID: "b", Text: "薄膜应力测量，厚度另测，样品由委托方制备并随附说明材料一份"},
			{ID: "a", Text: "如何预约：如何与我们的客服联系，如何测量的与如何取样的"},
		}},
		{"What can be done about how noise is measured in large workshops", []Document{
			{ID: "b", Text: "Noise measured in workshops, large and small, with a report on every machine, wall and ceiling and advice on mending it"},
			{ID: "a", Text: "What can be done about it, and how"},
		}},
	}
	for _, tt := range tests {
		fill := make([]Document, 60)
		for i := range fill {
			fill[i] = Document{ID: fmt.Sprint("fill", i), Text: "样品检测服务说明 samples are tested here"}
		}
		docs := slices.Concat(tt.docs, fill)
		if got := found(t, engineWith(t, docs), Request{Query: tt.query}); got[0] != tt.docs[0].ID {
			t.Errorf("%s: first %v", tt.query, got)
		}
		old := New(analyser(t), Options{Whole: true, Laws: [2]Law{older, older}})
		if err := old.Apply(t.Context(), Batch{Put: docs}); err != nil {
			t.Fatal(err)
		}
		if got := found(t, old, Request{Query: tt.query}); got[0] == tt.docs[0].ID {
			t.Errorf("%s: the older ranking finds the same, so this shows nothing", tt.query)
		}
	}
}

// TestBoundsHold: no document gets more from a dense list than its bound says, by either law, also when the mean length
// has changed since.
func TestBoundsHold(t *testing.T) {
	e := engineWith(t, nil)
	put := func(from, to, length int) {
		docs := make([]Document, 0, to-from)
		for i := from; i < to; i++ {
			docs = append(docs, Document{ID: fmt.Sprint(i), Text: strings.Repeat("涂层 ", 1+i%3) + strings.Repeat("检测 coating ", 1+i%length)})
		}
		if err := e.Apply(t.Context(), Batch{Put: docs}); err != nil {
			t.Fatal(err)
		}
	}
	check := func() {
		x := e.index
		p := x.words.list("涂层")
		for law := range e.options.Laws {
			s := e.options.Laws[law].scorer(&x.words, 1)
			bits, _, top := p.dense(&x.words, e.options.Laws, law)
			if bits == nil {
				t.Fatal("the list is not dense")
			}
			most := float32(0)
			p.each(uint32(len(x.words.length)), func(doc, freq uint32) { most = max(most, s.of(freq, x.words.length[doc])) })
			if most > top*s.weight {
				t.Errorf("law %d: a document gets %v, the bound is %v", law, most, top*s.weight)
			}
			if most < top*s.weight/3 {
				t.Errorf("law %d: the bound %v says nothing about %v", law, top*s.weight, most)
			}
		}
	}
	put(0, 400, 4)
	check()
	put(400, 800, 30)
	check()
	put(800, 2000, 2)
	check()
}
