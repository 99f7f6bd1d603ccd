package duplicate

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/identity/names"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// The kinds of names.
const (
	Official     = "official"
	InEnglish    = "english"
	Former       = "former"
	Alias        = "alias"
	Abbreviation = "abbreviation"
	Pinyin       = "pinyin"
)

// Where a name comes from, beside a register's own name (ROR).
const (
	byRegistration = "registration"
	byRule         = "rule"   // made from another name
	byPerson       = "person" // entered by the operator
)

// Name is one thing that an organisation is or was called.
type Name struct {
	ID        string `db:"id"`
	Org       string `db:"org"`
	Kind      string `db:"kind"`
	Name      string `db:"name"`
	Form      string `db:"form"` // as it is compared
	Source    string `db:"source"`
	ValidFrom string `db:"valid_from"` // civil day; empty: open
	ValidTo   string `db:"valid_to"`
}

// namesOf makes the names that follow from an organisation's record. short are the acronyms its register knows.
func namesOf(o identity.Organisation, short []string) []Name {
	source := o.Source
	if source == "" {
		source = byRegistration
	}
	var out []Name
	add := func(kind, name, from string) {
		form := names.Normalise(name)
		if form == "" || slices.ContainsFunc(out, func(n Name) bool { return n.Form == form }) {
			return
		}
		out = append(out, Name{ID: id.From("name", o.ID, kind, form), Org: o.ID, Kind: kind, Name: name, Form: form, Source: from})
	}
	plainZH, plainEN := plain(o.NameZH, o.Sample), plain(o.NameEN, o.Sample)
	add(Official, o.NameZH, source)
	add(InEnglish, o.NameEN, source)
	add(Official, plainZH, source)
	add(InEnglish, plainEN, source)
	add(Alias, names.Core(plainZH), byRule)
	for _, s := range short {
		add(Abbreviation, s, source)
	}
	for _, s := range names.Abbreviations(plainZH, plainEN) {
		add(Abbreviation, s, byRule)
	}
	whole, initials := names.Pinyin(plainZH)
	add(Pinyin, whole, byRule)
	if len(initials) >= 4 {
		add(Pinyin, initials, byRule)
	}
	return out
}

// plain is a name without the mark of samples.
func plain(name string, sample bool) string {
	if !sample {
		return name
	}
	name = strings.TrimPrefix(name, "示例·") //i18n:data the mark of invented names
	return strings.TrimPrefix(name, "Sample: ")
}

// learn brings the names of some organisations up to date. Names that people entered stay.
func (s *Service) learn(ctx context.Context, tx *db.Tx, orgs []string) error {
	known, err := s.Organisations.Organisations(ctx, tx, orgs)
	if err != nil {
		return err
	}
	had, err := listNames(ctx, tx, orgs)
	if err != nil {
		return err
	}
	words, err := listWords(ctx, tx, orgs)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		o, ok := known[org]
		var fresh []Name
		if ok && o.Status != identity.StatusRefused && o.Status != identity.StatusSuspended {
			var short []string
			if s.Acronyms != nil && o.ROR != "" {
				short = s.Acronyms(o.ROR)
			}
			fresh = namesOf(o, short)
		}
		old := had[org]
		kept := slices.DeleteFunc(slices.Clone(old), func(n Name) bool { return n.Source != byPerson })
		if ok && len(fresh) > 0 {
			fresh = append(slices.DeleteFunc(fresh, func(n Name) bool { // a person knows better than a rule
				return slices.ContainsFunc(kept, func(k Name) bool { return k.Kind == n.Kind && k.Form == n.Form })
			}), kept...)
		}
		if sameNames(old, fresh) && sameWords(words[org], wordsOf(fresh)) {
			continue
		}
		if err := replaceNames(ctx, tx, org, fresh); err != nil {
			return err
		}
		if err := outbox.Publish(ctx, tx, s.Clock.Now(), identity.Changed{Org: org}); err != nil { // it is found by its new names, too
			return err
		}
	}
	return nil
}

// LearnAll brings the names of all organisations up to date: what rules make of names changes with the program.
func (s *Service) LearnAll(ctx context.Context) error {
	for after := ""; ; {
		list, err := s.Organisations.Everyone(ctx, s.DB, after, together)
		if err != nil || len(list) == 0 {
			return err
		}
		ids := make([]string, len(list))
		for i, o := range list {
			ids[i] = o.ID
		}
		after = ids[len(ids)-1]
		if err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.learn(ctx, tx, ids) }); err != nil {
			return err
		}
	}
}

func sameNames(a, b []Name) bool {
	key := func(l []Name) []string {
		out := make([]string, len(l))
		for i, n := range l {
			out[i] = n.Kind + "\x00" + n.Form + "\x00" + n.Name + "\x00" + n.Source
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	return slices.Equal(key(a), key(b))
}

func sameWords(a, b []string) bool {
	return slices.Equal(slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b))))
}

// words are the words by which an organisation's names are looked up.
func wordsOf(list []Name) []string {
	var out []string
	for _, n := range list {
		switch n.Kind {
		case Official, InEnglish, Former, Alias:
			for _, w := range append(names.Keywords(n.Name), names.Ends(n.Name)...) {
				if !slices.Contains(out, w) {
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// Aliases are all names of some organisations, for the search index.
func (s *Service) Aliases(ctx context.Context, q db.Q, orgs []string) (map[string][]string, error) {
	had, err := listNames(ctx, q, orgs)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]string, len(had))
	for org, list := range had {
		slices.SortFunc(list, func(a, b Name) int { return strings.Compare(a.ID, b.ID) })
		for _, n := range list {
			out[org] = append(out[org], n.Name)
		}
	}
	return out, nil
}
