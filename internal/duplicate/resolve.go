package duplicate

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"qiao/internal/identity"
	"qiao/internal/identity/names"
	"qiao/internal/platform/db"
)

// Hit is an organisation that a text may mean.
type Hit struct {
	Org   identity.Organisation
	Name  string // the name that fits
	Score int64  // thousandths
	Why   Reason
}

// Sure is the score from which a hit may be taken without asking, if no other comes near; Likely is the least that is told.
const (
	Sure   = 900
	Likely = 750
)

// Resolve finds the organisations that a text may mean, the most likely first: by code, by any of their names, by
// abbreviation and pinyin, by likeness, and across Chinese and English.
func (s *Service) Resolve(ctx context.Context, q db.Q, text string) ([]Hit, error) {
	form := names.Normalise(text)
	if form == "" {
		return nil, nil
	}
	best := map[string]Hit{}
	offer := func(org, name string, score int64, why Reason) {
		if old, ok := best[org]; !ok || old.Score < score {
			best[org] = Hit{Org: identity.Organisation{ID: org}, Name: name, Score: score, Why: why}
		}
	}
	exact, err := namesByForm(ctx, q, []string{form, names.Normalise(names.Core(text))})
	if err != nil {
		return nil, err
	}
	shared := map[string][]string{} // a short name several organisations have means none of them for sure
	var candidates []string
	for _, n := range exact {
		candidates = append(candidates, n.Org)
		if n.Kind == Abbreviation || n.Kind == Pinyin {
			if !slices.Contains(shared[n.Form], n.Org) {
				shared[n.Form] = append(shared[n.Form], n.Org)
			}
		}
	}
	called, err := s.called(ctx, q, text, candidates, names.Keywords(text))
	if err != nil {
		return nil, err
	}
	for _, n := range exact {
		score, why := n.weigh(form, len(shared[n.Form]) > 1)
		if n.Form != form {
			score = min(score, max(Likely, like(text, called[n.Org])))
		}
		offer(n.Org, n.Name, score, why)
	}
	s.weighAlike(text, called, offer)
	if ends := names.Ends(text); !anySure(best) && len(ends) > 0 { // a word may have a slip
		if called, err = s.called(ctx, q, text, nil, append(ends, names.Keywords(text)...)); err != nil {
			return nil, err
		}
		s.weighAlike(text, called, offer)
	}
	return s.named(ctx, q, best)
}

func anySure(hits map[string]Hit) bool {
	for _, h := range hits {
		if h.Score >= Sure {
			return true
		}
	}
	return false
}

// called are the names of some organisations and of those that share most of some words, as far as they can be compared
// with a text: where an organisation has a name in the text's script, only those in it.
func (s *Service) called(ctx context.Context, q db.Q, text string, orgs, words []string) (map[string][]Name, error) {
	more, err := orgsByWords(ctx, q, words, 80)
	if err != nil {
		return nil, err
	}
	had, err := listNames(ctx, q, slices.Compact(slices.Sorted(slices.Values(append(orgs, more...)))))
	if err != nil {
		return nil, err
	}
	out := make(map[string][]Name, len(had))
	for org, list := range had {
		list = slices.DeleteFunc(list, func(n Name) bool { return n.Kind == Abbreviation || n.Kind == Pinyin })
		if same := slices.DeleteFunc(slices.Clone(list), func(n Name) bool { return chinese(n.Name) != chinese(text) }); len(same) > 0 {
			list = same
		}
		out[org] = list
	}
	return out, nil
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// like is how alike a text is to the nearest of an organisation's own names, in thousandths.
func like(text string, list []Name) int64 {
	best := int64(0)
	for _, n := range list {
		if n.Kind == Official || n.Kind == InEnglish || n.Kind == Former {
			best = max(best, int64(names.Similarity(text, n.Name)*1000)-10)
		}
	}
	return best
}

func (s *Service) weighAlike(text string, called map[string][]Name, offer func(org, name string, score int64, why Reason)) {
	for org, list := range called {
		for _, n := range list {
			if n.Source == byRule {
				continue // the core of a name says less than the name
			}
			if score := int64(names.Similarity(text, n.Name)*1000) - 10; score >= Likely {
				offer(org, n.Name, score, Reason{Code: "alike", Text: "名称相近：{0}", Args: []any{n.Name}})
			}
		}
	}
}

// weigh tells what an equal form says, by the kind of name it is.
func (n Name) weigh(form string, shared bool) (int64, Reason) {
	switch {
	case n.Form != form:
		return 960, Reason{Code: "core", Text: "去掉组织形式后名称相同：{0}", Args: []any{n.Name}}
	case n.Kind == Official || n.Kind == InEnglish:
		return 1000, Reason{Code: "name", Text: "名称相同"}
	case n.Kind == Former:
		return 970, Reason{Code: "former", Text: "曾用名相同"}
	case n.Kind == Alias:
		return 970, Reason{Code: "alias", Text: "别名相同"}
	case n.Kind == Abbreviation && shared:
		return 760, Reason{Code: "abbreviation-shared", Text: "简称相同，但不止一家使用"}
	case n.Kind == Abbreviation:
		return 910, Reason{Code: "abbreviation", Text: "简称相同"}
	case shared:
		return 760, Reason{Code: "pinyin-shared", Text: "拼音相同，但不止一家"}
	}
	return 905, Reason{Code: "pinyin", Text: "拼音相同"}
}

// named fills in the organisations, without those that are stopped.
func (s *Service) named(ctx context.Context, q db.Q, best map[string]Hit) ([]Hit, error) {
	var ids []string
	for org := range best {
		ids = append(ids, org)
	}
	known, err := s.Organisations.Organisations(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []Hit
	for org, h := range best {
		o, ok := known[org]
		if !ok || o.Status == identity.StatusRefused || o.Status == identity.StatusSuspended {
			continue
		}
		h.Org = o
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Org.ID, b.Org.ID))
	})
	return out[:min(len(out), 8)], nil
}

// Means is the one organisation that a text means beyond doubt; false when it may be several, or none.
func (s *Service) Means(ctx context.Context, q db.Q, text string) (Hit, bool, error) {
	hits, err := s.Resolve(ctx, q, text)
	if err != nil || len(hits) == 0 || hits[0].Score < Sure {
		return Hit{}, false, err
	}
	if len(hits) > 1 && hits[0].Score-hits[1].Score < 30 {
		return Hit{}, false, nil
	}
	return hits[0], true, nil
}
