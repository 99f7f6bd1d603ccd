package format

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode"
)

// BibTeXReader reads the entries of a BibTeX file one by one. It is forgiving: what stands between entries is a comment, and
// an entry that does not end stops where the next one begins, so that it spoils no other.
type BibTeXReader struct {
	r      *bufio.Reader
	line   int
	n      int
	macros map[string]string // @string
	size   int               // bytes of them
}

// NewBibTeX reads from r, which gives UTF-8.
func NewBibTeX(r io.Reader) *BibTeXReader {
	macros := map[string]string{}
	for i, m := range []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"} {
		macros[m] = string([]byte{'0' + byte((i+1)/10), '0' + byte((i+1)%10)})
	}
	return &BibTeXReader{r: bufio.NewReaderSize(r, 64<<10), line: 1, macros: macros}
}

// Next gives the next entry, io.EOF at the end.
func (b *BibTeXReader) Next() (Entry, error) {
	for {
		kind, end, err := b.start()
		if err != nil {
			return Entry{}, err
		}
		line := b.line
		body, broken, err := b.body(end)
		if err != nil {
			return Entry{}, err
		}
		switch kind {
		case "comment", "preamble":
			continue
		case "string":
			b.define(body)
			continue
		}
		b.n++
		e := Entry{Number: b.n, Line: line, Type: kind, Broken: broken}
		e.Key, e.Tags = b.fields(body)
		if e.Broken == "" && len(e.Tags) == 0 {
			e.Broken = BrokenEmpty
		}
		return e, nil
	}
}

// start moves behind the next "@word{" and gives the word and what closes it.
func (b *BibTeXReader) start() (kind string, end byte, err error) {
	for {
		c, err := b.byte()
		if err != nil {
			return "", 0, err
		}
		if c != '@' {
			continue
		}
		head, err := b.r.Peek(maxWord)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", 0, err
		}
		kind, end, n := opening(head)
		if n == 0 {
			continue
		}
		for range n {
			if _, err := b.byte(); err != nil {
				return "", 0, err
			}
		}
		return kind, end, nil
	}
}

// maxWord is how far behind an @ its word and bracket are looked for.
const maxWord = 64

// opening reads "word{" or "word("; n is how long it is, 0 where there is none.
func opening(s []byte) (kind string, end byte, n int) {
	i := skipBlank(s, 0)
	from := i
	for i < len(s) && (letter(s[i]) || i > from && s[i] >= '0' && s[i] <= '9') {
		i++
	}
	word := i
	if i = skipBlank(s, i); word == from || i >= len(s) {
		return "", 0, 0
	}
	switch s[i] {
	case '{':
		end = '}'
	case '(':
		end = ')'
	default:
		return "", 0, 0
	}
	return strings.ToLower(string(s[from:word])), end, i + 1
}

func skipBlank(s []byte, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r') {
		i++
	}
	return i
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func (b *BibTeXReader) byte() (byte, error) {
	c, err := b.r.ReadByte()
	if c == '\n' && err == nil {
		b.line++
	}
	return c, err
}

// body reads up to the bracket that closes an entry. A line that begins an entry ends an open one.
func (b *BibTeXReader) body(end byte) (text string, broken string, err error) {
	var out strings.Builder
	depth, quoted, fresh := 0, false, false
	for {
		if fresh && b.beginsEntry() {
			return out.String(), BrokenOpen, nil
		}
		c, err := b.byte()
		if errors.Is(err, io.EOF) {
			return out.String(), BrokenOpen, nil
		}
		if err != nil {
			return "", "", err
		}
		fresh = c == '\n'
		switch {
		case c == '\\': // its bracket is a character of the text
			if next, err := b.r.Peek(1); err == nil && (next[0] == '{' || next[0] == '}' || next[0] == '"' || next[0] == '\\') {
				out.WriteByte(c)
				if c, err = b.byte(); err != nil {
					return "", "", err
				}
			}
		case c == '{':
			depth++
		case c == end && depth == 0 && !quoted:
			return out.String(), broken, nil
		case c == '}' && depth > 0:
			depth--
		case c == '"' && depth == 0 && end == ')':
			quoted = !quoted
		}
		if out.Len() < maxEntry {
			out.WriteByte(c)
		} else {
			broken = BrokenLong
		}
	}
}

// beginsEntry tells whether an entry begins on this line.
func (b *BibTeXReader) beginsEntry() bool {
	head, err := b.r.Peek(maxWord) // shorter at the end of the file
	if len(head) == 0 && err != nil {
		return false
	}
	i := 0
	for i < len(head) && (head[i] == ' ' || head[i] == '\t') {
		i++
	}
	if i >= len(head) || head[i] != '@' {
		return false
	}
	_, _, n := opening(head[i+1:])
	return n > 0
}

// What the macros of a file may take.
const (
	maxMacros    = 10_000
	maxMacroText = 4 << 20
)

// define keeps the macros of an @string.
func (b *BibTeXReader) define(body string) {
	_, tags := b.fields(body)
	for _, t := range tags {
		if len(b.macros) < maxMacros && b.size+len(t.Text) <= maxMacroText {
			b.macros[t.Name] = t.Text
			b.size += len(t.Text)
		}
	}
}

// fields takes the inside of an entry apart: the key, and name = value with commas between.
func (b *BibTeXReader) fields(body string) (key string, tags []Tag) {
	p := &bibParser{s: body, macros: b.macros}
	if i := strings.IndexAny(body, ",="); i >= 0 && body[i] == '=' { // no key, as in @string, or no comma behind it
		if words := strings.Fields(body[:i]); len(words) == 2 {
			key = words[0]
			p.at = strings.Index(body, key) + len(key)
		}
	} else if i < 0 {
		return strings.TrimSpace(body), nil
	} else {
		key, p.at = strings.Join(strings.Fields(body[:i]), " "), i+1
	}
	for p.at < len(p.s) && len(tags) < maxTags {
		if t, ok := p.field(); ok {
			tags = append(tags, t)
		}
	}
	return key, tags
}

// maxTags is how many fields one entry may have.
const maxTags = 10_000

type bibParser struct {
	s      string
	at     int
	macros map[string]string
}

func (p *bibParser) blank() {
	for p.at < len(p.s) && strings.IndexByte(" \t\r\n,", p.s[p.at]) >= 0 {
		p.at++
	}
}

// field reads one field; ok is false where there is none, and it always moves on.
func (p *bibParser) field() (Tag, bool) {
	p.blank()
	from := p.at
	for p.at < len(p.s) && strings.IndexByte("=,{}\"# \t\r\n", p.s[p.at]) < 0 {
		p.at++
	}
	name := strings.ToLower(p.s[from:p.at])
	p.space()
	if p.at >= len(p.s) {
		return Tag{}, false
	}
	if p.s[p.at] != '=' {
		if p.at == from {
			p.at++
		} else if i := strings.IndexByte(p.s[p.at:], ','); i >= 0 { // a word that is no field: go on behind it
			p.at += i
		} else {
			p.at = len(p.s)
		}
		return Tag{}, false
	}
	p.at++
	return Tag{name, p.value()}, name != ""
}

func (p *bibParser) space() {
	for p.at < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.at]) >= 0 {
		p.at++
	}
}

// value reads pieces joined by #.
func (p *bibParser) value() string {
	var out strings.Builder
	for {
		p.space()
		if p.at >= len(p.s) {
			break
		}
		switch p.s[p.at] {
		case '{':
			out.WriteString(p.until('}'))
		case '"':
			out.WriteString(p.until('"'))
		default:
			from := p.at
			for p.at < len(p.s) && strings.IndexByte(",# \t\r\n", p.s[p.at]) < 0 {
				p.at++
			}
			word := p.s[from:p.at]
			if text, ok := p.macros[strings.ToLower(word)]; ok {
				word = text
			}
			if out.Len()+len(word) <= maxEntry { // macros of macros must not grow without end
				out.WriteString(word)
			}
		}
		p.space()
		if p.at >= len(p.s) || p.s[p.at] != '#' {
			break
		}
		p.at++
	}
	return out.String()
}

// until gives what stands between an opening mark, where p is, and the closing one that is not inside further braces.
func (p *bibParser) until(end byte) string {
	p.at++
	from, depth := p.at, 0
	for ; p.at < len(p.s); p.at++ {
		switch c := p.s[p.at]; {
		case c == '\\':
			p.at++
		case c == end && depth == 0:
			p.at++
			return p.s[from : p.at-1]
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		}
	}
	p.at = len(p.s)
	return p.s[from:]
}

// Names are the persons of an author field, each as "First Last"; a corporate name in braces is one.
func Names(text string) []string {
	var out []string
	for _, part := range splitAnd(text) {
		pieces := strings.Split(bareCommas(part), "\x00")
		for i, p := range pieces {
			pieces[i] = LaTeX(p)
		}
		if name := person(pieces); name != "" && !strings.EqualFold(name, "others") {
			out = append(out, name)
		}
	}
	return out
}

// PersonName turns "Last, First" or "Last, First, Suffix", as RIS has persons, into "First Last Suffix".
func PersonName(s string) string {
	pieces := strings.Split(s, ",")
	if len(pieces) == 3 {
		pieces[1], pieces[2] = pieces[2], pieces[1]
	}
	return person(pieces)
}

// person puts the pieces of a name together: the name as it is, last and first, or last, suffix and first; Chinese names keep
// their order and have no space.
func person(pieces []string) string {
	for i, p := range pieces {
		pieces[i] = oneName(p)
	}
	switch len(pieces) {
	case 1:
		return pieces[0]
	case 2:
		if han(pieces[0]) && han(pieces[1]) {
			return pieces[0] + pieces[1]
		}
		return oneName(pieces[1] + " " + pieces[0])
	case 3:
		return oneName(pieces[2] + " " + pieces[0] + " " + pieces[1])
	}
	return oneName(strings.Join(pieces, " "))
}

func han(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// oneName is a name on one line without the marks that part names in a list.
func oneName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(",，、;；", r) { //i18n:data separators
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// bareCommas marks the commas outside of braces.
func bareCommas(s string) string {
	depth := 0
	b := []byte(s)
	for i, c := range b {
		switch {
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		case c == ',' && depth == 0:
			b[i] = 0
		}
	}
	return string(b)
}

// splitAnd cuts at the word and outside of braces.
func splitAnd(s string) []string {
	var out []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		case depth == 0 && i > from && blankByte(s[i-1]) && i+4 <= len(s) && strings.EqualFold(s[i:i+3], "and") && blankByte(s[i+3]):
			out = append(out, s[from:i])
			from = i + 3
		}
	}
	return append(out, s[from:])
}

func blankByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
