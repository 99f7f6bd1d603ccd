package textindex

import "unicode/utf8"

// latin emits the terms of the run of letters and digits at i and returns its end. A plain word is
// stemmed; a run with digits, joiners or single letters (SEM-5000X, GB/T 228.1, X-ray) is emitted whole,
// without its joiners, and in its parts.
func latin(sc *scratch, i int) int {
	end := latinEnd(sc.runes, i)
	plain := true
	for _, r := range sc.runes[i:end] {
		if sortOf(r) != sortLetter {
			plain = false
			break
		}
	}
	if plain {
		sc.word(i, end)
		return end
	}
	whole, parts := compound(sc.runes[i:end]), 0
	for from := i; from < end; {
		to := partEnd(sc.runes, from, end)
		parts += sc.part(from, to, whole, i, end)
		from = to
		for from < end && sortOf(sc.runes[from]) == sortOther {
			from++
		}
	}
	if whole {
		sc.putJoined(i, end, parts >= 2)
	}
	return end
}

// latinEnd returns the end of the run at i. Joiners between letters or digits belong to it; a point only
// between digits.
func latinEnd(rs []rune, i int) int {
	end := i + 1
	for end < len(rs) {
		switch s := sortOf(rs[end]); {
		case s == sortLetter || s == sortDigit:
			end++
		case s == sortOther && joins(rs, end):
			end += 2
		default:
			return end
		}
	}
	return end
}

// joins reports whether the character at i ties what stands before and after it.
func joins(rs []rune, i int) bool {
	if i+1 >= len(rs) {
		return false
	}
	before, after := sortOf(rs[i-1]), sortOf(rs[i+1])
	switch rs[i] {
	case '.':
		return before == sortDigit && after == sortDigit
	case '-', '/', '_':
		return (before == sortLetter || before == sortDigit) && (after == sortLetter || after == sortDigit)
	}
	return false
}

// compound reports whether a run is worth a term of its own: it has a digit, or a part of one letter.
func compound(rs []rune) bool {
	length := 0
	for _, r := range rs {
		switch sortOf(r) {
		case sortDigit:
			return true
		case sortLetter:
			length++
		default:
			if length == 1 {
				return true
			}
			length = 0
		}
	}
	return length == 1
}

// partEnd returns the end of the part that starts at from: up to the next joiner.
func partEnd(rs []rune, from, end int) int {
	for i := from; i < end; i++ {
		if sortOf(rs[i]) == sortOther && rs[i] != '.' {
			return i
		}
	}
	return end
}

// part emits one part, and inside a mixed one (5000X) its numbers and its words of two or more letters. It
// returns how many terms that were.
func (sc *scratch) part(from, to int, whole bool, runFrom, runTo int) int {
	first, mixed := sortOf(sc.runes[from]), false
	for _, r := range sc.runes[from:to] {
		if s := sortOf(r); s != first && r != '.' {
			mixed = true
			break
		}
	}
	if !mixed {
		switch {
		case whole && (from == runFrom && to == runTo || first == sortLetter && to-from == 1):
			return 0 // the whole run, or a letter that says little without it
		case first == sortLetter:
			sc.word(from, to)
		default:
			sc.put(kindBoth, from, to)
		}
		return 1
	}
	n := 0
	if from != runFrom || to != runTo {
		sc.put(kindBoth, from, to)
		n++
	}
	for i := from; i < to; {
		j := i + 1
		for j < to && (sortOf(sc.runes[j]) == sortOf(sc.runes[i]) || sc.runes[j] == '.') {
			j++
		}
		switch s := sortOf(sc.runes[i]); {
		case s == sortDigit:
			sc.put(kindBoth, i, j)
			n++
		case j-i >= 2:
			sc.word(i, j)
			n++
		}
		i = j
	}
	return n
}

// putJoined emits the run without its joiners (a point between digits stays). It is soft when its parts say
// as much: 600MHz is also found as 600 MHz.
func (sc *scratch) putJoined(from, to int, soft bool) {
	sc.buf = sc.buf[:0]
	for _, r := range sc.runes[from:to] {
		if sortOf(r) != sortOther || r == '.' {
			sc.buf = utf8.AppendRune(sc.buf, r)
		}
	}
	sc.emit(token{kind: kindBoth, term: sc.buf, from: from, to: to, soft: soft})
}

// word emits an English word as its stem; stop words are left out. Other alphabets stay as they are.
func (sc *scratch) word(from, to int) {
	sc.buf = sc.buf[:0]
	ascii := true
	for _, r := range sc.runes[from:to] {
		ascii = ascii && r < 0x80
		sc.buf = utf8.AppendRune(sc.buf, r)
	}
	term := sc.buf
	if ascii {
		if stopWord(term) {
			return
		}
		term = porter(term)
	}
	sc.emit(token{kind: kindBoth, term: term, from: from, to: to})
}

// stopWord reports the English words that carry nothing (the list of Lucene's English analysis).
func stopWord(w []byte) bool {
	switch string(w) {
	case "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
		"no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they",
		"this", "to", "was", "will", "with":
		return true
	}
	return false
}
