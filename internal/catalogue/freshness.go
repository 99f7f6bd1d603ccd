//i18n:data sources of terms, shown as they are

package catalogue

import (
	"qiao/internal/platform/clock"
	"qiao/internal/platform/region"
)

// How true a record is known to be.
const (
	Fresh        = "fresh" // its owner confirmed it within the term
	Due          = "due"   // the term ends soon
	Stale        = "stale" // the term is over
	NeverChecked = "never" // its owner never said so
)

// CheckTerm is how long a confirmation of a record holds in a region, from a day on.
type CheckTerm struct {
	Region string // six digits; "" everywhere else
	Since  string // civil day
	Days   int    // natural days a confirmation holds
	Warn   int    // so many days before its end the owner is reminded
	Again  int    // so many days after a reminder it is reminded again
	Review bool   // a record is published only after a second person has read it
	Source string // the rule, or that there is none
}

// CheckTerms are the terms that ship. No rule found says how often a record is to be confirmed; half a year is our choice,
// and a region may set its own: see SetTerm.
func CheckTerms() []CheckTerm {
	return []CheckTerm{{Since: "2000-01-01", Days: 180, Warn: 30, Again: 14, Source: "本平台选择（未见规定）"}}
}

// TermOf is what holds of terms for a region on a civil day: its own, else its city's, its province's, or the general one;
// of one region the latest that has begun.
func TermOf(terms []CheckTerm, code, day string) CheckTerm {
	var best CheckTerm
	rank := -1
	for _, t := range terms {
		if t.Since > day || t.Region != "" && !region.Within(code, t.Region) {
			continue
		}
		if n := len(region.Prefix(t.Region)); n > rank || n == rank && t.Since >= best.Since {
			best, rank = t, n
		}
	}
	return best
}

// seams are the civil days that part the states of freshness on a day: checked before stale it is stale, before due it is due.
func (c CheckTerm) seams(day string) (stale, due string, err error) {
	if stale, err = clock.AddDays(day, -c.Days); err != nil {
		return "", "", err
	}
	due, err = clock.AddDays(day, c.Warn-c.Days)
	return stale, due, err
}

// freshness tells how true a record is known to be on a civil day that was last confirmed on another.
func (c CheckTerm) freshness(checked, day string) string {
	if checked == "" {
		return NeverChecked
	}
	stale, due, err := c.seams(day)
	switch {
	case err != nil || checked < stale:
		return Stale
	case checked < due:
		return Due
	}
	return Fresh
}
