package textindex

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func terms(t testing.TB, text string, k kind) []string {
	t.Helper()
	var out []string
	a := analyser(t)
	err := a.with(func(sc *scratch) error {
		return a.analyse(text, sc, func(tok token) {
			if tok.kind&k != 0 {
				out = append(out, string(tok.term))
			}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWordsAndPairs(t *testing.T) {
	tests := []struct{ text, words, pairs string }{
		{"扫描电子显微镜", "扫描 电子显微镜", "扫描 描电 电子 子显 显微 微镜"},
		{"掃描電子顯微鏡", "扫描 电子显微镜", "扫描 描电 电子 子显 显微 微镜"},
		{"显著提高", "显著 提高", "显著 著提 提高"},
		{"镍", "镍", "镍"},
		{"ＳＥＭ－５０００Ｘ", "sem 5000x 5000 sem5000x", "sem 5000x 5000 sem5000x"},
		{"600 MHz、600MHz", "600 mhz 600 mhz 600mhz", "600 mhz 600 mhz 600mhz"},
		{"GB/T 228.1-2021", "gb gbt 228.1 2021 228.12021", "gb gbt 228.1 2021 228.12021"},
		{"X-ray and the coatings", "rai xray coat", ""},
		{"3.5nm", "3.5 nm 3.5nm", ""},
		{"end. Next 5.", "end next 5", ""},
		{"a/b/-c_", "ab c", ""},
		{"μm µm", "μm μm", ""},
		{"", "", ""},
		{"……", "", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(terms(t, tt.text, kindWord), " "); got != tt.words {
			t.Errorf("words of %s: %s, want %s", tt.text, got, tt.words)
		}
		if got := strings.Join(terms(t, tt.text, kindPair), " "); tt.pairs != "" && got != tt.pairs {
			t.Errorf("pairs of %s: %s, want %s", tt.text, got, tt.pairs)
		}
	}
}

func TestPorter(t *testing.T) {
	pairs := strings.Fields("caresses caress ponies poni ties ti cats cat feed feed plastered plaster motoring motor sing sing " +
		"conflated conflat troubled troubl sized size hopping hop falling fall hissing hiss fizzed fizz failing fail filing file happy happi sky sky " +
		"relational relat conditional condit vietnamization vietnam predication predic operator oper feudalism feudal decisiveness decis " +
		"hopefulness hope formality formal sensitivity sensit sensibility sensibl triplicate triplic formative form formalize formal " +
		"electrical electr hopeful hope goodness good revival reviv allowance allow inference infer airliner airlin adjustable adjust " +
		"replacement replac adoption adopt effective effect bowdlerize bowdler probate probat rate rate cease ceas controlling control roll roll")
	for i := 0; i < len(pairs); i += 2 {
		if got := string(porter([]byte(pairs[i]))); got != pairs[i+1] {
			t.Errorf("%s: %s, want %s", pairs[i], got, pairs[i+1])
		}
	}
}

// FuzzAnalyse: any text, broken UTF-8 too, gives terms whose ranges lie in the text, in ascending order
// of runs, and the same terms twice.
func FuzzAnalyse(f *testing.F) {
	for _, s := range []string{"扫描电镜 SEM-5000X 600 MHz", "\xff\xfe乱", "İstanbul ＡＢＣ", "a-b/c.d_e", "1.2.3.", "𠀀𠀁", "ß−－"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := analyser(t)
		err := a.with(func(sc *scratch) error {
			return a.analyse(text, sc, func(tok token) {
				from, to := sc.offsets[tok.from], sc.offsets[tok.to]
				if from >= to || to > len(text) || len(tok.term) == 0 || !utf8.Valid(tok.term) {
					t.Fatalf("term %q at %d..%d of %q", tok.term, from, to, text)
				}
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(terms(t, text, kindBoth), terms(t, text, kindBoth)) {
			t.Fatal("not the same twice")
		}
		got, err := New(a, Options{}).Highlight(text, text, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range got {
			if p.Text == "" {
				t.Fatal("an empty piece")
			}
		}
	})
}

func TestHollowWords(t *testing.T) {
	a := analyser(t)
	for word, want := range map[string]bool{"的": true, "还是": true, "如何": true, "需要": true, "已经": true, "仿真": false, "高速": false, "涂层": false, "sem": false} {
		if a.Hollow(word) != want {
			t.Errorf("%s is hollow: %v", word, !want)
		}
	}
}
