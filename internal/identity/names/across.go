package names

import (
	"slices"
	"strings"
)

// piece is what an English name may say for a stretch of a Chinese one.
type piece struct {
	options []string
	weight  float64
	sound   bool // pinyin: neighbours may be written together
	vague   bool // what it is called in English does not tell it from others
}

// pieces translates a Chinese name stretch by stretch; what is no word of institutions is its sound.
func pieces(zh string) []piece {
	list := english()
	var out []piece
	var sound strings.Builder
	end := func() {
		if sound.Len() > 0 {
			out = append(out, piece{options: []string{strings.Join(Syllables(sound.String()), "")}, weight: 1.2, sound: true})
			sound.Reset()
		}
	}
next:
	for zh != "" {
		for _, e := range list {
			if rest, ok := strings.CutPrefix(zh, e.zh); ok {
				end()
				w := 1.0
				if slices.Contains(e.en, "") {
					w = 0.1
				} else if wordWeight(strings.Split(e.en[0], "+")[0]) < 1 {
					w = 0.6
				}
				out = append(out, piece{options: e.en, weight: w, vague: e.vague})
				zh = rest
				continue next
			}
		}
		for _, r := range zh {
			sound.WriteRune(r)
			zh = zh[len(string(r)):]
			break
		}
	}
	end()
	return out
}

// unsure is the most that names come to whose likeness leaves room for another body.
const unsure = 0.88

// across compares a Chinese name with one of words, both as Core: a translation piece by piece. What either says alone, a
// word whose translation is vague, or another order leaves it unsure.
func across(zh, en string) float64 {
	words := strings.Fields(en)
	used := make([]bool, len(words))
	common, total := 0.0, 0.0
	doubt := false
	for _, p := range pieces(zh) {
		total += p.weight
		switch option := take(p, words, used); {
		case option < 0:
			doubt = doubt || p.weight >= 0.5
		default:
			common += p.weight
			doubt = doubt || p.vague
		}
	}
	left := 0.0
	for i, w := range words {
		if !used[i] {
			left += wordWeight(w)
			doubt = doubt || !minor(w)
		}
	}
	if total == 0 || len(words) == 0 {
		return 0
	}
	s := max(0, min(0.95, 2*common/(total+common+left)))
	if doubt {
		return min(s, unsure)
	}
	return s
}

// take marks the words that say a piece and tells by which of its options; -1 when by none.
func take(p piece, words []string, used []bool) int {
	for option, o := range p.options {
		if o == "" {
			return option // a name in English may leave it out
		}
		at := together(o, words, used)
		if p.sound && at == nil {
			at = spelt(o, words, used)
		}
		if at != nil {
			for _, i := range at {
				used[i] = true
			}
			return option
		}
	}
	return -1
}

// together finds the words of an option, each not used before; nil when one is missing.
func together(option string, words []string, used []bool) []int {
	var at []int
	for w := range strings.SplitSeq(option, "+") {
		found := -1
		for i, v := range words {
			if !used[i] && !slices.Contains(at, i) && sameWord(v, w) > twoWords {
				found = i
				break
			}
		}
		if found < 0 {
			return nil
		}
		at = append(at, found)
	}
	return at
}

// spelt finds a sound written as several neighbouring words: xi an, nan hu.
func spelt(sound string, words []string, used []bool) []int {
	for i := range words {
		rest := sound
		var at []int
		for j := i; j < len(words) && !used[j]; j++ {
			r, ok := strings.CutPrefix(rest, words[j])
			if !ok {
				break
			}
			at, rest = append(at, j), r
			if rest == "" {
				return at
			}
		}
	}
	return nil
}

// Keywords are the words by which a name is looked up among others: of a Chinese name its pairs of characters that are
// not general and the sounds of its place, of others their words that are not general.
func Keywords(name string) []string {
	core := Core(name)
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if !hasHan(core) {
		for w := range strings.FieldsSeq(core) {
			if wordWeight(w) >= 1 && len(w) > 2 {
				add(stem(w))
			}
		}
		return out
	}
	special := parts(core)
	for i := 0; i+1 < len(special); i++ {
		if a, b := special[i], special[i+1]; len(a.text) <= 4 && len(b.text) <= 4 && a.weight >= 1 && b.weight >= 1 {
			add(a.text + b.text)
		}
	}
	for _, p := range pieces(core) {
		if p.weight < 1 {
			continue
		}
		for _, o := range p.options {
			for w := range strings.SplitSeq(o, "+") {
				if len(w) > 2 && wordWeight(w) >= 1 {
					add(stem(w))
				}
			}
		}
	}
	return out
}

// Ends are the beginnings and ends of the words of a name, by which it is looked up where a word has a slip: one slip leaves
// the one or the other as it is. None of a Chinese name.
func Ends(name string) []string {
	core := Core(name)
	if hasHan(core) {
		return nil
	}
	var out []string
	for w := range strings.FieldsSeq(core) {
		r := []rune(w) // č and ö are one letter each
		if len(r) < 5 || wordWeight(w) < 1 {
			continue
		}
		for _, e := range []string{"^" + string(r[:3]), string(r[len(r)-3:]) + "$"} {
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	return out
}
