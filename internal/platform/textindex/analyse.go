package textindex

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"qiao/internal/platform/textindex/fold"
)

// Analyser turns text into terms: dictionary words and character pairs for Chinese, stems for English,
// model numbers whole and in parts. Make one and share it; it is safe for concurrent use.
type Analyser struct {
	load     func() error
	fold     *fold.Table
	segment  *segmenter
	readings *readings
	pool     sync.Pool
}

// NewAnalyser returns at once; the dictionary (about a third of a second) is loaded at first use or by
// Ready.
func NewAnalyser() *Analyser {
	a := &Analyser{pool: sync.Pool{New: func() any { return &scratch{} }}}
	a.load = sync.OnceValue(func() error {
		f, err := fold.Shared()
		if err == nil {
			a.segment, err = newSegmenter(f)
		}
		if err == nil {
			a.readings, err = newReadings()
		}
		if err != nil {
			return fmt.Errorf("load the dictionary: %w", err)
		}
		a.fold = f
		return nil
	})
	return a
}

// Ready loads the dictionary if it is not loaded yet. A server calls it before it says it can serve; the
// only error is a dictionary damaged in the binary.
func (a *Analyser) Ready() error { return a.load() }

// kind of a term: which field it belongs to.
type kind uint8

const (
	kindWord kind = 1 << iota // a dictionary word, a stem, a model number or part of one
	kindPair                  // two neighbouring characters; a lone one stands for itself
	kindBoth = kindWord | kindPair
)

// token is a term in a text. From and to are positions in scratch.runes.
type token struct {
	kind     kind
	term     []byte // only valid during the call
	from, to int
	soft     bool // a text may lack it and yet say the same
}

// scratch is the working memory of one analysis.
type scratch struct {
	runes   []rune // folded
	offsets []int  // byte offset of each rune in the text, and its length at the end
	path    path
	buf     []byte
	emit    func(token)
}

// analyse calls emit for every term of text, run by run.
func (a *Analyser) analyse(text string, sc *scratch, emit func(token)) error {
	if err := a.load(); err != nil {
		return err
	}
	sc.runes, sc.offsets, sc.emit = sc.runes[:0], sc.offsets[:0], emit
	for i, r := range text {
		sc.runes = append(sc.runes, a.fold.Rune(r))
		sc.offsets = append(sc.offsets, i)
	}
	sc.offsets = append(sc.offsets, len(text))
	for i := 0; i < len(sc.runes); {
		switch sortOf(sc.runes[i]) {
		case sortOther:
			i++
		case sortHan:
			i = a.han(sc, i)
		default:
			i = latin(sc, i)
		}
	}
	return nil
}

// han emits the words and pairs of the Chinese run at i and returns its end.
func (a *Analyser) han(sc *scratch, i int) int {
	end := i + 1
	for end < len(sc.runes) && sortOf(sc.runes[end]) == sortHan {
		end++
	}
	if end-i == 1 {
		sc.put(kindBoth, i, end)
		return end
	}
	a.segment.cut(sc.runes[i:end], &sc.path, func(from, to int) { sc.put(kindWord, i+from, i+to) })
	for p := i; p+2 <= end; p++ {
		sc.put(kindPair, p, p+2)
	}
	return end
}

// put emits the characters from..to as they stand.
func (sc *scratch) put(k kind, from, to int) {
	sc.buf = sc.buf[:0]
	for _, r := range sc.runes[from:to] {
		sc.buf = utf8.AppendRune(sc.buf, r)
	}
	sc.emit(token{kind: k, term: sc.buf, from: from, to: to})
}

// with lends working memory to f.
func (a *Analyser) with(f func(*scratch) error) error {
	sc, ok := a.pool.Get().(*scratch)
	if !ok {
		sc = &scratch{}
	}
	defer a.pool.Put(sc)
	err := f(sc)
	sc.emit = nil
	return err
}

// Words returns the words of a text in order, as the index knows them.
func (a *Analyser) Words(text string) ([]string, error) {
	var out []string
	err := a.with(func(sc *scratch) error {
		return a.analyse(text, sc, func(t token) {
			if t.kind&kindWord != 0 {
				out = append(out, string(t.term))
			}
		})
	})
	return out, err
}

// Surfaces returns the words of a text that say something, each once, as they stand in it.
func (a *Analyser) Surfaces(text string) ([]string, error) {
	q, err := a.parse(text)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(q.words, a.Hollow), nil
}

// Fold returns text as it is searched: half width, lower case, simplified. Its length may differ.
func (a *Analyser) Fold(text string) (string, error) {
	if err := a.load(); err != nil {
		return "", err
	}
	return strings.Map(a.fold.Rune, text), nil
}
