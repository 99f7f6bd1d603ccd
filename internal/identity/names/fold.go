//i18n:data the characters and words that names of institutions are made of

package names

import (
	"slices"
	"strings"
	"unicode"

	"qiao/internal/platform/textindex/fold"
)

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// Normalise is a name as names are compared: two names with the same normal form are written the same but for
// width, case, brackets, marks and spaces. Words of other scripts stay apart by one space.
func Normalise(name string) string {
	var b strings.Builder
	gap := false
	var last rune
	for _, r := range name {
		r = fold.Rune(r)
		switch {
		case r == 0xAD || r == 0xFEFF || r >= 0x200B && r <= 0x200D || r == '\'' || r == '’':
			continue
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if gap && last != 0 && !han(r) && !han(last) {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			last, gap = r, false
		default:
			gap = true
		}
	}
	return b.String()
}

// Registered is the normal form with the two ways to write a limited company as one; a joint-stock company stays another.
func Registered(name string) string {
	n := Normalise(name)
	for _, form := range []string{"有限责任公司", "有限公司"} {
		if rest, ok := strings.CutSuffix(n, form); ok && rest != "" {
			return rest + "公司"
		}
	}
	return n
}

// Spellings are the ways a body of this name may be written in a register, the name itself first.
func Spellings(name string) []string {
	out := []string{name}
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(strings.Join(strings.Fields(name), ""))
	for _, s := range slices.Clone(out) {
		add(strings.NewReplacer("（", "(", "）", ")").Replace(s))
		add(strings.NewReplacer("(", "（", ")", "）").Replace(s))
	}
	for _, s := range slices.Clone(out) {
		if rest, ok := strings.CutSuffix(s, "有限责任公司"); ok {
			add(rest + "有限公司")
		} else if rest, ok := strings.CutSuffix(s, "有限公司"); ok {
			add(rest + "有限责任公司")
		}
	}
	return out
}

// Core is the normal form without the legal form, the country's mark of registers ("(China)") and English words
// that only join.
func Core(name string) string {
	n := Normalise(name)
	if hasHan(n) {
		forms := legalForms()
		for cut := !slices.Contains(forms, n); cut; {
			cut = false
			for _, tail := range forms {
				if rest, ok := strings.CutSuffix(n, tail); ok && len([]rune(rest)) >= 2 {
					n, cut = rest, true
				}
			}
		}
		return n
	}
	words := strings.Fields(n)
	var out []string
	for _, w := range words {
		if !joining(w) && !legalWord(w) {
			out = append(out, w)
		}
	}
	if len(out) > 1 && out[len(out)-1] == "china" {
		out = out[:len(out)-1]
	}
	if len(out) == 0 {
		return n
	}
	return strings.Join(out, " ")
}

func hasHan(s string) bool { return strings.ContainsFunc(s, han) }

// legalForms are the ends of Chinese names that say only how a body is constituted, the longest first.
func legalForms() []string {
	return []string{"集团股份有限公司", "集团有限责任公司", "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "普通合伙", "有限合伙", "特殊普通合伙", "股份公司", "集团公司", "分公司", "公司", "集团", "官方网站", "官网"}
}

func legalWord(w string) bool {
	switch w {
	case "co", "ltd", "inc", "corp", "corporation", "llc", "limited", "company", "gmbh", "plc", "group", "holdings", "holding":
		return true
	}
	return false
}

func joining(w string) bool {
	switch w {
	case "the", "of", "and", "for", "in", "at", "on", "a", "an", "s", "de":
		return true
	}
	return false
}
