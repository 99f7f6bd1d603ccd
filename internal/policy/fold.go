package policy

import (
	"strings"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// fold makes texts comparable: full-width letters and digits narrow, compatibility forms, lower case,
// single spaces.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(width.Narrow.String(s)))), " ")
}

// words are what a query asks for: at most eight words, each of which must occur.
func words(query string) []string {
	w := strings.Fields(fold(query))
	return w[:min(len(w), maxWords)]
}

const maxWords = 8

// pattern is a word as a LIKE pattern with \ as escape.
func pattern(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
}
