package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// The kinds of marks an xmlScanner finds.
type markKind int

const (
	markOpen  markKind = iota // <name …>, or <name …/> with empty set
	markClose                 // </name>
	markText
)

// xmlScanner walks the marks of a part of a workbook. It knows no document types, so an entity can never stand for more than
// one character; a mark longer than its buffer is refused; text is kept up to a bound and dropped beyond it.
type xmlScanner struct {
	r     *bufio.Reader
	kind  markKind
	name  []byte // without its prefix; valid until the next call
	rest  []byte // the attributes as written
	empty bool
	text  []byte // of markText, decoded
	keep  int    // bytes of one text that are kept
	cut   bool   // the text was longer
}

var errXML = errors.New("not the XML of a workbook")

func newXMLScanner(r io.Reader, keep int) *xmlScanner {
	return &xmlScanner{r: bufio.NewReaderSize(r, 1<<16), keep: keep}
}

// next moves to the next mark; io.EOF at the end.
func (s *xmlScanner) next() error {
	for {
		c, err := s.r.Peek(1)
		if err != nil {
			return eof(err)
		}
		if c[0] != '<' {
			s.kind = markText
			return s.readText()
		}
		again, err := s.readMark()
		if err != nil || !again {
			return err
		}
	}
}

func eof(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return err
}

// readMark reads from < to >; again is true for what carries nothing: comments, declarations.
func (s *xmlScanner) readMark() (again bool, err error) {
	head, err := s.r.Peek(9)
	if err != nil && len(head) < 2 {
		return false, errXML
	}
	switch {
	case bytes.HasPrefix(head, []byte("<!--")):
		return true, s.skip("-->")
	case bytes.HasPrefix(head, []byte("<?")):
		return true, s.skip("?>")
	case bytes.HasPrefix(head, []byte("<![CDATA[")):
		s.kind, s.text, s.cut = markText, s.text[:0], false
		return false, s.readCDATA()
	case head[1] == '!': // a document type: no workbook has one, and an attack does
		return false, errXML
	}
	tag, err := s.r.ReadSlice('>')
	for err == nil && bytes.Count(tag, []byte{'"'})%2 == 1 { // > inside an attribute
		whole := append([]byte(nil), tag...)
		var more []byte
		if more, err = s.r.ReadSlice('>'); len(whole)+len(more) > 1<<16 {
			return false, errXML
		}
		tag = append(whole, more...)
	}
	if err != nil {
		return false, errXML
	}
	s.cutTag(tag[1 : len(tag)-1])
	return false, nil
}

func (s *xmlScanner) cutTag(tag []byte) {
	s.kind, s.empty = markOpen, false
	if len(tag) > 0 && tag[0] == '/' {
		s.kind, tag = markClose, tag[1:]
	} else if n := len(tag); n > 0 && tag[n-1] == '/' {
		s.empty, tag = true, tag[:n-1]
	}
	end := bytes.IndexAny(tag, " \t\r\n")
	if end < 0 {
		end = len(tag)
	}
	s.name, s.rest = tag[:end], tag[end:]
	if i := bytes.IndexByte(s.name, ':'); i >= 0 {
		s.name = s.name[i+1:]
	}
}

// attr is an attribute of the mark; nil when it has none of that name.
func (s *xmlScanner) attr(name string) []byte {
	rest := s.rest
	for len(rest) > 0 {
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(rest[:eq])
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		value := rest[1 : end+1]
		rest = rest[end+2:]
		if i := bytes.IndexByte(key, ':'); i >= 0 && string(key) != name {
			key = key[i+1:]
		}
		if string(key) == name {
			if bytes.IndexByte(value, '&') >= 0 {
				value = appendDecoded(nil, value)
			}
			return value
		}
	}
	return nil
}

// is tells whether the mark opens an element of this name.
func (s *xmlScanner) is(name string) bool { return s.kind == markOpen && string(s.name) == name }

func (s *xmlScanner) closes(name string) bool { return s.kind == markClose && string(s.name) == name }

// skip reads over a comment or declaration, end mark included.
func (s *xmlScanner) skip(end string) error {
	last := make([]byte, 0, 2*len(end))
	for {
		part, err := s.r.ReadSlice('>')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return errXML
		}
		last = append(last, part[max(0, len(part)-len(end)):]...)
		if bytes.HasSuffix(last, []byte(end)) {
			return nil
		}
		last = append(last[:0], last[max(0, len(last)-len(end)):]...)
	}
}

func (s *xmlScanner) readText() error {
	s.text, s.cut = s.text[:0], false
	for {
		part, err := s.r.ReadSlice('<')
		done := err == nil
		if done {
			part = part[:len(part)-1]
			if e := s.r.UnreadByte(); e != nil {
				return e
			}
		}
		if len(s.text) < s.keep {
			if bytes.IndexByte(part, '&') >= 0 {
				s.text = appendDecoded(s.text, part)
			} else {
				s.text = append(s.text, part...)
			}
		} else if len(part) > 0 {
			s.cut = true
		}
		switch {
		case done, errors.Is(err, io.EOF):
			return nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}

func (s *xmlScanner) readCDATA() error {
	if _, err := s.r.Discard(len("<![CDATA[")); err != nil {
		return errXML
	}
	for {
		part, err := s.r.ReadSlice('>')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return errXML
		}
		if len(s.text) < s.keep+3 {
			s.text = append(s.text, part...)
		} else {
			s.cut = true
			s.text = append(s.text[:s.keep], part[max(0, len(part)-3):]...)
		}
		if bytes.HasSuffix(s.text, []byte("]]>")) {
			s.text = s.text[:len(s.text)-3]
			return nil
		}
	}
}

// appendDecoded writes text with its five entities and character numbers as the characters they are; any other entity stays
// as it is written.
func appendDecoded(to, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(to, text...)
		}
		to, text = append(to, text[:i]...), text[i:]
		end := bytes.IndexByte(text[:min(len(text), 12)], ';')
		if end < 0 {
			to, text = append(to, '&'), text[1:]
			continue
		}
		if r, ok := entity(string(text[1:end])); ok {
			to = utf8.AppendRune(to, r)
		} else {
			to = append(to, text[:end+1]...)
		}
		text = text[end+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	return rune(n), err == nil && n > 0 //nolint:gosec // at most 21 bits
}
