package policy

import (
	"strings"

	"qiao/internal/platform/textindex/fold"
)

// words are what a query asks for: at most eight words, each of which must occur.
func words(query string) []string {
	w := strings.Fields(fold.Text(query))
	return w[:min(len(w), maxWords)]
}

const maxWords = 8

// pattern is a word as a LIKE pattern with \ as escape.
func pattern(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
}
