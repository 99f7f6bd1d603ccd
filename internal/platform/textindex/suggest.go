package textindex

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// SuggestRequest asks for suggestions while someone types.
type SuggestRequest struct {
	Text    string              // as typed so far: Chinese, letters, pinyin in full or by initials, mixed
	Limit   int                 // at most so many; 0 means 8
	Filters map[string][]string // as in Request: what is counted
}

// Suggestion is something worth searching for.
type Suggestion struct {
	Text  string
	ID    string // the one document that has it, when there is just one
	Count int    // documents that have all of it and pass the filters; -1 when counting would have taken too long
}

// Bounds of one Suggest.
const (
	suggestHits  = 100     // names looked at
	suggestWords = 3       // words a completion goes on beyond what was typed
	suggestReads = 300_000 // entries of postings read to count
	longestTyped = 60      // characters
)

// Suggest completes what someone types from the names of the documents and the words in them. It gives
// nothing that would not be found.
func (e *Engine) Suggest(ctx context.Context, r SuggestRequest) ([]Suggestion, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := e.analyser.Ready(); err != nil {
		return nil, err
	}
	limit := cmp.Or(r.Limit, 8)
	if typed := strings.TrimSpace(r.Text); typed == "" || utf8.RuneCountInString(typed) > longestTyped || limit < 0 {
		return nil, nil
	}
	e.names.mu.RLock()
	list := e.names.grow(e.analyser, e.names.find(e.analyser, r.Text, true, suggestHits), suggestWords)
	e.names.mu.RUnlock()
	list = worth(list)
	out := make([]Suggestion, 0, limit)
	reads := suggestReads
	for _, p := range list {
		if len(out) == limit {
			break
		}
		s, err := e.weighSuggestion(p.text, r.Filters, &reads)
		if err != nil {
			return nil, err
		}
		if s.Count != 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

// worth orders phrases by how often they stand in names, those that begin a name first among equals, and
// drops the beginnings of longer ones that stand just as often, but for what was typed itself.
func worth(list []namePhrase) []namePhrase {
	slices.SortStableFunc(list, func(a, b namePhrase) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(utf8.RuneCountInString(b.text), utf8.RuneCountInString(a.text)), cmp.Compare(a.text, b.text))
	})
	var out []namePhrase
	for _, p := range list {
		if utf8.RuneCountInString(p.text) < 2 || !p.exact && slices.ContainsFunc(out, func(q namePhrase) bool { return q.count == p.count && strings.HasPrefix(q.text, p.text) }) {
			continue
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b namePhrase) int { return cmp.Compare(b.rank(), a.rank()) })
	return out
}

func (p namePhrase) rank() int {
	if p.prefix {
		return 2 * p.count
	}
	return p.count
}

// weighSuggestion counts the documents that have all of a text.
func (e *Engine) weighSuggestion(text string, filters map[string][]string, reads *int) (Suggestion, error) {
	if s, ok := e.counts.get(text); ok && len(filters) == 0 {
		return s, nil
	}
	out := Suggestion{Text: text, Count: -1}
	q, err := e.analyser.parse(text)
	if err != nil {
		return out, err
	}
	terms := q.all()
	e.mu.RLock()
	defer e.mu.RUnlock()
	x := e.index
	cost := 0
	for _, t := range terms {
		p := x.pairs.list(t)
		if p == nil {
			out.Count = 0
			return out, nil
		}
		cost += int(p.n)
	}
	if cost > *reads {
		return out, nil
	}
	*reads -= cost
	c, err := newCollector(x, Request{Filters: filters})
	if err != nil {
		return out, err
	}
	out.Count = 0
	for _, doc := range x.pairs.having(terms) {
		if !c.fit(doc) {
			continue
		}
		if out.Count++; out.Count == 1 {
			out.ID = x.ids.id(doc)
		} else {
			out.ID = ""
		}
	}
	if len(filters) == 0 {
		e.counts.put(out)
	}
	return out, nil
}
