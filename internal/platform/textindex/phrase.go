package textindex

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unit is the smallest part of a phrase: a Chinese character, a word of letters, a number. Spaces and joiners
// beside letters and digits are nothing; other signs, and spaces inside Chinese, are a unit of their own, one
// like the other, so that a phrase runs across a sign only where it has one.
type unit struct {
	text     string // folded
	from, to int    // bytes of the text
	tied     bool   // letters behind digits, or digits behind letters, with nothing between
}

// breakUnit stands for a sign between sentences.
const breakUnit = "\x00"

// units takes a text apart.
func (a *Analyser) units(text string) []unit {
	var out []unit
	last := sortOther // of the character before
	gap := -1         // where spaces and joiners began
	for i, r := range text {
		r = a.fold.Rune(r)
		s, end, n := sortOf(r), i+size(text[i:]), len(out)
		if s == sortHan && gap >= 0 && n > 0 && isHan(firstRune(out[n-1].text)) {
			out = append(out, unit{text: breakUnit, from: gap, to: i})
		}
		switch {
		case s == sortHan || s != sortOther && s != last:
			out = append(out, unit{text: string(r), from: i, to: end, tied: s != sortHan && last != sortHan && last != sortOther})
			gap = -1
		case s != sortOther:
			out[n-1].text += string(r)
			out[n-1].to = end
		case strings.ContainsRune("-/_.·", r) || unicode.IsSpace(r) && r != '\n':
			if gap < 0 {
				gap = i
			}
		case n > 0 && out[n-1].text != breakUnit:
			out = append(out, unit{text: breakUnit, from: i, to: end})
		}
		last = s
	}
	if n := len(out); n > 0 && out[n-1].text == breakUnit {
		out = out[:n-1]
	}
	return out
}

func size(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// places returns where a phrase stands in a text, as ranges of units. It does not begin or end inside a run of
// letters and digits.
func places(text, phrase []unit) [][2]int {
	var out [][2]int
	if len(phrase) == 0 {
		return nil
	}
	for i := 0; i+len(phrase) <= len(text); i++ {
		j := 0
		for j < len(phrase) && text[i+j].text == phrase[j].text {
			j++
		}
		if j == len(phrase) && !text[i].tied && (i+j == len(text) || !text[i+j].tied) {
			out = append(out, [2]int{i, i + j})
		}
	}
	return out
}

// Contains reports whether a phrase stands in a text: all its parts in this order, side by side but for
// spaces and joiners, whatever their width, case and (for Chinese) form.
func (a *Analyser) Contains(text, phrase string) (bool, error) {
	if err := a.load(); err != nil {
		return false, err
	}
	return len(places(a.units(text), a.units(phrase))) > 0, nil
}

// mostRead is how many documents are read again to make sure of a phrase.
const mostRead = 1000

// parts returns the terms of the pairs field that every document with the phrase has, and whether having them
// is the same as having the phrase: so it is for two Chinese characters. Longer Chinese runs are nearly so
// (all pairs, perhaps not side by side); words of letters are known by their stems, without their places, and
// numbers of models by their letters and digits, however they are joined.
func (q *query) parts() (terms []string, sure bool) {
	return q.asked(func(term string) bool { return modelOf([]rune(term)) == "" })
}

// all returns the terms of the pairs field that a document has that has all of a text as it is written.
func (q *query) all() []string {
	terms, _ := q.asked(func(string) bool { return true })
	return terms
}

func (q *query) asked(letters func(term string) bool) (terms []string, sure bool) {
	for _, t := range q.pairs {
		han := isHan(firstRune(t.term))
		if han && utf8.RuneCountInString(t.term) == 2 || !han && t.needed && letters(t.term) {
			terms = append(terms, t.term)
		}
	}
	if len(terms) == 0 { // lone characters, a model's number
		for _, t := range q.pairs {
			terms = append(terms, t.term)
		}
	}
	return terms, len(terms) == 1 && q.han == 2 && q.other == 0
}

// having returns the documents, dead ones too, whose field has all terms.
func (f *field) having(terms []string) []uint32 {
	lists := make([]*postings, len(terms))
	for i, t := range terms {
		if lists[i] = f.list(t); lists[i] == nil {
			return nil
		}
	}
	if len(lists) == 0 {
		return nil
	}
	slices.SortFunc(lists, func(a, b *postings) int { return int(a.n) - int(b.n) })
	limit := uint32(len(f.length))
	docs := make([]uint32, 0, lists[0].n)
	lists[0].each(limit, func(doc, _ uint32) { docs = append(docs, doc) })
	for _, p := range lists[1:] {
		kept, i := docs[:0], 0
		p.each(limit, func(doc, _ uint32) {
			for i < len(docs) && docs[i] < doc {
				i++
			}
			if i < len(docs) && docs[i] == doc {
				kept = append(kept, doc)
				i++
			}
		})
		if docs = kept; len(docs) == 0 {
			return nil
		}
	}
	return docs
}

// screen is what the marks of a query ask of a document. The zero screen lets everything through.
type screen struct {
	only, never []uint64 // bits by document; nil asks nothing
}

func (s *screen) passes(doc uint32) bool {
	at, bit := doc/64, uint64(1)<<(doc%64)
	return (s.only == nil || s.only[at]&bit != 0) && (s.never == nil || s.never[at]&bit == 0)
}

func (x *index) bits() []uint64 { return make([]uint64, x.ids.count()/64+1) }

// screen works out which documents a query's marks let through.
func (x *index) screen(q *query) screen {
	var s screen
	for _, p := range q.phrases {
		with := x.bits()
		terms, sure := p.parts()
		for _, doc := range x.pairs.having(terms) {
			if sure || q.verified == nil || q.verified[verified{p.text, x.ids.id(doc)}] {
				with[doc/64] |= 1 << (doc % 64)
			}
		}
		if s.only == nil {
			s.only = with
			continue
		}
		for i := range with {
			s.only[i] &= with[i]
		}
	}
	for _, w := range q.without {
		if s.never == nil {
			s.never = x.bits()
		}
		for _, doc := range x.pairs.having(w.all()) {
			s.never[doc/64] |= 1 << (doc % 64)
		}
	}
	return s
}

// verified is a phrase and the document that really has it.
type verified struct{ phrase, id string }

// verify reads the candidates of the phrases again. It answers false when there is nobody to ask or there are
// too many candidates; then the phrases hold as far as the index knows.
func (e *Engine) verify(ctx context.Context, q *query, r Request) (bool, error) {
	ids := map[string]bool{}
	e.mu.RLock()
	x := e.index
	var doubtful []*query
	for _, p := range q.phrases {
		terms, sure := p.parts()
		if sure {
			continue
		}
		doubtful = append(doubtful, p)
		for _, doc := range x.pairs.having(terms) {
			if !x.dead[doc] {
				ids[x.ids.id(doc)] = true
			}
		}
	}
	e.mu.RUnlock()
	if len(doubtful) == 0 {
		return true, nil
	}
	if r.Verify == nil || len(ids) > mostRead {
		return false, nil
	}
	list := make([]string, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	slices.Sort(list)
	texts, err := r.Verify(ctx, list)
	if err != nil {
		return false, fmt.Errorf("read %d documents again: %w", len(list), err)
	}
	q.verified = map[verified]bool{}
	for id, text := range texts {
		units := e.analyser.units(text)
		for _, p := range doubtful {
			if len(places(units, e.analyser.units(p.text))) > 0 {
				q.verified[verified{p.text, id}] = true
			}
		}
	}
	return true, nil
}
