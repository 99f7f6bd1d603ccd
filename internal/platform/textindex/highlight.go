package textindex

import (
	"slices"
	"unicode/utf8"
)

// Piece is a stretch of a text; Hit says that it matches the query. The pieces together are the text.
type Piece struct {
	Text string
	Hit  bool
}

// Highlight cuts text into pieces, those that match words of the query, or synonyms of them, marked; of a phrase
// the whole, and its words only there. When the text is longer than most characters (0 is no bound) the part with
// the most matches is shown, with … at a cut end. Of a corrected query hand in Result.Instead.
func (e *Engine) Highlight(text, query string, most int) ([]Piece, error) {
	q, err := e.understand(query, false)
	if err != nil {
		return nil, err
	}
	marks, err := e.marks(text, q)
	if err != nil {
		return nil, err
	}
	marks = merge(marks)
	from, to := window(text, marks, most)
	return pieces(text, marks, from, to), nil
}

// marks returns the byte ranges of a text that match a query.
func (e *Engine) marks(text string, q *query) ([][2]int, error) {
	words, pairs := map[string]bool{}, map[string]bool{}
	for _, t := range q.terms {
		words[t.term] = !slices.ContainsFunc(t.words, func(w int) bool { return e.analyser.Hollow(q.words[w]) })
	}
	for _, t := range q.pairs {
		pairs[t.term] = t.needed
	}
	var wholes [][]unit
	for _, p := range q.phrases {
		wholes = append(wholes, e.analyser.units(p.text))
		for _, t := range p.terms {
			delete(words, t.term)
		}
		for _, t := range p.pairs {
			delete(pairs, t.term)
		}
	}
	for _, m := range q.mentions {
		for _, need := range m.needs {
			pairs[need] = true
		}
		for _, w := range m.others {
			wholes = append(wholes, w.units)
		}
	}
	var out [][2]int
	units := e.analyser.units(text)
	for _, whole := range wholes {
		for _, at := range places(units, whole) {
			out = append(out, [2]int{units[at[0]].from, units[at[1]-1].to})
		}
	}
	err := e.analyser.with(func(sc *scratch) error {
		return e.analyser.analyse(text, sc, func(t token) {
			if t.kind&kindWord != 0 && words[string(t.term)] || t.kind == kindPair && pairs[string(t.term)] {
				out = append(out, [2]int{sc.offsets[t.from], sc.offsets[t.to]})
			}
		})
	})
	return out, err
}

// merge sorts ranges and joins those that touch.
func merge(marks [][2]int) [][2]int {
	slices.SortFunc(marks, func(a, b [2]int) int { return a[0] - b[0] })
	var out [][2]int
	for _, m := range marks {
		if n := len(out); n > 0 && m[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], m[1])
			continue
		}
		out = append(out, m)
	}
	return out
}

// window chooses the bytes of the text to show: most characters with as many marked bytes as possible,
// begun a little before the first mark.
func window(text string, marks [][2]int, most int) (from, to int) {
	if most <= 0 || utf8.RuneCountInString(text) <= most {
		return 0, len(text)
	}
	if len(marks) == 0 {
		return 0, ahead(text, 0, most)
	}
	best := -1
	for i, m := range marks {
		start := back(text, m[0], most/6)
		end := ahead(text, start, most)
		covered := 0
		for _, n := range marks[i:] {
			if n[1] <= end {
				covered += n[1] - n[0]
			}
		}
		if covered > best {
			best, from, to = covered, start, end
		}
	}
	return from, to
}

// ahead moves n characters on from byte i.
func ahead(text string, i, n int) int {
	for ; n > 0 && i < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return i
}

// back moves n characters back from byte i.
func back(text string, i, n int) int {
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
	}
	return i
}

func pieces(text string, marks [][2]int, from, to int) []Piece {
	var out []Piece
	put := func(s string, hit bool) {
		if s != "" {
			out = append(out, Piece{s, hit})
		}
	}
	if from > 0 {
		put("…", false)
	}
	at := from
	for _, m := range marks {
		lo, hi := max(m[0], from), min(m[1], to)
		if lo >= hi {
			continue
		}
		put(text[at:lo], false)
		put(text[lo:hi], true)
		at = hi
	}
	put(text[at:to], false)
	if to < len(text) {
		put("…", false)
	}
	return out
}
