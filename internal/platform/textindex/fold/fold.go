// Package fold makes texts comparable in one way for the whole program: half width, lower case, simplified. The index
// searches by it, names of institutions and the titles of calls are compared by it.
package fold

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"qiao/internal/platform/textindex/dict"
)

// Table maps every character of the basic plane to the one it is compared by.
type Table struct {
	table [1 << 16]uint16
}

var shared = sync.OnceValues(func() (*Table, error) {
	t := &Table{}
	for r := rune(0); r < 1<<16; r++ {
		t.table[r] = uint16(plain(r))
	}
	err := dict.Variants(func(traditional, simplified rune) {
		t.table[traditional&0xFFFF] = uint16(simplified)
	})
	return t, err
})

// Shared is the table; an error when the one in the binary is damaged, and then traditional characters stay.
func Shared() (*Table, error) { return shared() }

// Rune is a character as it is compared.
func (t *Table) Rune(r rune) rune {
	if uint32(r) < 1<<16 {
		return rune(t.table[r])
	}
	return unicode.ToLower(r)
}

// Rune is a character as it is compared, by the shared table.
func Rune(r rune) rune {
	t, _ := shared() // a damaged one still knows width and case; the index refuses to start with it
	return t.Rune(r)
}

// Text is a whole text as it is compared: characters that only look otherwise (①, ㎡, ﬁ) are written out, too, and
// white space is one space.
func Text(s string) string {
	return strings.Join(strings.Fields(strings.Map(Rune, norm.NFKC.String(s))), " ")
}

// plain folds width and case.
func plain(r rune) rune {
	switch {
	case r == 0x3000:
		return ' '
	case r >= 0xFF01 && r <= 0xFF5E:
		r -= 0xFEE0
	case r == 0x00B5: // micro sign
		r = 0x03BC
	case r == 0x2010 || r == 0x2011 || r == 0x2013: // hyphens and the dash of ranges
		r = '-'
	}
	if low := unicode.ToLower(r); low < 1<<16 {
		return low
	}
	return r
}
