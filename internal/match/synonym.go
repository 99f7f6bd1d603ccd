package match

import (
	_ "embed" // the groups of synonyms
	"slices"
	"strings"
)

//go:embed synonyms.txt
var synonymText string

// synonyms are groups of names for one thing, each with its folded form.
type synonyms [][]name

type name struct{ text, folded string }

func readSynonyms(text string, fold func(string) string) synonyms {
	var out synonyms
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var group []name
		for member := range strings.SplitSeq(line, "|") {
			group = append(group, name{member, fold(member)})
		}
		out = append(out, group)
	}
	return out
}

// meaning is a name that a text uses, and every name of the same thing with its words.
type meaning struct {
	used  string
	names []named
}

type named struct {
	text  string
	words []string
}

// others are the names that the text does not use.
func (m meaning) others() []string {
	var out []string
	for _, n := range m.names {
		if n.text != m.used {
			out = append(out, n.text)
		}
	}
	return out
}

// foundAs is the name under which words have the thing, the used one first; ” when they have it not.
func (m meaning) foundAs(words []string) string {
	best := ""
	for _, n := range m.names {
		all := len(n.words) > 0 && !slices.ContainsFunc(n.words, func(w string) bool { return !hasWord(words, w) })
		if all && (best == "" || n.text == m.used) {
			best = n.text
		}
	}
	return best
}

// wordsOf are the words of one of its names.
func (m meaning) wordsOf(name string) []string {
	for _, n := range m.names {
		if n.text == name {
			return n.words
		}
	}
	return nil
}

func hasWord(words []string, w string) bool {
	return slices.ContainsFunc(words, func(have string) bool { return strings.EqualFold(have, w) })
}

// in finds the names that a folded text uses, the longest of each group. Names of letters count as whole
// words only. words cuts a name into the words of the index.
func (s synonyms) in(folded string, words func(string) []string) []meaning {
	var out []meaning
	for _, group := range s {
		var m meaning
		for _, n := range group {
			if containsName(folded, n.folded) && len(n.text) > len(m.used) {
				m.used = n.text
			}
		}
		if m.used == "" {
			continue
		}
		for _, n := range group {
			m.names = append(m.names, named{n.text, words(n.text)})
		}
		out = append(out, m)
	}
	return out
}

// containsName looks for a name; one of letters must not stand inside a longer word.
func containsName(text, name string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(name)
		insideBefore := i > 0 && wordByte(name[0]) && wordByte(text[i-1])
		insideAfter := end < len(text) && wordByte(name[len(name)-1]) && wordByte(text[end])
		if !insideBefore && !insideAfter {
			return true
		}
		from = i + 1
	}
}

func wordByte(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }
