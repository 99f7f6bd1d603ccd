package textindex

import (
	"context"
	"strings"
)

// Request asks an Engine. The zero value asks for nothing but the number of documents.
type Request struct {
	// Query is words, a sentence or a page of prose; empty finds everything. In a query of up to 200 characters
	// that is no Prose, "…" or “…” asks for a phrase (all its parts side by side in this order) and a hyphen
	// before a word or phrase leaves out what has it.
	Query string
	// Prose damps terms repeated in a long Chinese query (k3 = 1); for needs in someone's own words.
	Prose bool
	// Least is the share of the query's words (0 … 1) a document must have to count: 0 ranks everything
	// that shares any term, 1 asks for every word.
	Least float64

	Filters map[string][]string // column → wanted values: OR within a column, AND across columns
	Ranges  []Range
	Facets  []string // columns to count; a column's own filter does not narrow its counts
	// FacetLimit keeps the most frequent values of each facet; 0 keeps all. Wanted values are always kept.
	FacetLimit int

	Sort          []Sort // empty: by score
	Offset, Limit int
	Explain       bool // fill Hit.Matched

	AsTyped bool // search for the words as typed, even if nothing is found and a correction would find more
	// Verify reads the texts (title, line break, text) of some documents again, to make sure of phrases: the
	// index keeps no places of words. Without it, or with more than a thousand candidates, a phrase of letters or
	// of more than two Chinese characters asks for all its parts only, and Result.Loose says so.
	Verify func(ctx context.Context, ids []string) (map[string]string, error)
}

// Range keeps documents whose number lies in [Min, Max]; nil is open. A document without the number is out.
type Range struct {
	Column   string
	Min, Max *int64
}

// Sort orders by a Numbers or Sorts column. Documents without a value come last either way; ties go by
// score, then by ID.
type Sort struct {
	Column     string
	Descending bool
}

// Result is the answer to a Request.
type Result struct {
	Hits   []Hit
	Total  int // documents that fit, not only those returned
	Facets map[string][]Count

	Instead string // what was searched for instead of Request.Query, of which a part stands nowhere; empty: as typed
	Loose   bool   // a phrase was asked for whose order was not checked
}

// Hit is one document.
type Hit struct {
	ID      string
	Score   float64
	Matched []Match // with Request.Explain, strongest first
}

// Match is a word of the query found in a document.
type Match struct {
	Word  string  // as it stands in the query
	Title bool    // it stands in the title
	Score float64 // its part of the score
}

// Count is a facet value and the number of documents that have it.
type Count struct {
	Value string
	Count int
}

// queryTerm is a distinct term of a query in one field.
type queryTerm struct {
	term   string
	freq   float64
	words  []int // positions in query.words this term belongs to
	needed bool  // counts for Request.Least
}

// query is a text taken apart.
type query struct {
	words  []string // the words as they stand in the text, in order, each once
	terms  []queryTerm
	pairs  []queryTerm
	needed int
	han    int // Chinese characters
	other  int // letters and digits

	text     string            // what was taken apart
	models   []queryTerm       // numbers of models, looked for in titles once more
	mentions []mention         // names in it that have synonyms
	phrases  []*query          // must stand in a document
	without  []*query          // must not
	verified map[verified]bool // nil: phrases were not read again
}

// longestQuery bounds a query, in bytes; what stands behind is not looked at.
const longestQuery = 24 << 10

// parse takes a query apart. A word's own pairs are needed; pairs across two words only add to the score,
// since another text may break between them.
func (a *Analyser) parse(text string) (*query, error) {
	return a.parseWith(text, nil)
}

func (a *Analyser) parseWith(text string, syn *synonyms) (*query, error) {
	q := &query{}
	if len(text) > longestQuery {
		text = strings.ToValidUTF8(text[:longestQuery], "")
	}
	p := parser{hollow: a.Hollow, q: q, text: text, terms: map[string]int{}, pairs: map[string]int{}, words: map[string]int{}}
	if err := a.load(); err != nil {
		return nil, err
	}
	q.text = text
	q.mentions = syn.in(a, text)
	err := a.with(func(sc *scratch) error {
		p.sc = sc
		err := a.analyse(text, sc, p.token)
		q.models = models(sc)
		return err
	})
	q.count()
	return q, err
}

// count reckons how many steps a document needs that has every word.
func (q *query) count() {
	q.needed = 0
	for i := range q.mentions {
		q.needed += len(q.mentions[i].needs)
	}
	for _, t := range q.pairs {
		if t.needed {
			q.needed++
		}
	}
}

type parser struct {
	hollow              func(string) bool
	q                   *query
	sc                  *scratch
	text                string
	terms, pairs, words map[string]int
	spans               []span // words of the Chinese run at hand
}

type span struct{ from, to, word int }

// token takes one term. The words of a Chinese run arrive before its pairs.
func (p *parser) token(t token) {
	word := -1
	if t.kind&kindWord != 0 {
		surface := p.text[p.sc.offsets[t.from]:p.sc.offsets[t.to]]
		word = intern(p.words, &p.q.words, surface)
		p.count(t)
		p.spans = append(p.spans, span{t.from, t.to, word})
		add(&p.q.terms, p.terms, t.term, word, false)
	}
	if t.kind&kindPair == 0 {
		return
	}
	if word >= 0 { // a term of both fields: a word of letters, or a lone character
		p.pair(t, word, !t.soft && !isHan(p.sc.runes[t.from]))
		return
	}
	for len(p.spans) > 1 && p.spans[0].to <= t.from {
		p.spans = p.spans[1:]
	}
	if len(p.spans) > 0 && p.spans[0].from <= t.from && t.to <= p.spans[0].to {
		word = p.spans[0].word
	}
	p.pair(t, word, word >= 0 && !p.hollow(p.q.words[word]))
}

// pair adds a term of the pairs field. What a name with synonyms needs is asked for by the name as a whole.
func (p *parser) pair(t token, word int, needed bool) {
	if m := p.q.mentioned(p.sc.offsets[t.from], p.sc.offsets[t.to]); m != nil {
		m.take(string(t.term), word, needed)
		needed = false
	}
	add(&p.q.pairs, p.pairs, t.term, word, needed)
}

func (p *parser) count(t token) {
	if isHan(p.sc.runes[t.from]) {
		p.q.han += t.to - t.from
	} else {
		p.q.other += t.to - t.from
	}
}

func intern(ids map[string]int, names *[]string, name string) int {
	i, ok := ids[name]
	if !ok {
		i = len(*names)
		ids[name] = i
		*names = append(*names, name)
	}
	return i
}

func add(terms *[]queryTerm, ids map[string]int, term []byte, word int, needed bool) {
	i, ok := ids[string(term)]
	if !ok {
		i = len(*terms)
		ids[string(term)] = i
		*terms = append(*terms, queryTerm{term: string(term)})
	}
	t := &(*terms)[i]
	t.freq++
	t.needed = t.needed || needed
	if word >= 0 && (len(t.words) == 0 || t.words[len(t.words)-1] != word) {
		t.words = append(t.words, word)
	}
}

// weight is the part of a term that comes from how often the query has it.
func (q *query) weight(freq float64, prose bool) float64 {
	if prose && q.law() == chinese {
		return 2 * freq / (1 + freq)
	}
	return freq
}
