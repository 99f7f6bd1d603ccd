package textindex

import (
	"math"
	"slices"
	"strings"
)

// Law is a form of BM25.
type Law struct {
	K1     float64 // how slowly further occurrences of a term come to add nothing
	B      float64 // how much a long document is held back, 0 … 1
	Rarity float64 // power of the inverse document frequency: how much more a rare term counts than a common one
}

// laws of ranking: for queries mostly of Chinese characters, and for those mostly of letters and digits.
type laws = [2]Law

// The laws, chosen on one half of the queries of public collections and confirmed on the other (docs/performance.md).
// A Chinese query gives most of its terms twice over, as words and as pairs, and common ones among them; an English one
// has its common words taken out.
func measuredLaws() laws { return laws{{K1: 1, B: 0.75, Rarity: 1.4}, {K1: 1.1, B: 0.6, Rarity: 1}} }

const (
	chinese = iota
	latinic
)

// law tells which of the two is a query's.
func (q *query) law() int {
	if q.other > q.han {
		return latinic
	}
	return chinese
}

// rare is what the inverse document frequency counts for: of a term that n of so many documents have.
func (l Law) rare(n, documents float64) float64 {
	return math.Pow(math.Log(1+(documents-n+0.5)/(n+0.5)), l.Rarity)
}

// scorer is that of a term of the given weight.
func (l Law) scorer(f *field, weight float64) scorer {
	flat, slope := l.shape(f.average())
	return scorer{float32(weight * (l.K1 + 1)), flat, slope}
}

// shape is what a document of a length adds to the frequency below the line: flat + slope·length.
func (l Law) shape(average float64) (flat, slope float32) {
	return float32(l.K1 * (1 - l.B)), float32(l.K1 * l.B / average)
}

// englishHollow are the English words that ask or join and say nothing about what is looked for, beside stopWord, which
// are not even indexed. In capitals, or among Chinese, they are something
// else (CAN, WHO).
const englishHollow = " about above after again against all also although am among another any anyone because been before being below between both " +
	"can cannot could did do does doing done down during each either etc few from further had has have having he her here hers him his how " +
	"however i its just many may me might more most much must my neither nor off once only other others ought our ours out over own " +
	"per please same shall she should since so some still than them themselves though through thus too under until up upon us very via " +
	"was we were what whatever when where whether which while who whom whose why within without would yet you your yours "

// enough is the number of words that say something beside which those that do not are left out of a query. A short
// query may mean each of its words.
const enough = 3

// leaveOut takes out of a query the words that say nothing, where enough others are left: they neither score nor are
// asked for.
func (q *query) leaveOut(a *Analyser) {
	hollow := make([]bool, len(q.words))
	rest := 0
	for i, w := range q.words {
		if hollow[i] = a.Hollow(w) || q.law() == latinic && strings.Contains(englishHollow, " "+sentenceCase(w)+" "); !hollow[i] {
			rest++
		}
	}
	if rest < enough || rest == len(q.words) {
		return
	}
	empty := func(t queryTerm) bool {
		return len(t.words) > 0 && !slices.ContainsFunc(t.words, func(w int) bool { return !hollow[w] })
	}
	q.terms, q.pairs = slices.DeleteFunc(q.terms, empty), slices.DeleteFunc(q.pairs, empty)
	q.count()
}

// sentenceCase is the word in small letters if but its first is.
func sentenceCase(w string) string {
	if len(w) > 1 && w[0] >= 'A' && w[0] <= 'Z' && strings.ToLower(w[1:]) == w[1:] {
		return strings.ToLower(w)
	}
	return w
}
