package textindex

import (
	"unicode"

	"qiao/internal/platform/textindex/dict"
)

// folding maps every character of the basic plane to the one it is searched by: half width, lower case,
// simplified.
type folding struct {
	table [1 << 16]uint16
}

func newFolding() (*folding, error) {
	f := &folding{}
	for r := rune(0); r < 1<<16; r++ {
		f.table[r] = uint16(plain(r))
	}
	err := dict.Variants(func(traditional, simplified rune) {
		f.table[traditional&0xFFFF] = uint16(simplified)
	})
	return f, err
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

func (f *folding) fold(r rune) rune {
	if uint32(r) < 1<<16 {
		return rune(f.table[r])
	}
	return unicode.ToLower(r)
}

// sort of character, as the analyser cuts text into runs.
const (
	sortOther = iota
	sortHan
	sortLetter
	sortDigit
)

func sortOf(r rune) int {
	switch {
	case r < 0x80:
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			return sortLetter
		case r >= '0' && r <= '9':
			return sortDigit
		}
		return sortOther
	case isHan(r):
		return sortHan
	case unicode.IsDigit(r):
		return sortDigit
	case unicode.IsLetter(r):
		return sortLetter
	}
	return sortOther
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF ||
		r >= 0x20000 && r <= 0x2FA1F || r >= 0xF900 && r <= 0xFAFF
}
