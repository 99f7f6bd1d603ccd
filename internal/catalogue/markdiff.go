package catalogue

import "unicode"

// piece is a part of a text beside its other version.
type piece struct {
	kind pieceKind
	text string
}

type pieceKind int

const (
	kept pieceKind = iota
	gone
	come
)

// around is how much of an unchanged text stands before and after what differs.
const around = 24

// markDiff tells what differs between two texts: what they begin and end with alike is said once, and shortened.
func markDiff(from, to string) []piece {
	a, b := []rune(from), []rune(to)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	for head > 0 && wordRune(a, head-1) && (wordRune(a, head) || wordRune(b, head)) {
		head-- // whole words and numbers
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	for tail > 0 && wordRune(a, len(a)-tail) && (wordRune(a, len(a)-tail-1) || wordRune(b, len(b)-tail-1)) {
		tail--
	}
	if head+tail < 6 { // too little in common to be worth it
		head, tail = 0, 0
	}
	var out []piece
	add := func(kind pieceKind, text []rune) {
		if len(text) > 0 {
			out = append(out, piece{kind, string(text)})
		}
	}
	add(kept, shortEnd(a[:head]))
	add(gone, a[head:len(a)-tail])
	add(come, b[head:len(b)-tail])
	add(kept, shortStart(a[len(a)-tail:]))
	if out == nil {
		out = []piece{{kept, "—"}}
	}
	return out
}

// wordRune tells whether the rune at i is a Latin letter, a digit or a mark inside a number, which is not to be cut from its neighbours.
func wordRune(s []rune, i int) bool {
	return i >= 0 && i < len(s) && s[i] < 0x250 && (unicode.IsLetter(s[i]) || unicode.IsDigit(s[i]) || s[i] == '.' || s[i] == ',')
}

func shortEnd(s []rune) []rune {
	if len(s) <= around+1 {
		return s
	}
	return append([]rune("…"), s[len(s)-around:]...)
}

func shortStart(s []rune) []rune {
	if len(s) <= around+1 {
		return s
	}
	return append(append([]rune(nil), s[:around]...), '…')
}
