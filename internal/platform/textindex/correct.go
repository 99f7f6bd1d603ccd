package textindex

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// anyWithAll reports whether some document has everything a query asks for.
func (e *Engine) anyWithAll(text string) bool {
	q, err := e.understand(text, false)
	if err != nil {
		return false
	}
	r, err := e.search(q, Request{Least: 1})
	return err == nil && r.Total > 0
}

// correct returns the query with the parts that stand nowhere in the index replaced by what was probably
// meant, or "" when there is nothing to replace. nothing says that the query as typed found no document.
func (e *Engine) correct(query string, nothing bool) string {
	if marks := readMarks(query); len(marks.phrases)+len(marks.without) > 0 || len(query) > longestSynonyms {
		return "" // marks say: just so
	}
	pieces := piecesOf(e.analyser, query)
	e.names.mu.RLock()
	defer e.names.mu.RUnlock()
	english := 0
	for _, p := range pieces {
		if p.word && strings.IndexFunc(p.text, isHan) < 0 {
			english++
		}
	}
	changed := false
	for i := 0; i < len(pieces); i++ {
		if !pieces[i].word || e.stands(pieces[i].text) || english >= mostLatin && hollowEnglish(pieces[i].text) {
			continue
		}
		n, by := e.mend(pieces[i:], nothing)
		if by == "" {
			continue
		}
		pieces[i].text, changed = by, true
		pieces = slices.Delete(pieces, i+1, i+n)
	}
	if !changed {
		return ""
	}
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return strings.TrimSpace(b.String())
}

// mostLatin is the number of words of letters from which on a query is read as English: "can" and "how" in it are words,
// not pinyin.
const mostLatin = 3

// hollowEnglish reports whether a word is one of English that says nothing about what is looked for; in capitals it is
// something else.
func hollowEnglish(word string) bool {
	return strings.Contains(englishHollow, " "+sentenceCase(word)+" ")
}

// piece is a run of letters, digits and Chinese characters without a space, or what stands between two.
type piece struct {
	text string
	word bool
}

func piecesOf(a *Analyser, query string) []piece {
	var out []piece
	for _, r := range query {
		word := sortOf(a.fold.Rune(r)) != sortOther || strings.ContainsRune("'’-/_.", r)
		if n := len(out); n > 0 && out[n-1].word == word {
			out[n-1].text += string(r)
			continue
		}
		out = append(out, piece{string(r), word})
	}
	return out
}

// stands reports whether every word of a text stands in some document: as a word, or by all its pairs.
func (e *Engine) stands(text string) bool {
	q, err := e.analyser.parse(text)
	if err != nil {
		return true
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	x := e.index
	gone := func(f *field, term string) bool {
		p := f.list(term)
		return p == nil || x.documents(p) == 0
	}
	lone := 0 // characters in a row that are no word together
	for i, t := range q.terms {
		han := utf8.RuneCountInString(t.term) == 1 && isHan(firstRune(t.term))
		if han {
			lone++
		} else {
			lone = 0
		}
		if lone >= 2 && gone(&x.pairs, q.terms[i-1].term+t.term) {
			return false
		}
	}
	for _, t := range q.pairs {
		if t.needed && gone(&x.pairs, t.term) {
			return false
		}
	}
	return true
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// mend finds what was meant by the first of some pieces, or by it and the next ones together (pinyin with
// spaces). It returns how many pieces it replaces.
func (e *Engine) mend(pieces []piece, nothing bool) (int, string) {
	text := pieces[0].text
	han := strings.IndexFunc(text, isHan) >= 0
	if !han {
		for n := (min(len(pieces), mostSyllables) - 1) | 1; n >= 1; n -= 2 {
			if n > len(pieces) || n > 1 && !e.allPinyin(pieces[:n]) {
				continue
			}
			var b strings.Builder
			for _, p := range pieces[:n] {
				b.WriteString(p.text)
			}
			if by := e.fromPinyin(b.String()); by != "" {
				return n, by
			}
		}
		return 1, e.respell(text)
	}
	if strings.IndexFunc(text, isLatin) >= 0 {
		if by := e.best(text); by != "" {
			return 1, by
		}
	}
	if by := e.sameSound(text); by != "" {
		return 1, by
	}
	if nothing || !e.inDictionary(text) {
		return 1, e.oneWrong(text)
	}
	return 1, ""
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// mostSyllables is how many pieces, spaces counted, are read as pinyin together.
const mostSyllables = 15

// allPinyin reports whether pieces are syllables, one or more each, with spaces between.
func (e *Engine) allPinyin(pieces []piece) bool {
	for _, p := range pieces {
		if p.word && !e.analyser.readings.syllabic(typedPinyin(p.text)) || !p.word && strings.TrimSpace(p.text) != "" {
			return false
		}
	}
	return true
}

// fromPinyin reads a row of letters as pinyin: as part of a name, word by word, or by initials.
func (e *Engine) fromPinyin(text string) string {
	letters := typedPinyin(text)
	if len(letters) < 2 {
		return ""
	}
	if by := e.words(letters); by != "" {
		return by
	}
	return e.best(letters)
}

// best returns the stretch of whole words that the typed text most often stands for in names.
func (e *Engine) best(typed string) string {
	n := e.names
	a := e.analyser
	list := n.grow(a, n.find(a, typed, false, 500), 0)
	list = slices.DeleteFunc(list, func(p namePhrase) bool { return !p.exact || strings.EqualFold(p.text, typed) })
	if v := n.byFirst[typed]; len(v) > 0 {
		top := slices.MaxFunc(v, func(a, b *vocable) int { return cmp.Compare(a.count, b.count) })
		list = append(list, namePhrase{text: top.text, count: top.count})
	}
	if len(list) == 0 {
		return ""
	}
	return slices.MaxFunc(list, func(a, b namePhrase) int {
		return cmp.Or(cmp.Compare(a.count, b.count), cmp.Compare(b.text, a.text))
	}).text
}

// words reads letters as the likeliest row of words of names, in full pinyin.
func (e *Engine) words(letters string) string {
	if len(letters) > 80 {
		return ""
	}
	type step struct {
		cost float64
		from int
		word string
	}
	best := make([]step, len(letters)+1)
	for i := range best {
		best[i].cost = math.Inf(1)
	}
	best[0].cost = 0
	for i := range letters {
		if math.IsInf(best[i].cost, 1) {
			continue
		}
		for j := i + 2; j <= min(len(letters), i+36); j++ {
			for _, v := range e.names.byFull[letters[i:j]] {
				if c := best[i].cost + 12 - math.Log(float64(v.count)+1); c < best[j].cost {
					best[j] = step{c, i, v.text}
				}
			}
		}
	}
	if math.IsInf(best[len(letters)].cost, 1) {
		return ""
	}
	out := ""
	for i := len(letters); i > 0; i = best[i].from {
		out = best[i].word + out
	}
	return out
}

// sameSound replaces Chinese characters by words of names that sound the same, leaving as many as possible.
func (e *Engine) sameSound(text string) string {
	runes := []rune(strings.Map(e.analyser.fold.Rune, text))
	spelled := e.analyser.readings.spell(runes)
	type step struct {
		cost float64
		from int
		word string
	}
	best := make([]step, len(runes)+1)
	for i := range runes {
		best[i+1] = step{math.Inf(1), i, ""}
	}
	take := func(i, j int, word string, cost float64) {
		if best[i].cost+cost < best[j].cost {
			best[j] = step{best[i].cost + cost, i, word}
		}
	}
	for i := range runes {
		if sortOf(runes[i]) != sortHan {
			take(i, i+1, string(runes[i]), 0)
			continue
		}
		take(i, i+1, string(runes[i]), 30)
		sound := ""
		for j := i; j < min(len(runes), i+6) && spelled[j] != ""; j++ {
			sound += spelled[j]
			for _, v := range e.names.byFull[sound] {
				other, same := []rune(v.text), 0
				for k := range min(len(other), j+1-i) {
					if other[k] == runes[i+k] {
						same++
					}
				}
				wrong := j + 1 - i - same
				if len(other) == j+1-i {
					take(i, j+1, v.text, 8+5*float64(wrong)-0.5*math.Log(float64(v.count)+1))
				}
			}
		}
	}
	out := ""
	for i := len(runes); i > 0; i = best[i].from {
		out = best[i].word + out
	}
	if out == string(runes) {
		return ""
	}
	return out
}

// inDictionary reports whether all of a text is words of the dictionary: then it is no slip.
func (e *Engine) inDictionary(text string) bool {
	folded := strings.Map(e.analyser.fold.Rune, text)
	bounds := e.analyser.bounds(folded)
	for i := 1; i < len(bounds); i++ {
		if bounds[i]-bounds[i-1] == 1 && isHan([]rune(folded)[bounds[i-1]]) {
			return false
		}
	}
	return true
}

// oneWrong looks for a stretch of names that differs from the text in one Chinese character; from three on.
func (e *Engine) oneWrong(text string) string {
	runes := []rune(strings.Map(e.analyser.fold.Rune, text))
	if len(runes) < 3 || len(runes) > 12 {
		return ""
	}
	n, best, most := e.names, "", 0
	for i := range runes {
		if !isHan(runes[i]) {
			continue
		}
		head, tail := string(runes[:i]), string(runes[i+1:])
		needle := head
		if len(tail) > len(head) {
			needle = tail
		}
		counts := map[string]int{}
		n.scan(n.folded, needle, func(e nameEntry) uint32 { return e.folded }, func(k uint32, _ int) bool {
			if s := between(string(row(n.folded, n.entries[k].folded)), head, tail); s != "" {
				counts[s] += int(n.entries[k].count)
			}
			return len(counts) < 50
		})
		for s, c := range counts {
			if s != string(runes) && (c > most || c == most && s < best) {
				best, most = s, c
			}
		}
	}
	return best
}

// between returns head, one Chinese character and tail where they stand so in a name.
func between(name, head, tail string) string {
	for from := 0; ; {
		i := strings.Index(name[from:], head)
		if i < 0 || from+i+len(head) >= len(name) {
			return ""
		}
		at := from + i + len(head)
		r, size := utf8.DecodeRuneInString(name[at:])
		if isHan(r) && strings.HasPrefix(name[at+size:], tail) {
			return name[from+i : at+size+len(tail)]
		}
		from += i + max(1, size)
		if head != "" {
			from = at
		}
		if from >= len(name) {
			return ""
		}
	}
}

// respell returns the word of names nearest to a word of letters: one edit from four letters on, two from eight.
func (e *Engine) respell(text string) string {
	word := strings.ToLower(text)
	if len(word) < 4 || strings.IndexFunc(word, func(r rune) bool { return !isLower(r) }) >= 0 {
		return ""
	}
	allowed := 1
	if len(word) >= 8 {
		allowed = 2
	}
	best, at := (*vocable)(nil), allowed+1
	for _, v := range e.names.latin {
		if d := len(v.text) - len(word); d > allowed || -d > allowed {
			continue
		}
		d := edits(word, v.text, allowed)
		if (d > 1 || len(word) < 6) && v.text[0] != word[0] {
			continue // two slips do not begin a word, and of a short one the beginning is sure
		}
		if d < at || d == at && best != nil && v.count > best.count {
			best, at = v, d
		}
	}
	if best == nil || at > allowed {
		return ""
	}
	return best.text
}

// edits counts insertions, deletions, changes and swaps of neighbours between two words, most+1 for more.
func edits(a, b string, most int) int {
	var before, last, row [64]int
	if len(a) >= len(row) || len(b) >= len(row) {
		return most + 1
	}
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last = last, row
	}
	return last[len(b)]
}
