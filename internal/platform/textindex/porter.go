package textindex

import "strings"

// porter cuts the ending of an English word (M. F. Porter, An algorithm for suffix stripping, Program
// 14(3), 1980, with the author's later departures "bli" and "logi"). The word is lower-case ASCII
// letters; the result is a prefix of w, perhaps with a changed ending, in the same memory.
func porter(w []byte) []byte {
	if len(w) <= 2 {
		return w
	}
	w = porterPlural(w)
	w = porterPast(w)
	if n := len(w); w[n-1] == 'y' && hasVowel(w[:n-1]) {
		w[n-1] = 'i'
	}
	w = porterReplace(w, porterDouble, 0)
	w = porterReplace(w, porterSingle, 0)
	w = porterRemove(w)
	return porterTidy(w)
}

// consonant reports whether w[i] is one; y is one at the start and after a vowel.
func consonant(w []byte, i int) bool {
	switch w[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return false
	case 'y':
		return i == 0 || !consonant(w, i-1)
	}
	return true
}

// measure counts the sequences vowel-consonant in w.
func measure(w []byte) int {
	n, vowel := 0, false
	for i := range w {
		if consonant(w, i) {
			if vowel {
				n++
			}
			vowel = false
		} else {
			vowel = true
		}
	}
	return n
}

func hasVowel(w []byte) bool {
	for i := range w {
		if !consonant(w, i) {
			return true
		}
	}
	return false
}

func doubled(w []byte) bool {
	n := len(w)
	return n >= 2 && w[n-1] == w[n-2] && consonant(w, n-1)
}

// short reports consonant-vowel-consonant at the end, the last not w, x or y.
func short(w []byte) bool {
	n := len(w)
	if n < 3 || !consonant(w, n-1) || consonant(w, n-2) || !consonant(w, n-3) {
		return false
	}
	return w[n-1] != 'w' && w[n-1] != 'x' && w[n-1] != 'y'
}

func ends(w []byte, suffix string) bool {
	return len(w) >= len(suffix) && string(w[len(w)-len(suffix):]) == suffix
}

func porterPlural(w []byte) []byte {
	switch {
	case ends(w, "sses"), ends(w, "ies"):
		return w[:len(w)-2]
	case ends(w, "ss"):
		return w
	case ends(w, "s"):
		return w[:len(w)-1]
	}
	return w
}

func porterPast(w []byte) []byte {
	switch {
	case ends(w, "eed"):
		if measure(w[:len(w)-3]) > 0 {
			return w[:len(w)-1]
		}
		return w
	case ends(w, "ed") && hasVowel(w[:len(w)-2]):
		w = w[:len(w)-2]
	case ends(w, "ing") && hasVowel(w[:len(w)-3]):
		w = w[:len(w)-3]
	default:
		return w
	}
	switch n := len(w); {
	case ends(w, "at"), ends(w, "bl"), ends(w, "iz"):
		return append(w, 'e')
	case doubled(w) && w[n-1] != 'l' && w[n-1] != 's' && w[n-1] != 'z':
		return w[:n-1]
	case measure(w) == 1 && short(w):
		return append(w, 'e')
	}
	return w
}

// The rules of steps 2 and 3: the first suffix that fits decides.
const (
	porterDouble = "ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous " +
		"ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble logi:log"
	porterSingle = "icate:ic ative: alize:al iciti:ic ical:ic ful: ness:"
	porterLast   = "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize"
)

func porterReplace(w []byte, rules string, least int) []byte {
	for rule := range strings.SplitSeq(rules, " ") {
		suffix, by, _ := strings.Cut(rule, ":")
		if !ends(w, suffix) {
			continue
		}
		if stem := w[:len(w)-len(suffix)]; measure(stem) > least {
			return append(stem, by...)
		}
		return w
	}
	return w
}

func porterRemove(w []byte) []byte {
	for suffix := range strings.SplitSeq(porterLast, " ") {
		if !ends(w, suffix) {
			continue
		}
		stem := w[:len(w)-len(suffix)]
		if suffix == "ion" && !ends(stem, "s") && !ends(stem, "t") {
			return w
		}
		if measure(stem) > 1 {
			return stem
		}
		return w
	}
	return w
}

func porterTidy(w []byte) []byte {
	if ends(w, "e") {
		stem := w[:len(w)-1]
		if m := measure(stem); m > 1 || m == 1 && !short(stem) {
			w = stem
		}
	}
	if doubled(w) && w[len(w)-1] == 'l' && measure(w) > 1 {
		w = w[:len(w)-1]
	}
	return w
}
