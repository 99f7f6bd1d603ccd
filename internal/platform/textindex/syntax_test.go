package textindex

import (
	"slices"
	"strings"
	"testing"
)

func TestMarksOfAQuery(t *testing.T) {
	tests := []struct {
		query, plain     string
		phrases, without []string
	}{
		{"扫描电镜", "扫描电镜", nil, nil},
		{`"扫描电镜" 涂层`, "扫描电镜  涂层", []string{"扫描电镜"}, nil},
		{"“mass spectrometer”", "mass spectrometer", []string{"mass spectrometer"}, nil},
		{"电镜 -透射", "电镜", nil, []string{"透射"}},
		{`电镜 -"透射 电镜" -租`, "电镜", nil, []string{"透射 电镜", "租"}},
		{"-二手", "", nil, []string{"二手"}},
		{"SEM-5000X", "SEM-5000X", nil, nil},
		{"ICP - MS", "ICP - MS", nil, nil},
		{`5" wafer`, `5" wafer`, nil, nil},
		{"基于“互联网+”的研究", "基于“互联网+”的研究", nil, nil},
		{"“互联网+”的研究", "“互联网+”的研究", nil, nil},
		{"“知人则哲”：中国哲学 －论", "“知人则哲”：中国哲学 －论", nil, nil},
		{`"" -- -，`, `"" -- -，`, nil, nil},
	}
	for _, tt := range tests {
		got := readMarks(tt.query)
		same := got.plain == tt.plain || len(tt.phrases)+len(tt.without) == 0 && got.plain == tt.query
		if !same || !slices.Equal(got.phrases, tt.phrases) || !slices.Equal(got.without, tt.without) {
			t.Errorf("%s: %q %q %q", tt.query, got.plain, got.phrases, got.without)
		}
	}
	if got := readMarks(strings.Repeat("长", longestMarked) + ` "引文"`); len(got.phrases) > 0 {
		t.Error("prose was read as a marked query")
	}
}

// FuzzMarks: whatever is typed, the parts come from it and never panic, and a search for it answers.
func FuzzMarks(f *testing.F) {
	for _, s := range []string{`"扫描电镜" -透射`, `“a “b” -“c`, "-", `-"`, "－－x", `"\x00"-`, "é-“”"} {
		f.Add(s)
	}
	e := engineWith(f, instruments())
	f.Fuzz(func(t *testing.T, s string) {
		got := readMarks(s)
		for _, part := range append(got.phrases, got.without...) {
			if !strings.Contains(s, part) || !sayable(part) {
				t.Fatalf("%q: part %q", s, part)
			}
		}
		r, err := e.Search(t.Context(), Request{Query: s, Limit: 3})
		if err != nil || r.Total > e.Len() || len(r.Hits) > 3 {
			t.Fatal(r, err)
		}
	})
}
