package columns

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"unicode"

	"qiao/internal/catalogue/kinds"
)

// heading is a heading taken apart for comparing.
type heading struct {
	text  string
	whole string   // as kinds.Fold has it
	words []string // of a Latin heading, each in its common form; fillers are left out
	han   bool
}

func headingOf(text string) heading {
	h := heading{text: text, whole: kinds.Fold(text)}
	h.han = strings.IndexFunc(h.whole, isHan) >= 0
	if !h.han {
		h.words = wordsOf(text)
	}
	return h
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// bare takes the words off both ends of a Chinese heading that say nothing more; what is left has two characters at least.
func bare(folded string, fillers []string) string {
	folded = strings.ReplaceAll(folded, "的", "") //i18n:data a particle
	for cut := true; cut; {
		cut = false
		for _, w := range fillers {
			if rest, ok := strings.CutPrefix(folded, w); ok && len([]rune(rest)) >= 2 {
				folded, cut = rest, true
			}
			if rest, ok := strings.CutSuffix(folded, w); ok && len([]rune(rest)) >= 2 {
				folded, cut = rest, true
			}
		}
	}
	return folded
}

// wordsOf cuts a Latin heading into words: eus_available_hours, engName, Contact Name, IDNumber.
func wordsOf(text string) []string {
	var out []string
	for _, w := range cutWords(text) {
		if w = common(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func cutWords(text string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, strings.ToLower(string(word)))
		}
		word = word[:0]
	}
	depth := 0
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case strings.ContainsRune("([（【", r): //i18n:data brackets
			depth++
			flush()
			continue
		case strings.ContainsRune(")]）】", r): //i18n:data brackets
			depth = max(0, depth-1)
			continue
		case depth > 0:
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			continue
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return out
}

// common is the form in which words are compared; "" for those that say nothing.
func common(w string) string {
	if slices.Contains(silent(), w) {
		return ""
	}
	for _, same := range sameWords() {
		if slices.Contains(same, w) {
			return same[0]
		}
	}
	return w
}

// key is the words of a heading without those of the list's subject, in one order.
func key(words, subject []string) string {
	var out []string
	for _, w := range words {
		if !slices.Contains(subject, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// shared are the first words that so many Latin headings of a list begin with that they name the list, not the column:
// three at least and a fifth of all. Whose detail a column is (contact, owner, supplier) is never such a word.
func shared(all []heading) []string {
	n := map[string]int{}
	latin := 0
	for _, h := range all {
		if len(h.words) > 0 {
			latin++
		}
		if len(h.words) > 1 && !slices.Contains(roles(), h.words[0]) {
			n[h.words[0]]++
		}
	}
	var out []string
	for w, times := range n {
		if times >= 3 && times*5 >= latin {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// ProblemMark begins the heading of a column that says what is wrong with rows that were refused, by which it is known when
// the workbook comes back.
const ProblemMark = "[Qiao] "

// Signature is the same for the same set of headings, in whatever order and however they are spaced; a column of problems
// does not count. By it a saved mapping is found again.
func Signature(headings []string) string {
	set := map[string]bool{}
	for _, h := range headings {
		if f := kinds.Fold(h); f != "" && !strings.HasPrefix(h, ProblemMark) {
			set[f] = true
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(maps.Keys(set)), "\n")))
	return hex.EncodeToString(sum[:])
}
