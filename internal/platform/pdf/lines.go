package pdf

import (
	"strings"
	"unicode"
)

// What may not begin a line, and what may not end one (GB/T 15834, JIS X 4051).
const (
	noStart = "，。、；：？！）》」』】〕”’％…—·℃°,.;:?!)]}%〉"
	noEnd   = "（《「『【〔“‘〈([{¥$€£"
)

// wide tells whether a rune is one of those between which a line may break.
func wide(r rune) bool { return r >= 0x2e80 || strings.ContainsRune("“”‘’—…·", r) }

// breaks tells whether a line may end between a and b.
func breaks(a, b rune) bool {
	switch {
	case unicode.IsSpace(a) || unicode.IsSpace(b):
		return true
	case strings.ContainsRune(noStart, b), strings.ContainsRune(noEnd, a):
		return false
	}
	return wide(a) || wide(b)
}

// wrap cuts a text into lines no wider than w. A word wider than a line is cut where it must be. Together the lines are the
// text, but for blanks where it was cut.
func wrap(text string, w float64, measure func(rune) float64) []string {
	var out []string
	rs := []rune(text)
	for from := 0; from < len(rs); {
		cut, used, i := 0, 0.0, from
		for ; i < len(rs); i++ {
			if i > from && breaks(rs[i-1], rs[i]) {
				cut = i
			}
			if used += measure(rs[i]); used > w && i > from && !unicode.IsSpace(rs[i]) {
				break
			}
		}
		if i == len(rs) {
			return append(out, strings.TrimRightFunc(string(rs[from:]), unicode.IsSpace))
		}
		if cut <= from {
			cut = i // nowhere better
		}
		out = append(out, strings.TrimRightFunc(string(rs[from:cut]), unicode.IsSpace))
		for from = cut; from < len(rs) && unicode.IsSpace(rs[from]); from++ {
		}
	}
	if len(out) == 0 {
		out = []string{""}
	}
	return out
}
