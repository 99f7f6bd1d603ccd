package format

import (
	"strings"
	"unicode/utf8"
)

// XML writes well-formed XML of any text: what XML 1.0 cannot hold (control characters, broken UTF-8) is
// left out. Names of elements and attributes come from the program, never from data.
type XML struct {
	b    strings.Builder
	open []string
}

// Open begins an element; attrs are name, value, name, value. An attribute with an empty value is left out.
func (x *XML) Open(name string, attrs ...string) *XML {
	x.tag(name, attrs)
	x.b.WriteByte('>')
	x.open = append(x.open, name)
	return x
}

// Close ends the innermost element.
func (x *XML) Close() *XML {
	n := len(x.open) - 1
	x.b.WriteString("</")
	x.b.WriteString(x.open[n])
	x.b.WriteByte('>')
	x.open = x.open[:n]
	return x
}

// Leaf writes an element that holds one text.
func (x *XML) Leaf(name, text string, attrs ...string) *XML {
	x.tag(name, attrs)
	x.b.WriteByte('>')
	escape(&x.b, text, false)
	x.b.WriteString("</")
	x.b.WriteString(name)
	x.b.WriteByte('>')
	return x
}

// Some writes Leaf, unless the text is empty.
func (x *XML) Some(name, text string, attrs ...string) *XML {
	if text == "" {
		return x
	}
	return x.Leaf(name, text, attrs...)
}

// Raw writes XML that was made before.
func (x *XML) Raw(text string) *XML {
	x.b.WriteString(text)
	return x
}

// String is what was written.
func (x *XML) String() string { return x.b.String() }

func (x *XML) tag(name string, attrs []string) {
	x.b.WriteByte('<')
	x.b.WriteString(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] == "" {
			continue
		}
		x.b.WriteByte(' ')
		x.b.WriteString(attrs[i])
		x.b.WriteString(`="`)
		escape(&x.b, attrs[i+1], true)
		x.b.WriteByte('"')
	}
}

// escape writes text as character data; what XML 1.0 cannot hold is left out.
func escape(b *strings.Builder, text string, attribute bool) {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		switch {
		case r == utf8.RuneError && n == 1, !holds(r):
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && attribute:
			b.WriteString("&quot;")
		case r == '\r':
			b.WriteString("&#13;")
		case (r == '\n' || r == '\t') && attribute:
			b.WriteString(map[rune]string{'\n': "&#10;", '\t': "&#9;"}[r])
		default:
			b.WriteRune(r)
		}
	}
}

// holds tells whether XML 1.0 can hold a character.
func holds(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}
