package textindex

import (
	"context"
	"testing"

	"pgregory.net/rapid"
)

// verifier reads documents again from a list.
func verifier(docs []Document) func(context.Context, []string) (map[string]string, error) {
	return func(_ context.Context, ids []string) (map[string]string, error) {
		out := map[string]string{}
		for _, id := range ids {
			for _, d := range docs {
				if d.ID == id {
					out[id] = d.Title + "\n" + d.Text
				}
			}
		}
		return out, nil
	}
}

func TestContains(t *testing.T) {
	tests := []struct {
		text, phrase string
		want         bool
	}{
		{"場發射掃描電子顯微鏡", "扫描电子", true},
		{"场发射，扫描", "发射扫描", false},
		{"Mass  Spectrometer", "mass spectrometer", true},
		{"mass-spectrometer", "mass spectrometer", true},
		{"mass spectrometers", "mass spectrometer", false},
		{"spectrometer mass", "mass spectrometer", false},
		{"型号 SEM 5000X。", "sem-5000x", true},
		{"sem5000x", "SEM 5000", false},
		{"sem5000x", "SEM 5000X", true},
		{"SEM-5000X600", "SEM-5000X", false},
		{"色谱-质谱", "色谱质谱", false},
		{"色谱-质谱", "色谱，质谱", true},
		{"色谱 GC-MS 联用", "色谱gcms", false}, // two words of letters
		{"色谱 GC-MS 联用", "色谱gc ms联用", true},
		{"", "x", false},
		{"x", "，", false},
	}
	for _, tt := range tests {
		if got, err := analyser(t).Contains(tt.text, tt.phrase); err != nil || got != tt.want {
			t.Errorf("%s in %s: %v %v", tt.phrase, tt.text, got, err)
		}
	}
}

// TestMarksKeepTheirWord: what a phrase search finds contains the phrase, and all that contains it is found;
// leaving a word out only takes away.
func TestMarksKeepTheirWord(t *testing.T) {
	a := analyser(t)
	rapid.Check(t, func(rt *rapid.T) {
		var docs []Document
		for i := range rapid.IntRange(1, 6).Draw(rt, "documents") {
			docs = append(docs, Document{ID: string(rune('a' + i)), Title: drawText(rt, "title"), Text: drawText(rt, "text")})
		}
		e := engineWith(t, docs)
		ask := func(query string) map[string]bool {
			r, err := e.Search(t.Context(), Request{Query: query, Limit: 20, Verify: verifier(docs), AsTyped: true})
			if err != nil || r.Loose {
				rt.Fatal(err, r.Loose)
			}
			out := map[string]bool{}
			for _, h := range r.Hits {
				out[h.ID] = true
			}
			return out
		}
		phrase := rapid.SampledFrom([]string{"扫描", "扫描电子", "电子显微镜", "coating coatings", "SEM-5000X", "600 MHz", "质谱仪检测"}).Draw(rt, "phrase")
		got := ask(`"` + phrase + `"`)
		for _, d := range docs {
			title, _ := a.Contains(d.Title, phrase)
			text, _ := a.Contains(d.Text, phrase)
			if got[d.ID] != (title || text) {
				rt.Fatalf("%q: %v for %q", phrase, got[d.ID], d.Title+"|"+d.Text)
			}
		}
		query := drawText(rt, "query")
		all, less := ask(query), ask(query+" -涂层")
		for id := range less {
			if !all[id] && sayable(query) {
				rt.Fatalf("%q -涂层 found %s, which %q does not", query, id, query)
			}
		}
	})
}

// TestNothingIsCorrectedThatStands: a query all of whose words stand in documents is answered as typed.
func TestNothingIsCorrectedThatStands(t *testing.T) {
	docs := shop()
	e := language(t)
	rapid.Check(t, func(rt *rapid.T) {
		d := rapid.SampledFrom(docs).Draw(rt, "document")
		words, err := analyser(t).Surfaces(d.Title + " " + d.Text)
		if err != nil {
			rt.Fatal(err)
		}
		query := ""
		for _, w := range rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(rt, "words") {
			query += w + " "
		}
		r, err := e.Search(t.Context(), Request{Query: query, Least: 1, Limit: 3})
		if err != nil || r.Instead != "" {
			rt.Fatalf("%q was answered for %q (%v)", query, r.Instead, err)
		}
	})
}
