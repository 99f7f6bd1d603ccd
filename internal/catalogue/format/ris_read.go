package format

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// RISReader reads the records of a RIS file one by one. It is forgiving: a record without ER ends where the next one begins,
// a line without a tag goes on with the line before it, line ends are those of any system.
type RISReader struct {
	r     *bufio.Reader
	line  int
	n     int
	ahead *risLine // read already: the first of the next record
}

type risLine struct {
	tag, text string
	line      int
	cut       bool
}

// NewRIS reads from r, which gives UTF-8.
func NewRIS(r io.Reader) *RISReader { return &RISReader{r: bufio.NewReaderSize(r, 64<<10)} }

// Next gives the next record, io.EOF at the end.
func (r *RISReader) Next() (Entry, error) {
	var e Entry
	size := 0
	for {
		l, err := r.take()
		if errors.Is(err, io.EOF) {
			if e.Line == 0 {
				return e, io.EOF
			}
			return r.done(e), nil
		}
		if err != nil {
			return e, err
		}
		if size += len(l.text) + 4; l.cut || size > maxEntry || len(e.Tags) >= maxTags {
			e.Broken = BrokenLong
		}
		switch {
		case l.tag == "TY" && e.Line != 0: // the one before has no ER
			r.ahead = &l
			return r.done(e), nil
		case l.tag == "TY":
			e.Line, e.Type = l.line, strings.ToUpper(strings.TrimSpace(l.text))
		case l.tag == "ER" && e.Line != 0:
			return r.done(e), nil
		case l.tag == "ER":
		case e.Line == 0 && l.tag == "":
			// before the first record: a heading of the program that wrote the file
		case e.Broken == BrokenLong:
			e.Line = max(e.Line, 1)
		case l.tag == "":
			if n := len(e.Tags); n > 0 && strings.TrimSpace(l.text) != "" {
				e.Tags[n-1].Text = strings.TrimSpace(e.Tags[n-1].Text + "\n" + strings.TrimSpace(l.text))
			}
		default:
			if e.Line == 0 {
				e.Line, e.Broken = l.line, BrokenType
			}
			e.Tags = append(e.Tags, Tag{l.tag, strings.TrimSpace(l.text)})
		}
	}
}

func (r *RISReader) done(e Entry) Entry {
	r.n++
	e.Number = r.n
	if e.Broken == "" && len(e.Tags) == 0 {
		e.Broken = BrokenEmpty
	}
	return e
}

func (r *RISReader) take() (risLine, error) {
	if l := r.ahead; l != nil {
		r.ahead = nil
		return *l, nil
	}
	text, cut, err := r.text()
	if err != nil {
		return risLine{}, err
	}
	r.line++
	l := risLine{text: text, line: r.line, cut: cut}
	if tag, rest, ok := risTag(text); ok {
		l.tag, l.text = tag, rest
	}
	return l, nil
}

// risTag takes "TY  - JOUR" apart; programs differ in the spaces around the dash.
func risTag(s string) (tag, rest string, ok bool) {
	s = strings.TrimPrefix(s, "\uFEFF")
	if len(s) < 3 || s[0] < 'A' || s[0] > 'Z' || (s[1] < 'A' || s[1] > 'Z') && (s[1] < '0' || s[1] > '9') {
		return "", "", false
	}
	mid := strings.TrimLeft(s[2:], " \t")
	if len(s)-len(mid) == 2 || len(s)-len(mid) > 5 { // at least one space and not a column of them
		return "", "", false
	}
	rest, ok = strings.CutPrefix(mid, "-")
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' && s[:2] != "TY" && s[:2] != "ER" {
		return "", "", false
	}
	return s[:2], strings.TrimSpace(rest), true
}

// text is the next line without its end; of a line longer than maxEntry the beginning.
func (r *RISReader) text() (string, bool, error) {
	var out strings.Builder
	cut := false
	for n := 0; ; n++ {
		c, err := r.r.ReadByte()
		if errors.Is(err, io.EOF) && n > 0 {
			return out.String(), cut, nil
		}
		if err != nil {
			return "", false, err
		}
		switch c {
		case '\n':
			return out.String(), cut, nil
		case '\r':
			if next, err := r.r.Peek(1); err == nil && next[0] == '\n' {
				_, _ = r.r.Discard(1) // it was peeked at
			}
			return out.String(), cut, nil
		}
		if out.Len() < maxEntry {
			out.WriteByte(c)
		} else {
			cut = true
		}
	}
}
