package textindex

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// names is what suggestions and corrections draw from: the distinct names of documents, side by side in four
// rows of bytes (as written, folded, in pinyin, by initials), so that one look through a row is one scan, and
// the words in them. It only grows; whatever it offers is looked up in the index before it is shown, so names
// of documents that left do no harm.
type names struct {
	mu      sync.RWMutex
	seed    maphash.Seed
	byHash  map[uint64]uint32 // of the folded name
	entries []nameEntry
	shown   []byte
	folded  []byte // each name ends with a line break, here and in the two below
	full    []byte // pinyin; letters and digits stay
	first   []byte // one byte a character
	words   map[string]*vocable
	byFull  map[string][]*vocable // by pinyin; letters by themselves
	byFirst map[string][]*vocable
	latin   []*vocable // words of four letters and more
}

// nameEntry says where a name begins in each row.
type nameEntry struct{ shown, folded, full, first, count uint32 }

// vocable is a word that stands in names.
type vocable struct {
	text  string
	count int // in distinct names
}

// Bounds of what names holds: about 160 bytes a name and 150 a word, 14 MB in all, however large the index.
const (
	mostNames   = 50_000
	mostWords   = 40_000
	longestName = 60 // characters
)

func newNames() *names {
	return &names{seed: maphash.MakeSeed(), byHash: map[uint64]uint32{}, words: map[string]*vocable{},
		byFull: map[string][]*vocable{}, byFirst: map[string][]*vocable{}}
}

// namesOf are the names a document is offered under.
func (d Document) namesOf() []string {
	if len(d.Names) > 0 {
		return d.Names
	}
	return []string{d.Title}
}

// add takes the names of documents.
func (n *names) add(a *Analyser, docs []prepared) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range docs {
		for _, name := range docs[i].doc.namesOf() {
			n.put(a, name, true)
		}
	}
}

// addWords takes words that are no names of documents, so that they are understood in pinyin too.
func (n *names) addWords(a *Analyser, words []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, w := range words {
		n.put(a, w, false)
		folded := strings.Map(a.fold.Rune, w)
		n.word(a, folded, len(folded))
	}
}

// put enters a name. The caller holds the lock.
func (n *names) put(a *Analyser, name string, counts bool) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > longestName {
		return
	}
	folded := strings.Map(a.fold.Rune, name)
	hash := maphash.String(n.seed, folded)
	if i, ok := n.byHash[hash]; ok {
		n.entries[i].count++
		return
	}
	if len(n.entries) >= mostNames {
		return
	}
	e := nameEntry{shown: uint32(len(n.shown)), folded: uint32(len(n.folded)), full: uint32(len(n.full)), first: uint32(len(n.first))}
	if counts {
		e.count = 1
	}
	n.byHash[hash] = uint32(len(n.entries))
	n.entries = append(n.entries, e)
	n.shown = append(append(n.shown, name...), '\n')
	n.folded = append(append(n.folded, folded...), '\n')
	runes := []rune(folded)
	for i, s := range a.readings.spell(runes) {
		if s != "" {
			n.full = append(n.full, s...)
			n.first = append(n.first, s[0])
			continue
		}
		n.full = utf8.AppendRune(n.full, runes[i])
		n.first = append(n.first, oneByte(runes[i]))
	}
	n.full = append(n.full, '\n')
	n.first = append(n.first, '\n')
	bounds := a.bounds(folded)
	for i := 1; i < len(bounds); i++ {
		n.word(a, string(runes[bounds[i-1]:bounds[i]]), 1)
	}
}

func oneByte(r rune) byte {
	if r > ' ' && r < 0x7F {
		return byte(r)
	}
	return ' '
}

// word counts a word of a name. The caller holds the lock.
func (n *names) word(a *Analyser, w string, by int) {
	runes := []rune(w)
	if len(runes) < 2 || sortOf(runes[0]) == sortOther || sortOf(runes[0]) == sortDigit {
		return
	}
	if v := n.words[w]; v != nil {
		v.count += by
		return
	}
	if len(n.words) >= mostWords {
		return
	}
	v := &vocable{w, by}
	n.words[w] = v
	if !isHan(runes[0]) {
		if len(runes) >= 4 {
			n.latin = append(n.latin, v)
		}
		return
	}
	full, first := "", ""
	for _, s := range a.readings.spell(runes) {
		if s == "" {
			return
		}
		full, first = full+s, first+s[:1]
	}
	n.byFull[full] = append(n.byFull[full], v)
	n.byFirst[first] = append(n.byFirst[first], v)
}

// bounds returns where words begin and end in a text, in characters: every word, sign and space is a stretch
// between two neighbours.
func (a *Analyser) bounds(folded string) []int {
	runes := []rune(folded)
	out := []int{0}
	var p path
	for i := 0; i < len(runes); {
		switch sortOf(runes[i]) {
		case sortHan:
			end := i
			for end < len(runes) && isHan(runes[end]) {
				end++
			}
			a.segment.cut(runes[i:end], &p, func(_, to int) { out = append(out, i+to) })
			i = end
		case sortOther:
			i++
			out = append(out, i)
		default:
			s := i
			for i < len(runes) && sortOf(runes[i]) == sortOf(runes[s]) {
				i++
			}
			out = append(out, i)
		}
	}
	return out
}

// hit is a stretch of a name, in characters.
type nameHit struct {
	name     uint32
	from, to int
}

// row gives name i in a row of bytes.
func row(data []byte, from uint32) []byte {
	end := bytes.IndexByte(data[from:], '\n')
	return data[from : int(from)+end]
}

// find looks for what was typed in all names: as it stands, then in pinyin, by initials and mixed. At most
// most stretches are returned. The caller holds the read lock.
func (n *names) find(a *Analyser, typed string, open bool, most int) []nameHit {
	folded := strings.ToLower(strings.Map(a.fold.Rune, strings.TrimSpace(typed)))
	if folded == "" || strings.Contains(folded, "\n") {
		return nil
	}
	var out []nameHit
	at := func(e nameEntry) uint32 { return e.folded }
	n.scan(n.folded, folded, at, func(i uint32, off int) bool {
		line := row(n.folded, n.entries[i].folded)
		from := utf8.RuneCount(line[:off])
		if starts(line, off) {
			out = append(out, nameHit{i, from, from + utf8.RuneCountInString(folded)})
		}
		return len(out) < most
	})
	pinyin := typedPinyin(folded)
	switch {
	case pinyin != "":
		out = n.findPinyin(a, pinyin, open, most, out)
	case strings.IndexFunc(folded, isHan) >= 0 && strings.IndexFunc(folded, isLower) >= 0:
		out = n.findMixed(a, strings.ReplaceAll(folded, " ", ""), open, most, out)
	}
	return out
}

func isLower(r rune) bool { return r >= 'a' && r <= 'z' }

// starts reports whether a match at byte off does not begin inside a word of letters.
func starts(line []byte, off int) bool {
	before, _ := utf8.DecodeLastRune(line[:off])
	r, _ := utf8.DecodeRune(line[off:])
	return off == 0 || isHan(r) || sortOf(r) != sortOf(before)
}

func (n *names) findPinyin(a *Analyser, pinyin string, open bool, most int, out []nameHit) []nameHit {
	n.scan(n.full, pinyin, func(e nameEntry) uint32 { return e.full }, func(i uint32, _ int) bool {
		out = n.fit(a, i, pinyin, pinyin[:1], open, out)
		return len(out) < most
	})
	if len(pinyin) < 2 && !open {
		return out
	}
	n.scan(n.first, pinyin, func(e nameEntry) uint32 { return e.first }, func(i uint32, off int) bool {
		out = append(out, nameHit{i, off, off + len(pinyin)})
		return len(out) < 2*most
	})
	return out
}

func (n *names) findMixed(a *Analyser, pattern string, open bool, most int, out []nameHit) []nameHit {
	longestRun := ""
	for _, run := range strings.FieldsFunc(pattern, func(r rune) bool { return !isHan(r) }) {
		if len(run) > len(longestRun) {
			longestRun = run
		}
	}
	n.scan(n.folded, longestRun, func(e nameEntry) uint32 { return e.folded }, func(i uint32, _ int) bool {
		out = n.fit(a, i, pattern, "", open, out)
		return len(out) < most
	})
	return out
}

// fit tries a pattern at every character of a name, once for each name.
func (n *names) fit(a *Analyser, i uint32, pattern, initial string, open bool, out []nameHit) []nameHit {
	name := []rune(string(row(n.folded, n.entries[i].folded)))
	spelled := a.readings.spell(name)
	for at := range name {
		if initial != "" && !strings.HasPrefix(spelled[at], initial) {
			continue
		}
		if end, ok := fits(name, spelled, at, pattern, open); ok {
			return append(out, nameHit{i, at, end})
		}
	}
	return out
}

// scan yields every name in whose row the needle stands, once, with its first place there.
func (n *names) scan(data []byte, needle string, start func(nameEntry) uint32, yield func(name uint32, off int) bool) {
	what := []byte(needle)
	for from := 0; ; {
		i := bytes.Index(data[from:], what)
		if i < 0 {
			return
		}
		pos := uint32(from + i)
		k, exact := slices.BinarySearchFunc(n.entries, pos, func(e nameEntry, p uint32) int { return cmp.Compare(start(e), p) })
		if !exact {
			k--
		}
		if !yield(uint32(k), int(pos-start(n.entries[k]))) {
			return
		}
		end := bytes.IndexByte(data[pos:], '\n')
		from = int(pos) + end + 1
	}
}

// phrase is a stretch of names that a hit grows into, whole words, and how often it stands there.
type namePhrase struct {
	text   string // as written
	count  int
	prefix bool // it begins a name
	exact  bool // it ends where the hit ends
}

// grow counts what hits grow into: from the beginning of the word they begin in to the end of the word they
// end in, and up to further words on.
func (n *names) grow(a *Analyser, hits []nameHit, further int) []namePhrase {
	at := map[string]int{}
	var out []namePhrase
	for _, h := range hits {
		e := n.entries[h.name]
		shown := []rune(string(row(n.shown, e.shown)))
		folded := string(row(n.folded, e.folded))
		bounds := a.bounds(folded)
		lo, ok := slices.BinarySearch(bounds, h.from)
		if !ok {
			lo--
		}
		hi, _ := slices.BinarySearch(bounds, h.to)
		for k, words := hi, 0; k < len(bounds); k++ {
			whole := k == len(bounds)-1
			if !whole && splits(shown, bounds[k]) || words > further && (!whole || further == 0) {
				continue
			}
			words++
			stretch := strings.TrimSpace(string(shown[bounds[lo]:bounds[k]]))
			key := strings.Map(a.fold.Rune, stretch)
			i, ok := at[key]
			if !ok {
				i = len(out)
				at[key] = i
				out = append(out, namePhrase{text: stretch})
			}
			out[i].count += int(e.count)
			out[i].prefix = out[i].prefix || lo == 0
			out[i].exact = out[i].exact || k == hi && bounds[lo] == h.from && bounds[k] == h.to
		}
	}
	return out
}

// splits reports whether a cut before character i would leave a sign at the end or half a number of a model.
func splits(name []rune, i int) bool {
	before, next := sortOf(name[i-1]), sortOf(name[i])
	alphanumeric := before == sortLetter || before == sortDigit
	return before == sortOther || alphanumeric && (next == sortLetter || next == sortDigit || next == sortOther && name[i] != ' ')
}
