package match

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"qiao/internal/platform/textindex"
)

// What is worth proposing, and in which order. The order within a group is the text score, a little mended by
// the share of the need covered: on title and keyword collections that changes nDCG by less than a point
// either way, while giving the share half the weight costs one to seven.
const (
	PerGroup  = 8    // candidates of one group
	mix       = 0.3  // how much of a text score depends on the share covered
	farBelow  = 0.2  // a score under this share of the group's best is no candidate
	tooWeak   = 0.25 // a score under this share of the very best is no candidate
	tooLittle = 0.06 // share of the need's weight that a candidate must cover
	strongest = 8    // so many of the need's weightiest words make up that weight
)

// question is a need made ready for ranking.
type question struct {
	text     string
	words    []string // as they stand in it
	facts    []Fact
	meanings []meaning
}

// query is the text with the other names of what it names.
func (q question) query() string {
	var b strings.Builder
	b.WriteString(q.text)
	for _, m := range q.meanings {
		for _, o := range m.others() {
			b.WriteByte('\n')
			b.WriteString(o)
		}
	}
	return b.String()
}

// found is one supply as the index ranks it.
type found struct {
	id      string
	group   string
	place   int         // 1 = first of its group
	score   float64     // 0 … 1, orders the candidates
	share   float64     // 0 … 1, how much of what the need says it covers
	words   []string    // what the need says and it has too, the weightiest first
	renamed [][2]string // the same under another name: the need's, its own
	missing []string    // weighty words of the need that other supplies know and this one has not
}

// rank returns the best of each group for a question, the most promising first.
func (x *Index) rank(ctx context.Context, q question) ([]found, error) {
	worth, err := x.weigh(q)
	if err != nil {
		return nil, err
	}
	var out []found
	for _, g := range Groups() {
		some, err := x.rankGroup(ctx, g, q, worth)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	slices.SortStableFunc(out, bestFirst)
	return slices.DeleteFunc(out, func(f found) bool { return f.score < tooWeak*out[0].score }), nil
}

func bestFirst(a, b found) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id))
}

// weighed is something a need says that some supply knows: a telling word, or a thing with several names.
// Its weight comes from all groups together.
type weighed struct {
	word    string
	meaning *meaning
	weight  float64
}

// weigh returns what a need says, the weightiest (rarest) first. The words of a name that has other names
// count as one.
func (x *Index) weigh(q question) ([]weighed, error) {
	have, order, err := x.documents(q.query())
	if err != nil {
		return nil, err
	}
	all := float64(x.Len())
	weight := func(word string) float64 {
		n := float64(have[word])
		if n == 0 {
			return 0
		}
		return math.Log(1 + (all-n+0.5)/(n+0.5))
	}
	var out []weighed
	for i := range q.meanings {
		m := weighed{word: q.meanings[i].used, meaning: &q.meanings[i]}
		for _, n := range m.meaning.names {
			for _, w := range n.words {
				m.weight = max(m.weight, weight(w))
			}
		}
		out = append(out, m)
	}
	for _, w := range order {
		if telling(w) && q.says(w) && weight(w) > 0 {
			out = append(out, weighed{word: w, weight: weight(w)})
		}
	}
	slices.SortStableFunc(out, func(a, b weighed) int { return cmp.Compare(b.weight, a.weight) })
	return out, nil
}

// documents counts the supplies that have each word of a text, over all groups.
func (x *Index) documents(text string) (have map[string]int, order []string, err error) {
	have = map[string]int{}
	for _, g := range Groups() {
		terms, err := x.engines[g].Terms(text)
		if err != nil {
			return nil, nil, err
		}
		for _, t := range terms {
			if _, seen := have[t.Word]; !seen {
				order = append(order, t.Word)
			}
			have[t.Word] += t.Documents
		}
	}
	return have, order, nil
}

// says reports whether a word is the need's own and no part of a name that counts as one.
func (q question) says(word string) bool {
	if !slices.Contains(q.words, word) {
		return false
	}
	return !slices.ContainsFunc(q.meanings, func(m meaning) bool {
		return slices.ContainsFunc(m.names, func(n named) bool { return n.text == m.used && hasWord(n.words, word) })
	})
}

func (x *Index) rankGroup(ctx context.Context, group string, q question, worth []weighed) ([]found, error) {
	r, err := x.engines[group].Search(ctx, textindex.Request{Query: q.query(), Prose: true, Explain: true, Limit: 3 * PerGroup})
	if err != nil || len(r.Hits) == 0 {
		return nil, err
	}
	whole := 1e-9
	for _, w := range worth[:min(strongest, len(worth))] {
		whole += w.weight
	}
	var out []found
	for _, h := range r.Hits {
		words := make([]string, len(h.Matched))
		for i, m := range h.Matched {
			words[i] = m.Word
		}
		f := found{id: h.ID, group: group}
		f.share = math.Min(1, f.cover(worth, words)/whole)
		f.score = h.Score / r.Hits[0].Score
		f.score *= 1 - mix + mix*f.share
		if f.score >= farBelow && f.share >= tooLittle {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, bestFirst)
	return placed(out), nil
}

// placed numbers the best of a group and makes the scores of groups comparable by how much of the need the
// group's best-covering candidate covers; a root, so that short texts, which cover less, keep a chance.
func placed(group []found) []found {
	group = group[:min(len(group), PerGroup)]
	strength := 0.0
	for _, f := range group {
		strength = max(strength, f.share)
	}
	for i := range group {
		group[i].place = i + 1
		group[i].score *= math.Sqrt(strength)
	}
	return group
}

// cover notes what the need says and the candidate has, or has not, and returns the weight of the former.
func (f *found) cover(worth []weighed, words []string) float64 {
	weight := 0.0
	for i, t := range worth {
		as := ""
		switch {
		case t.meaning != nil:
			as = t.meaning.foundAs(words)
		case slices.Contains(words, t.word):
			as = t.word
		}
		switch {
		case as == "" && i < strongest:
			f.missing = append(f.missing, t.word)
		case as == "":
		case as == t.word && t.meaning != nil:
			f.words = append(f.words, as)
			f.words = append(f.words, slices.DeleteFunc(slices.Clone(t.meaning.wordsOf(as)), func(w string) bool { return !telling(w) })...)
			weight += t.weight
		case as == t.word:
			f.words = append(f.words, as)
			weight += t.weight
		default:
			f.renamed = append(f.renamed, [2]string{t.word, as})
			weight += t.weight
		}
	}
	return weight
}

// newQuestion reads a need's text: its words, its facts and the names it uses.
func newQuestion(a *textindex.Analyser, names synonyms, text string, places []Place) (question, error) {
	folded, err := a.Fold(text)
	if err != nil {
		return question{}, err
	}
	var failed error
	words := func(name string) []string {
		list, err := a.Surfaces(name)
		failed = errors.Join(failed, err)
		return list
	}
	q := question{text: text, facts: FactsIn(text, places), words: words(text), meanings: names.in(folded, words)}
	return q, failed
}
