//i18n:data words that synthetic records are made of

// Package synthetic writes the texts of invented catalogue records: titles, models and descriptions whose words are
// as unevenly used as those of real text (a few in half of all records, most in a handful). The same seed
// and number give the same record. qiao seed fills a catalogue with them, tools/bench an index.
package synthetic

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/textindex/dict"
)

// tail is how many words of the dictionary the texts draw from.
const tail = 30_000

// Words is the vocabulary, most used first. Make it once; it may be shared.
type Words struct{ ranked []string }

// New reads the vocabulary: the domain's words, then the dictionary's nouns and verbs by frequency.
func New() (*Words, error) {
	type entry struct {
		word string
		freq uint64
	}
	var all []entry
	err := dict.Words(func(word []byte, freq uint64, function bool) {
		if n := utf8.RuneCount(word); !function && n >= 2 && n <= 4 {
			all = append(all, entry{string(word), freq})
		}
	})
	if err != nil {
		return nil, fmt.Errorf("read the dictionary: %w", err)
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(b.freq, a.freq), cmp.Compare(a.word, b.word)) })
	w := &Words{ranked: slices.Concat(common(), measures(), materials(), techniques(), Subjects())}
	for _, e := range all[:min(tail, len(all))] {
		w.ranked = append(w.ranked, e.word)
	}
	return w, nil
}

// Writer writes the records of one stream.
type Writer struct {
	words *Words
	rand  *rand.Rand
	zipf  *zipf
}

// Writer starts stream n of a seed.
func (w *Words) Writer(seed int64, n uint64) *Writer {
	r := rand.New(rand.NewPCG(uint64(seed), n)) //nolint:gosec // synthetic data wants a seed
	return &Writer{words: w, rand: r, zipf: newZipf(r, len(w.ranked))}
}

// zipf draws ranks with probability ~ 1/(rank+20)^1.05, as the words of running text are used.
type zipf struct{ *rand.Zipf }

func newZipf(r *rand.Rand, n int) *zipf { return &zipf{rand.NewZipf(r, 1.05, 20, uint64(n-1))} }

// Rand is the stream's source of chance, for what is no text.
func (w *Writer) Rand() *rand.Rand { return w.rand }

// Word is one word, the frequent ones often.
func (w *Writer) Word() string { return w.words.ranked[w.zipf.Uint64()] }

// pick draws one of a list, its first ones more often.
func (w *Writer) pick(list []string) string {
	f := w.rand.Float64()
	return list[int(f*f*float64(len(list)))]
}

// Some are n different words of a list.
func (w *Writer) Some(list []string, n int) string {
	out := make([]string, 0, n)
	for len(out) < min(n, len(list)) {
		if s := w.pick(list); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, "、")
}

// Prose is running text of n words.
func (w *Writer) Prose(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(w.Word())
		switch r := w.rand.IntN(12); {
		case i == n-1:
			b.WriteString("。")
		case r == 0:
			b.WriteString("的")
		case r == 1:
			b.WriteString("和")
		case r == 2:
			b.WriteString("、")
		case r <= 4:
			b.WriteString("，")
		}
	}
	return b.String()
}

// Model is a model number; most are used once.
func (w *Writer) Model() string {
	letters := make([]byte, 2+w.rand.IntN(2))
	for i := range letters {
		letters[i] = byte('A' + w.rand.IntN(26))
	}
	return fmt.Sprintf("%s-%d", letters, 100+w.rand.IntN(9900))
}

// Technique is an instrument.
func (w *Writer) Technique() string { return w.pick(techniques()) }

// Material is what is tested.
func (w *Writer) Material() string { return w.pick(materials()) }

// Measure is what is measured of it.
func (w *Writer) Measure() string { return w.pick(measures()) }

// Measures are n of them.
func (w *Writer) Measures(n int) string { return w.Some(measures(), n) }

// Materials are n of them.
func (w *Writer) Materials(n int) string { return w.Some(materials(), n) }

// Person is a name.
func (w *Writer) Person() string {
	surnames, given := []rune("赵钱孙李周吴郑王冯陈沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"), []rune("文武明德安宁思远嘉禾清源海岳星辰云帆知行若水景行")
	return string([]rune{surnames[w.rand.IntN(len(surnames))], given[w.rand.IntN(len(given))], given[w.rand.IntN(len(given))]})
}
