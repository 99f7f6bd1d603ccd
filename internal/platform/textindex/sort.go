package textindex

import "unicode"

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
