package textindex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// asked is a query as its writer marked it: a phrase stands in quotation marks, a word to leave out behind a
// hyphen. Everything else is as it stands.
type asked struct {
	plain   string   // what ranks: the text without its marks and without what is left out
	phrases []string // must stand in a document, all parts in this order
	without []string // must not stand in it
}

// longestMarked bounds, in characters, the queries whose marks are read: beyond it a text is prose, where a
// quotation mark quotes and a hyphen at the start of a line lists.
const longestMarked = 200

// readMarks takes a query apart. Quotation marks ask for a phrase only where they stand by themselves, between
// spaces: inside a sentence or a title (基于“互联网+”的…) they are its own. A hyphen inside a word, before a space
// or in front of nothing is only a hyphen.
func readMarks(text string) asked {
	if len(text) > 4*longestMarked || utf8.RuneCountInString(text) > longestMarked {
		return asked{plain: text}
	}
	var out asked
	var plain strings.Builder
	fresh := true // a word may begin here
	for rest := text; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case fresh && isQuote(r):
			inner, length := quoted(rest)
			if length == 0 {
				plain.WriteString(rest[:size])
				break
			}
			out.phrases = append(out.phrases, inner)
			plain.WriteString(" " + inner + " ")
			size = length
		case fresh && r == '-':
			word, length := leftOut(rest[size:])
			if length == 0 {
				plain.WriteString(rest[:size])
				break
			}
			out.without = append(out.without, word)
			plain.WriteByte(' ')
			size += length
		default:
			plain.WriteString(rest[:size])
		}
		fresh = unicode.IsSpace(r)
		rest = rest[size:]
	}
	if len(out.phrases)+len(out.without) == 0 {
		return asked{plain: text}
	}
	out.plain = strings.TrimSpace(plain.String())
	return out
}

func isQuote(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '＂' || r == '„' }

// quoted reads "…" at the start of s and returns what stands inside and the bytes it takes; 0 when the mark
// has no partner or nothing to search by stands between.
func quoted(s string) (string, int) {
	_, open := utf8.DecodeRuneInString(s)
	for i, r := range s[open:] {
		if !isQuote(r) {
			continue
		}
		inner := strings.TrimSpace(s[open : open+i])
		end := open + i + utf8.RuneLen(r)
		if next, _ := utf8.DecodeRuneInString(s[end:]); !sayable(inner) || end < len(s) && !unicode.IsSpace(next) {
			return "", 0
		}
		return inner, end
	}
	return "", 0
}

// leftOut reads the word or phrase behind a hyphen.
func leftOut(s string) (string, int) {
	r, _ := utf8.DecodeRuneInString(s)
	if s == "" || unicode.IsSpace(r) || r == '-' {
		return "", 0
	}
	if isQuote(r) {
		return quoted(s)
	}
	end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isQuote(r) })
	if end < 0 {
		end = len(s)
	}
	if !sayable(s[:end]) {
		return "", 0
	}
	return s[:end], end
}

// sayable reports whether a text has anything to search by.
func sayable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return sortOf(r) != sortOther }) >= 0
}
