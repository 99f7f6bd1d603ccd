//i18n:data words of the trade that say little or much

package match

import (
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/textindex"
)

// substances are the single characters that are worth naming as a reason: elements and common matter.
// Other single characters are splinters of words the dictionary does not know.
const substances = "铅镉汞砷铬镍铜锌铁铝镁钛锡银金铂钯钴锰钼钨钒锂钠钾钙硅硫磷氟氯溴碘碳氮氧氢苯醇酮酸碱酶糖油茶酒奶肉蛋米药"

// bodies of standards are no subject: which standard it is, is a fact.
const standardBodies = " gb gbt gb/t hj hg jb jb/t yy iso iec iso/iec astm din en jis db t "

// telling reports whether a word of a need may count as a reason: no number, no splinter, no mere name of
// a standards body, no filler.
func telling(word string) bool {
	if textindex.Hollow(word) || strings.Contains(standardBodies, " "+strings.ToLower(word)+" ") {
		return false
	}
	r, size := utf8.DecodeRuneInString(word)
	if size == len(word) {
		return strings.ContainsRune(substances, r)
	}
	return strings.ContainsFunc(word, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' })
}

// distinct drops the words that only repeat a part of another one (228.1 beside 228.1-2021).
func distinct(words []string) []string {
	var out []string
	for i, w := range words {
		part := false
		for j, other := range words {
			if i != j && len(other) > len(w) && strings.Contains(strings.ToLower(other), strings.ToLower(w)) {
				part = true
				break
			}
		}
		if !part {
			out = append(out, w)
		}
	}
	return out
}
