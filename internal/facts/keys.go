package facts

import (
	_ "embed" // what facts there are
	"fmt"
	"regexp"
	"slices"

	"qiao/internal/platform/dated"
	"qiao/internal/platform/rule"
)

// The types of values beyond those of rules.
const (
	typeSecret  rule.Type = "secret"  // only a digest is kept
	typeHolders rule.Type = "holders" // shareholders
)

// For what time a value holds.
const (
	perAlways = ""     // until it is corrected
	perDay    = "day"  // as it was counted on a day
	perYear   = "year" // for a civil year
)

// Key says what a fact is.
type Key struct {
	Code     string    `json:"code"`
	Group    string    `json:"group"`
	Type     rule.Type `json:"type"` // of rules, or secret or holders
	Per      string    `json:"per,omitempty"`
	Whole    bool      `json:"whole,omitempty"` // a number without fractions
	Personal bool      `json:"personal,omitempty"`
	Pattern  string    `json:"pattern,omitempty"`
	Name     rule.Name `json:"name"`
	Unit     rule.Name `json:"unit,omitzero"`
	Hint     rule.Name `json:"hint,omitzero"`
	Define   rule.Name `json:"define"`

	pattern *regexp.Regexp
}

// Group is a part of the file that is edited at one time.
type Group struct {
	Code string    `json:"code"`
	Name rule.Name `json:"name"`
	Note rule.Name `json:"note"`
}

// Keys is one version of what facts there are.
type Keys struct {
	From   string  `json:"from"`
	Source string  `json:"source"`
	Groups []Group `json:"groups"`
	Facts  []Key   `json:"facts"`
}

// Since is the day from which the version holds and where it comes from.
func (k Keys) Since() (day, source string) { return k.From, k.Source }

//go:embed facts.json
var factsFile []byte

// Shipped reads the versions of the keys that come with the program.
func Shipped() ([]Keys, error) {
	list, err := dated.Read[Keys](factsFile)
	if err != nil {
		return nil, fmt.Errorf("read the keys of facts: %w", err)
	}
	for _, version := range list {
		if err := version.check(); err != nil {
			return nil, fmt.Errorf("keys of facts from %s: %w", version.From, err)
		}
	}
	return list, nil
}

func (k Keys) check() error {
	seen := map[string]bool{}
	for i, f := range k.Facts {
		known := slices.ContainsFunc(k.Groups, func(g Group) bool { return g.Code == f.Group })
		typed := f.Type.Valid() || f.Type == typeSecret || f.Type == typeHolders
		timed := slices.Contains([]string{perAlways, perDay, perYear}, f.Per)
		if f.Code == "" || seen[f.Code] || !known || !typed || !timed || f.Name.ZH == "" || f.Name.EN == "" || f.Define.ZH == "" {
			return fmt.Errorf("fact %q is incomplete or there twice", f.Code)
		}
		seen[f.Code] = true
		if f.Pattern != "" {
			p, err := regexp.Compile(f.Pattern)
			if err != nil {
				return fmt.Errorf("fact %s: %w", f.Code, err)
			}
			k.Facts[i].pattern = p
		}
	}
	return nil
}

// Key finds a key by its code.
func (k Keys) Key(code string) (Key, bool) {
	i := slices.IndexFunc(k.Facts, func(f Key) bool { return f.Code == code })
	if i < 0 {
		return Key{}, false
	}
	return k.Facts[i], true
}

// group finds a group by its code.
func (k Keys) group(code string) (Group, bool) {
	i := slices.IndexFunc(k.Groups, func(g Group) bool { return g.Code == code })
	if i < 0 {
		return Group{}, false
	}
	return k.Groups[i], true
}

// in are the keys of a group.
func (k Keys) in(group string) []Key {
	return slices.DeleteFunc(slices.Clone(k.Facts), func(f Key) bool { return f.Group != group })
}

// Facts of which nobody writes an entry: they follow from the register and its lists.
const (
	FactRegion  = "region"  // six digits of the home region
	FactRosters = "rosters" // codes of the lists it stands on
)

// The suffixes of yearly facts in conditions: sales is the last full year, sales_1 the one before, sales_2 the one before that.
func yearSuffixes() []string { return []string{"", "_1", "_2"} }

// vocabulary are the facts that conditions may name.
func (k Keys) vocabulary() (*rule.Vocabulary, error) {
	types := map[string]rule.Type{FactRegion: rule.Text, FactRosters: rule.List}
	for _, f := range k.Facts {
		switch {
		case f.Type == typeSecret:
			continue
		case f.Type == typeHolders:
			types[f.Code] = rule.List // names and codes of those who hold shares
		case f.Per == perYear:
			for _, s := range yearSuffixes() {
				types[f.Code+s] = f.Type
			}
		default:
			types[f.Code] = f.Type
		}
	}
	return rule.NewVocabulary(types)
}

// of finds the key behind the name of a fact in a condition, and how many years before the last full one it means.
func (k Keys) of(fact string) (key Key, back int, ok bool) {
	if key, ok = k.Key(fact); ok {
		return key, 0, true
	}
	for i, s := range yearSuffixes()[1:] {
		if n := len(fact) - len(s); n > 0 && fact[n:] == s {
			if key, ok = k.Key(fact[:n]); ok && key.Per == perYear {
				return key, i + 1, true
			}
		}
	}
	return Key{}, 0, false
}
