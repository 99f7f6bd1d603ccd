package stats

import (
	"slices"
	"strings"

	"qiao/internal/platform/region"
)

// Scope is what a number is counted over: a region and everything in it (empty: all of this node), up to a day.
type Scope struct {
	Region string
	Until  string // civil date, included
}

// reach is the first and the last code of a region; empty for everywhere.
func reach(code string) (low, high string) {
	prefix := region.Prefix(code)
	if prefix == "" {
		return "", ""
	}
	fill := 6 - len(prefix)
	return prefix + strings.Repeat("0", fill), prefix + strings.Repeat("9", fill)
}

// within tells whether a code lies in the scope.
func (s Scope) within(code string) bool { return s.Region == "" || region.Within(code, s.Region) }

// column is the column a sum adds up.
func (f Formula) column() string {
	switch f.Column {
	case "minutes":
		return "minutes"
	case "score":
		return "score"
	default:
		return "amount"
	}
}

// kinds are the kinds a count, a sum or a mean reads.
func (f Formula) kinds() []string {
	var out []string
	for _, k := range []Kind{f.Of, f.Less, f.Less2} {
		if k != "" {
			out = append(out, string(k))
		}
	}
	return slices.Compact(out)
}

// balance says that the number stands at a moment and is not a flow: its history adds up.
func (f Formula) balance() bool { return f.Form == FormSum && f.Less != "" }

// cityOf is the city above a county; a city or a province stays as it is.
func cityOf(code string) string {
	if city := region.CityOf(code); city != "" {
		return city
	}
	return code
}
