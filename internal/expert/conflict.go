package expert

import (
	"cmp"
	"fmt"
	"slices"
)

// Tie is what connects a person with an organisation over some days.
type Tie struct {
	Orgs     []string // the organisation and those it is part of, by id; empty where it is not on the platform
	Name     string   // of the organisation
	Relation string   // code of Relation
	From, To string   // civil days; To empty: still
	Basis    string   // how it is known: declared, record, membership, evidence
	Note     string
}

// How a tie is known.
const (
	BasisDeclared   = "declared"
	BasisRecord     = "record"     // owns the expert's record: their employer
	BasisMembership = "membership" // they act for it on the platform
	BasisEvidence   = "evidence"   // a joint result
)

// Conflict is a tie that counts on a day, with the rule that makes it count.
type Conflict struct {
	Tie
	Rule  Relation
	Until string // last day on which it counts; empty: as long as the tie lasts
}

// Conflicts are the ties of a person that rule them out for an organisation on a civil day. family is the organisation
// itself and what it is part of, by id; names are the names it is known by. A tie counts from its
// first day to the end of the rule's years after its last.
func Conflicts(rules Rules, ties []Tie, family, names []string, day string) ([]Conflict, error) {
	var out []Conflict
	for _, t := range ties {
		same := slices.Contains(names, t.Name)
		if len(t.Orgs) > 0 && len(family) > 0 { // the same, above or below: two parts of one whole are strangers
			same = same || slices.Contains(family, t.Orgs[0]) || slices.Contains(t.Orgs, family[0])
		}
		rule, known := rules.relation(t.Relation, day)
		if !same || !known || t.From > day {
			continue
		}
		until := ""
		if t.To != "" {
			var err error
			if until, err = yearsAfter(t.To, rule.Years); err != nil {
				return nil, fmt.Errorf("end of a tie with %s: %w", t.Name, err)
			}
			if until < day {
				continue
			}
		}
		out = append(out, Conflict{Tie: t, Rule: rule, Until: until})
	}
	slices.SortStableFunc(out, func(a, b Conflict) int { return cmp.Compare(a.Relation+a.Name, b.Relation+b.Name) })
	return out, nil
}
